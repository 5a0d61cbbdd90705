import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { Workplace } from './workplace';

/**
 * Works until an instant that nothing moves (30 September, the end of the review), then stops the work: what waits in
 * it rejects, its tasks are the caller's to close.
 * @returns whether the work came to its own end before
 */
export async function workUntil(
  place: Workplace,
  instant: number,
  what: string,
  work: () => Promise<void>,
): Promise<boolean> {
  const scope = new CancellationScope();
  let closed = false;
  const close = place.until(instant, what).then(() => {
    closed = true;
    scope.cancel();
  });
  close.catch(() => undefined);
  try {
    await scope.run(work);
    return true;
  } catch (error) {
    if (!closed || !isCancellation(error)) throw error;
    return false;
  }
}
