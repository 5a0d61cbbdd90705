import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { Keyring, newSymmetricKey, type SymmetricKey } from '../../keys/keyring';
import { EncryptingCodec, ENCRYPTED, isReadable, isUndecodable, KEY_ID } from '../../keys/payload-codec';

const codecOf = (...keys: SymmetricKey[]) => new EncryptingCodec(new Keyring('payload', keys));
const key = newSymmetricKey('payload');
const codec = codecOf(key);
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const valueOf = (payload: Payload | undefined): unknown =>
  defaultPayloadConverter.fromPayload(payload as Payload);
const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('utf8');

async function decoded(payload: Payload): Promise<Payload> {
  const [one] = await codec.decode([payload]);
  return one as Payload;
}

test('every value comes back as it was sent, and its bytes say nothing', async () => {
  const values = [
    { form: { place: '样例：小区南门' } },
    '',
    [],
    null,
    undefined,
    0,
    new Uint8Array([1, 2, 3]),
  ];
  for (const value of values) {
    const [sent] = await codec.encode([payloadOf(value)]);
    expect(text(sent?.metadata?.['encoding'])).toBe(ENCRYPTED);
    expect(text(sent?.metadata?.[KEY_ID])).toBe(key.id);
    expect(text(sent?.data)).not.toMatch(/小区|json|plain/);
    expect(valueOf(await decoded(sent as Payload))).toEqual(value);
  }
});

test('no garbage makes it throw: it becomes a marked payload, which the SDK can read', async () => {
  const [good] = await codec.encode([payloadOf('样例')]);
  const [stranger] = await codecOf(newSymmetricKey('payload')).encode([payloadOf('样例')]);
  const data = good?.data as Uint8Array;
  const encrypted = (change: Partial<Payload>): Payload => ({ ...good, ...change });
  const plain = (encoding: string, bytes: string | null): Payload => ({
    metadata: { encoding: Buffer.from(encoding) },
    ...(bytes === null ? {} : { data: Buffer.from(bytes) }),
  });
  const garbage: Payload[] = [
    {},
    { metadata: {} },
    { data: Buffer.from('x') },
    encrypted({ data: data.subarray(0, 5) }),
    encrypted({ data: Buffer.concat([data.subarray(0, -1), Buffer.from([0, 0])]) }),
    encrypted({ data: null }),
    encrypted({ metadata: { encoding: Buffer.from(ENCRYPTED) } }),
    encrypted({ metadata: { encoding: Buffer.from(ENCRYPTED), [KEY_ID]: Buffer.from('__proto__') } }),
    stranger as Payload,
    plain('json/plain', '{'),
    plain('json/plain', ''),
    plain('json/plain', null),
    plain('binary/protobuf', 'x'),
    plain('nonsense', '{}'),
    plain('binary/plain', null),
  ];
  for (const payload of garbage) {
    const found = await decoded(payload);
    expect(isUndecodable(found)).toBe(true);
    expect(valueOf(found)).toEqual({ jiugai: 'undecodable' });
  }
});

test('payloads from before there was encryption are read as they are', async () => {
  for (const value of [{ a: 1 }, null, undefined, new Uint8Array([7])]) {
    const payload = payloadOf(value);
    expect(isReadable(payload)).toBe(true);
    expect(await decoded(payload)).toBe(payload);
  }
});

test('after a rotation the new key encrypts, and what the old one encrypted is still read', async () => {
  const fresh = newSymmetricKey('payload');
  const rotated = codecOf(fresh, key);
  const [before] = await codec.encode([payloadOf('样例')]);
  const [after] = await rotated.encode([payloadOf('样例')]);
  expect(text(after?.metadata?.[KEY_ID])).toBe(fresh.id);
  const read = await rotated.decode([before as Payload, after as Payload]);
  expect(read.map(valueOf)).toEqual(['样例', '样例']);
});
