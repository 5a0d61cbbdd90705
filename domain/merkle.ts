import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';

/**
 * Merkle trees as in RFC 6962, 2.1: SHA-256, a prefix of 0 for leaves and of 1 for nodes, so that neither passes for the
 * other; an odd subtree is not doubled. All hashes are hex, 64 characters.
 */

/** SHA-256; by another hand where there is a faster one. */
export type Digest = (bytes: Uint8Array) => Uint8Array;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export function leafHash(leaf: Uint8Array, digest: Digest = sha256): string {
  return bytesToHex(digest(concatBytes(LEAF, leaf)));
}

/** Root over the leaves' hashes in their order; of nothing the hash of nothing. */
export function merkleRoot(leaves: readonly string[], digest: Digest = sha256): string {
  if (leaves.length === 0) return bytesToHex(digest(new Uint8Array()));
  let level: Uint8Array[] = leaves.map(hexToBytes);
  // Pairing from the left, with the odd one carried upwards, makes the RFC's tree.
  while (level.length > 1) level = parents(level, digest);
  return bytesToHex(level[0] as Uint8Array);
}

/** The hashes beside the way from a leaf to the root, from below. */
export function merklePath(leaves: readonly string[], index: number, digest: Digest = sha256): string[] {
  if (!(index >= 0 && index < leaves.length)) throw new RangeError(`there is no leaf ${index}`);
  const path: string[] = [];
  let level: Uint8Array[] = leaves.map(hexToBytes);
  for (let at = index; level.length > 1; at = Math.floor(at / 2)) {
    const beside = level[at % 2 === 0 ? at + 1 : at - 1];
    if (beside) path.push(bytesToHex(beside));
    level = parents(level, digest);
  }
  return path;
}

/** Whether the leaf stands at this index of a tree of `size` leaves with this root. Never throws. */
export function isOnPath(
  leaf: string,
  place: { readonly index: number; readonly size: number },
  path: readonly string[],
  root: string,
): boolean {
  const { index, size } = place;
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  const left = [...path];
  let hash = leaf;
  try {
    for (let at = index, width = size; width > 1; at = Math.floor(at / 2), width = Math.ceil(width / 2)) {
      const alone = at % 2 === 0 && at === width - 1;
      if (alone) continue;
      const beside = left.shift();
      if (beside === undefined) return false;
      hash = at % 2 === 0 ? node(hash, beside) : node(beside, hash);
    }
  } catch {
    return false;
  }
  return left.length === 0 && hash === root;
}

function node(one: string, other: string): string {
  return bytesToHex(sha256(concatBytes(NODE, hexToBytes(one), hexToBytes(other))));
}

function parents(level: readonly Uint8Array[], digest: Digest): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const [one, other] = [level[at] as Uint8Array, level[at + 1]];
    above.push(other ? digest(concatBytes(NODE, one, other)) : one);
  }
  return above;
}
