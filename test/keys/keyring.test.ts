import { Keyring, newSymmetricKey, type SymmetricKey } from '../../keys/keyring';

const ring = (...keys: SymmetricKey[]) => new Keyring('test', keys);

test('what is sealed opens again, says nothing, and never looks the same twice', () => {
  const keys = ring(newSymmetricKey('personal'));
  const sealed = keys.seal('样例：13800000000', 'objections/1/contact');
  expect(sealed).toMatch(/^sealed:personal-[0-9a-f]{8}:/);
  expect(sealed).not.toContain('13800000000');
  expect(Buffer.from(sealed.split(':')[2] ?? '', 'base64url').toString('utf8')).not.toContain('138');
  expect(keys.seal('样例：13800000000', 'objections/1/contact')).not.toBe(sealed);
  expect(keys.open(sealed, 'objections/1/contact')).toBe('样例：13800000000');
  expect(keys.open(keys.seal('', 'a'), 'a')).toBe('');
});

test('sealed text that was moved to another field, or into another keyring, does not open', () => {
  const key = newSymmetricKey('personal');
  const sealed = ring(key).seal('样例', 'objections/1/name');
  expect(ring(key).open(sealed, 'objections/2/name')).toBeUndefined();
  expect(ring(key).open(sealed, 'objections/1/contact')).toBeUndefined();
  expect(new Keyring('other', [key]).open(sealed, 'objections/1/name')).toBeUndefined();
});

test('altered, cut and foreign text opens to nothing, and throws nothing', () => {
  const keys = ring(newSymmetricKey('personal'));
  const sealed = keys.seal('样例', 'a');
  const [, id = '', text = ''] = sealed.split(':');
  const bytes = Buffer.from(text, 'base64url');
  for (let at = 0; at < bytes.length; at += 1) {
    const altered = Buffer.from(bytes);
    altered[at] = (altered[at] ?? 0) ^ 1;
    expect(keys.open(`sealed:${id}:${altered.toString('base64url')}`, 'a')).toBeUndefined();
    expect(keys.open(`sealed:${id}:${bytes.subarray(0, at).toString('base64url')}`, 'a')).toBeUndefined();
  }
  for (const foreign of [
    '',
    '样例',
    'sealed:',
    'sealed:x:y:z',
    `sealed:unknown-1:${text}`,
    `sealed:${id}:!!`,
  ])
    expect(keys.open(foreign, 'a')).toBeUndefined();
});

test('rotation: the first key seals, every key opens, and what an older one sealed is known for it', () => {
  const [old, fresh] = [newSymmetricKey('personal'), newSymmetricKey('personal')];
  const before = ring(old).seal('样例', 'a');
  const rotated = ring(fresh, old);
  expect(rotated.open(before, 'a')).toBe('样例');
  expect(rotated.isCurrent(before)).toBe(false);
  const after = rotated.seal('样例', 'a');
  expect(rotated.isCurrent(after)).toBe(true);
  expect(ring(old).open(after, 'a')).toBeUndefined();
});

test('a process that meets a key made since its start reads the keys again, and not at every stranger', () => {
  const [old, fresh] = [newSymmetricKey('payload'), newSymmetricKey('payload')];
  let asked = 0;
  const keys = new Keyring('test', [old], () => {
    asked += 1;
    return [fresh, old];
  });
  const { bytes } = ring(fresh).encrypt(Buffer.from('样例'), 'a');
  expect(keys.decrypt({ keyId: fresh.id, bytes }, 'a')?.toString()).toBe('样例');
  expect(keys.ids).toEqual([fresh.id, old.id]);
  for (let i = 0; i < 10; i += 1) expect(keys.decrypt({ keyId: 'stranger', bytes }, 'a')).toBeUndefined();
  expect(asked).toBe(1);
});

test('a keyring whose file cannot be read again goes on with the keys that it has', () => {
  const old = newSymmetricKey('payload');
  const keys = new Keyring('test', [old], () => {
    throw new Error('the file is gone');
  });
  expect(keys.open('sealed:stranger:AAAA', 'a')).toBeUndefined();
  expect(keys.open(keys.seal('样例', 'a'), 'a')).toBe('样例');
});

test('a keyring without a key, or with a short one, is none', () => {
  expect(() => ring()).toThrow(TypeError);
  expect(() => ring({ id: 'short', key: Buffer.alloc(16) })).toThrow(/short is not of 32 bytes/);
});
