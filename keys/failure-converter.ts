import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Messages and stack traces of failures travel as payloads too, and so encrypted. Loaded by path, by workers and clients
 * and into the workflows' bundle: it must import nothing that is not allowed there.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
