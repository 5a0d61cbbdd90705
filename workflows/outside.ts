import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../domain/world';

/**
 * Retries go on for ever, at most 5 s apart: the store may be away for minutes, and by default the pause between
 * two attempts would grow to 100 s.
 */
export const outside = proxyActivities<Activities>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '5s' },
});
