import { dataConverterOf } from '../../keys/data-converter';
import { issueIdentity, newRoot } from '../../keys/identity';
import { Keyring, newSymmetricKey } from '../../keys/keyring';

const from = Date.now();

/**
 * A root and the two signing keys that it vouches for. A test's clock runs far ahead: whoever awaits a workflow's result
 * may skip ten years, the time after which the engine gives up on a workflow.
 */
const FIVE_THOUSAND_YEARS = 1_800_000;
export const testRoot = newRoot();
export const testKeys = {
  roots: [testRoot.root],
  api: issueIdentity(testRoot, 'api', from, FIVE_THOUSAND_YEARS),
  worker: issueIdentity(testRoot, 'worker', from, FIVE_THOUSAND_YEARS),
} as const;

/** What encrypts the histories and the residents' data of a test. */
export const testPayloadKey = newSymmetricKey('payload');
export const testPayloadKeys = new Keyring('payload', [testPayloadKey]);
export const testPersonalKey = newSymmetricKey('personal');
export const testPersonalKeys = new Keyring('personal', [testPersonalKey]);
export const testDataConverter = dataConverterOf(testPayloadKeys);
