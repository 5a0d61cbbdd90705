import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Store } from '../../store/connect';
import { briefingChangedSignal } from '../../workflows/messages';
import { inTime } from './deadline';

/** Workflows told at a time. */
const BATCH = 100;

/**
 * Tells every workflow that still has something to do that calendar or organisations changed: it reads them again and
 * computes seats and due dates anew. Doing it again does no harm, so whoever fails half-way starts over.
 * @returns how many were told
 */
export async function tellBriefingChanged(client: Client, store: Store): Promise<number> {
  let told = 0;
  let after = '';
  for (;;) {
    const heads = await store.heads.openAfter(after, BATCH);
    await inTime(client, () => Promise.all(heads.map(({ _id }) => tell(client, _id))), 20_000);
    told += heads.length;
    const last = heads.at(-1);
    if (!last || heads.length < BATCH) return told;
    after = last._id;
  }
}

async function tell(client: Client, workflowId: string): Promise<void> {
  try {
    await client.workflow.getHandle(workflowId).signal(briefingChangedSignal);
  } catch (error) {
    // Ended since: nothing there waits for a date any longer.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
