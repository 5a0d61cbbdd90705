import fc from 'fast-check';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { isOnPath, leafHash, merklePath, merkleRoot } from '../../domain/merkle';

const leaves = fc
  .array(fc.string(), { minLength: 1, maxLength: 40 })
  .map((texts) => texts.map((text) => leafHash(utf8ToBytes(text))));
const leavesAndIndex = leaves.chain((all) => fc.tuple(fc.constant(all), fc.nat(all.length - 1)));

/** The definition in RFC 6962, 2.1, word by word: split at the largest power of two. */
function byTheRfc(of: readonly string[]): string {
  if (of.length === 1) return of[0] as string;
  let split = 1;
  while (split * 2 < of.length) split *= 2;
  return merkleRoot([byTheRfc(of.slice(0, split)), byTheRfc(of.slice(split))]);
}

test('P5.1.2: roots are those of RFC 6962', () => {
  // Published test vectors of Certificate Transparency.
  expect(merkleRoot([])).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(merkleRoot([leafHash(new Uint8Array())])).toBe(
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  );
  const two = [leafHash(new Uint8Array()), leafHash(Uint8Array.of(0))];
  expect(merkleRoot(two)).toBe('fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125');
  fc.assert(fc.property(leaves, (all) => merkleRoot(all) === byTheRfc(all)));
});

test('P5.1.2: every leaf has its path to the root', () => {
  fc.assert(
    fc.property(leavesAndIndex, ([all, index]) =>
      isOnPath(all[index] as string, { index, size: all.length }, merklePath(all, index), merkleRoot(all)),
    ),
  );
});

test('P5.1.2: another leaf, another place, another size, another path or another root has none', () => {
  fc.assert(
    fc.property(leavesAndIndex, fc.integer({ min: 0, max: 4 }), ([all, index], what) => {
      const path = merklePath(all, index);
      const root = merkleRoot(all);
      const leaf = all[index] as string;
      const other = leafHash(utf8ToBytes('another leaf altogether'));
      const place = { index, size: all.length };
      if (what === 0) return !isOnPath(other, place, path, root);
      if (what === 1) return !isOnPath(leaf, { ...place, index: all.length }, path, root);
      if (what === 2) return !isOnPath(leaf, place, [...path, other], root);
      if (what === 3) return path.length === 0 || !isOnPath(leaf, place, path.slice(1), root);
      return !isOnPath(leaf, place, path, other);
    }),
  );
});

test('P5.1.2: a node does not pass for a leaf', () => {
  const [one, two] = [leafHash(Uint8Array.of(1)), leafHash(Uint8Array.of(2))];
  const asLeaf = leafHash(Uint8Array.from(Buffer.from(one + two, 'hex')));
  expect(asLeaf).not.toBe(merkleRoot([one, two]));
});

test('what is no hash is on no path, and throws nothing', () => {
  expect(isOnPath('zz', { index: 0, size: 2 }, ['yy'], 'xx')).toBe(false);
  expect(isOnPath('', { index: 0.5, size: 2 }, [], '')).toBe(false);
});
