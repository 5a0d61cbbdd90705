import type { Worker } from '@temporalio/worker';
import { sleep } from '../running/waiting';

/** Nothing may begin for so long, ms: an answer of the engine to the worker's last word takes less. */
const QUIET_MS = 40;
const LOOK_EVERY_MS = 4;

/**
 * Waits until the worker has had nothing to do for a moment: every timer that fired has been followed to where people
 * are awaited, and what happened stands in the record.
 *
 * @throws Error when it is not quiet within `withinMs`: something runs in circles
 */
export async function untilQuiet(worker: Pick<Worker, 'getStatus'>, withinMs = 120_000): Promise<void> {
  const end = Date.now() + withinMs;
  let quietLooks = 0;
  while (quietLooks < QUIET_MS / LOOK_EVERY_MS) {
    if (Date.now() > end) {
      throw new Error(
        `The worker was not quiet within ${withinMs / 1000} s: ${JSON.stringify(worker.getStatus())}`,
      );
    }
    await sleep(LOOK_EVERY_MS);
    const { numInFlightActivities, numInFlightWorkflowActivations } = worker.getStatus();
    // Counted in looks, not in time: when this process itself is short of the processor, so is the worker in it.
    quietLooks = numInFlightActivities + numInFlightWorkflowActivations === 0 ? quietLooks + 1 : 0;
  }
}
