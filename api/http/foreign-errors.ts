import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { Problem } from '../../domain/problems';
import { BadCursor } from '../../store/cursor';
import { InvalidRequest } from './invalid';

/** Errors of the engine's client, of MongoDB's driver and of Express, as problems of our own table. */

/** gRPC's numbers for: nobody answered, or not in time; what was asked may or may not have been done. */
const grpc = {
  cancelled: 1,
  deadlineExceeded: 4,
  resourceExhausted: 8,
  // The workflow's task was tried in vain, as after a series of crashes; it is tried again.
  failedPrecondition: 9,
  aborted: 10,
  unavailable: 14,
} as const;
const ENGINE_AWAY: ReadonlySet<number> = new Set(Object.values(grpc));

const STORE_AWAY: ReadonlySet<string> = new Set([
  'MongoServerSelectionError',
  'MongooseServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoNotConnectedError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoTopologyClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  'MongoWriteConcernError',
  'DisconnectedError',
]);

/** The system's words for a connection that is gone: MongoDB's driver passes them on as they are when it is writing. */
const BROKEN_CONNECTION: ReadonlySet<string> = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
]);

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isAway(error)) return new Problem('engine-unavailable');
  if (error instanceof WorkflowNotFoundError) return new Problem('not-found');
  if (error instanceof URIError) {
    return new InvalidRequest([], { zh: '网址编码有误', en: 'The URL is not encoded correctly' });
  }
  if (error instanceof BadCursor) {
    return new InvalidRequest([
      { path: 'cursor', message: { zh: '不是本列表给出的游标', en: error.message } },
    ]);
  }
  return new Problem('internal-error');
}

/** Whether engine or store did not answer. */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'WorkflowUpdateRPCTimeoutOrCancelledError') return true;
  if (STORE_AWAY.has(error.name)) return true;
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (isGrpcServiceError(cause) && ENGINE_AWAY.has(cause.code)) return true;
    if (STORE_AWAY.has(cause.name)) return true;
    if (BROKEN_CONNECTION.has((cause as NodeJS.ErrnoException).code ?? '')) return true;
  }
  return false;
}
