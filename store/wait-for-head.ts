import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from './connect';

const FIRST_PAUSE_MS = 3;
const LONGEST_PAUSE_MS = 50;

/**
 * Waits until an event of a workflow is durable in the store, so that whoever reads after it sees it.
 *
 * @returns whether it is; `false` if the time ran out, which says nothing about the decision: it stands in the engine
 * @throws errors of MongoDB, when the store is away
 */
export async function waitForHead(
  store: Store,
  workflowId: string,
  seq: number,
  timeoutMs: number,
): Promise<boolean> {
  const until = Date.now() + timeoutMs;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(LONGEST_PAUSE_MS, wait * 1.3)) {
    // Read from the majority: what has only just been committed here could still be rolled back by a fail-over.
    const head = await store.heads.model.collection.findOne(
      { _id: workflowId as never, seq: { $gte: seq } },
      { projection: { _id: 1 } },
    );
    if (head) return true;
    const left = until - Date.now();
    if (left <= 0) return false;
    await pause(Math.min(wait, left));
  }
}
