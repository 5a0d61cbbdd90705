import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadKeys, prepareKeys, readKeyring, refuseMissing, rotateKeyring } from '../../keys/folder';
import { Keyring, newSymmetricKey } from '../../keys/keyring';
import type { Store } from '../../store/connect';
import { resealPersonal } from '../../store/personal-data';
import { withStore } from '../support/store';

const folder = mkdtempSync(join(tmpdir(), 'jiugai-keys-'));
const NOW = new Date('2027-03-01T04:00:00Z');
let store: Store;

withStore((opened) => (store = opened));

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
});

test('the keys of secrets are made once, for their owner only, and rotation keeps the old ones', () => {
  prepareKeys(folder, NOW.getTime());
  const before = readKeyring(folder, 'payload');
  for (const name of ['payload.json', 'personal.json'])
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  const sealed = before.seal('样例', 'a');
  prepareKeys(folder, NOW.getTime());
  expect(readKeyring(folder, 'payload').ids).toEqual(before.ids);
  const fresh = rotateKeyring(folder, 'payload');
  const after = readKeyring(folder, 'payload');
  expect(after.ids).toEqual([fresh, ...before.ids]);
  expect(after.open(sealed, 'a')).toBe('样例');
  // What has been running since before the rotation reads what the new key has sealed.
  expect(before.open(after.seal('样例', 'b'), 'b')).toBe('样例');
  expect(readFileSync(join(folder, 'payload.json'), 'utf8')).not.toEqual(
    readFileSync(join(folder, 'personal.json'), 'utf8'),
  );
});

test('nobody works without a key that has encrypted what is kept', async () => {
  const [old, fresh] = [newSymmetricKey('payload'), newSymmetricKey('payload')];
  expect(await store.secretKeys.use('payload', [old.id], NOW)).toEqual([]);
  expect(await store.secretKeys.use('payload', [fresh.id, old.id], NOW)).toEqual([]);
  expect(await store.secretKeys.use('payload', [fresh.id], NOW)).toEqual([old.id]);
  expect(await store.secretKeys.use('personal', ['personal-1'], NOW)).toEqual([]);
  const start = () => refuseMissing(folder, 'payload', [old.id]);
  expect(start).toThrow(BadKeys);
  expect(start).toThrow(`payload.json lacks the key ${old.id}`);
  expect(() => refuseMissing(folder, 'payload', [])).not.toThrow();
});

test('when all is sealed anew, the old key of personal data may go; as long as anything is not, it may not', async () => {
  const [old, fresh] = [newSymmetricKey('personal'), newSymmetricKey('personal')];
  const [before, both, after] = [[old], [fresh, old], [fresh]].map(
    (keys) => new Keyring('personal', keys),
  ) as [Keyring, Keyring, Keyring];
  await store.secretKeys.model.deleteMany({ secret: 'personal' });
  await store.secretKeys.use('personal', before.ids, NOW);
  await store.secondFactors.offer('u-1', before.seal('SECRET', 'second-factors/u-1/secret'));
  await store.secondFactors.offer('u-2', before.seal('SECRET', 'somewhere else'));
  await store.secretKeys.use('personal', both.ids, NOW);
  expect(await resealPersonal(store, both)).toEqual({ resealed: 1, unreadable: 1 });
  expect(await store.secretKeys.use('personal', after.ids, NOW)).toEqual([old.id]);
  await store.secondFactors.remove('u-2');
  expect(await resealPersonal(store, both)).toEqual({ resealed: 0, unreadable: 0 });
  expect(await store.secretKeys.use('personal', after.ids, NOW)).toEqual([]);
  const kept = (await store.secondFactors.find('u-1'))?.pending ?? '';
  expect(after.open(kept, 'second-factors/u-1/secret')).toBe('SECRET');
});
