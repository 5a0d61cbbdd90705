import fc from 'fast-check';
import { sha256 } from '@noble/hashes/sha2.js';
import { hashOf } from '../../domain/events';
import { digestNative, hashNative } from '../../keys/digest';

test('P5.1.2: whoever verifies with Node’s hash sees the hash with which the record was made', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => hashNative(value) === hashOf(value)));
  expect(hashNative(undefined)).toBe(hashOf(undefined));
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) =>
      Buffer.from(sha256(bytes)).equals(Buffer.from(digestNative(bytes))),
    ),
  );
});
