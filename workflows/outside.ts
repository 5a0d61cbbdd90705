import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../domain/world';

/**
 * Retries go on for ever, at most 5 s apart: the store may be away for minutes, and by default the pause between
 * two attempts would grow to 100 s.
 */
const retry = { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '5s' } as const;

export const outside = proxyActivities<Activities>({ startToCloseTimeout: '20s', retry });

/**
 * Whoever decided waits for the record. If a worker dies while writing, the engine finds out only when the time is
 * up; a second attempt beside a first one that is merely slow does no harm.
 */
export const recorder = proxyActivities<Pick<Activities, 'record'>>({ startToCloseTimeout: '6s', retry });

/** Signing writes nothing and is done in a moment, so it may run ahead of the engine: one event each. */
export const signer = proxyLocalActivities<Pick<Activities, 'sign'>>({ startToCloseTimeout: '5s', retry });
