import {
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  type ConnectionOptions,
} from '@temporalio/client';

/** The library multiplies by 1.7 before it waits for the first time: 51 ms, 87, 147, and 5 s at most. */
const FIRST_MS = 30;

/**
 * How the API asks the engine again that had no room just then: ten Updates of one workflow are under way, or it is going on in a
 * further run. The library alone would wait 1.7 s, which somebody in front of a page feels, and 4.6 s the second time, which is
 * longer than a decision may take.
 */
export const soonAgain: Pick<ConnectionOptions, 'interceptors'> = {
  interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ initialIntervalMs: () => FIRST_MS }))],
};
