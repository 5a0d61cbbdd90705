import { dataConverterOf } from '../../keys/data-converter';
import { issueIdentity, newRoot } from '../../keys/identity';
import { Keyring, newSymmetricKey } from '../../keys/keyring';

const from = Date.now();

/** A root and the two signing keys that it vouches for, for a hundred years: a test's clock may run far ahead. */
export const testRoot = newRoot();
export const testKeys = {
  roots: [testRoot.root],
  api: issueIdentity(testRoot, 'api', from, 36_500),
  worker: issueIdentity(testRoot, 'worker', from, 36_500),
} as const;

/** What encrypts the histories and the residents' data of a test. */
export const testPayloadKey = newSymmetricKey('payload');
export const testPayloadKeys = new Keyring('payload', [testPayloadKey]);
export const testPersonalKey = newSymmetricKey('personal');
export const testPersonalKeys = new Keyring('personal', [testPersonalKey]);
export const testDataConverter = dataConverterOf(testPayloadKeys);
