import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import type { Keyring } from './keyring';
import { EncryptingCodec } from './payload-codec';

/** For the bundling of workflows: the bundle's converter must be the worker's. */
export const FAILURE_CONVERTER = join(__dirname, 'failure-converter.ts');

/**
 * How every client and worker of ours speaks to the engine: nothing of what we send stands in a history in the clear.
 *
 * ```ts
 * const client = new Client({ connection, namespace, dataConverter: dataConverterOf(readKeyring(folder, 'payload')) });
 * ```
 */
export function dataConverterOf(payloadKeys: Keyring): DataConverter {
  return { failureConverterPath: FAILURE_CONVERTER, payloadCodecs: [new EncryptingCodec(payloadKeys)] };
}
