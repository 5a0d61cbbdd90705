import { CancellationScope } from '@temporalio/workflow';
import type { CivilDate } from '../domain/calendar';
import type { PeriodRule } from '../domain/due';
import type { Workplace } from './workplace';

/**
 * Waits for the work, but no longer than the period: who does not answer in time does not block. Answers whether it
 * was done in time. The work itself goes on; only the waiting ends.
 */
export async function inTime(
  work: Promise<unknown>,
  place: Workplace,
  rule: PeriodRule,
  from: CivilDate,
  what: string,
): Promise<boolean> {
  const clock = new CancellationScope();
  const over = clock.run(() => place.periodOver(rule, from, what)).then(() => false);
  over.catch(() => undefined);
  try {
    return await Promise.race([work.then(() => true), over]);
  } finally {
    clock.cancel();
  }
}
