import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Identity } from '../../keys/identity';
import { letterTo } from '../../keys/letters';
import { briefingChangedSignal } from '../../workflows/messages';
import type { ApiDeps } from '../deps';
import { inTime } from './deadline';

type Teller = Pick<ApiDeps, 'client' | 'store' | 'signer' | 'now'>;

/** Workflows told at a time. */
const BATCH = 100;

/**
 * Tells every workflow that still has something to do that calendar, organisations or trust changed: it reads them again
 * and computes seats and due dates anew. Doing it again does no harm, so whoever fails half-way starts over.
 * @returns how many were told
 */
export async function tellBriefingChanged({ client, store, signer, now }: Teller): Promise<number> {
  let told = 0;
  let after = '';
  for (;;) {
    const heads = await store.heads.openAfter(after, BATCH);
    await inTime(
      client,
      () => Promise.all(heads.map(({ _id }) => tell(client, _id, { identity: signer, now: now() }))),
      20_000,
    );
    told += heads.length;
    const last = heads.at(-1);
    if (!last || heads.length < BATCH) return told;
    after = last._id;
  }
}

async function tell(
  client: Client,
  workflowId: string,
  from: { readonly identity: Identity; readonly now: number },
): Promise<void> {
  try {
    const letter = letterTo(workflowId, briefingChangedSignal, null, from);
    await client.workflow.getHandle(workflowId).signal(briefingChangedSignal, letter);
  } catch (error) {
    // Ended since: nothing there waits for a date any longer.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
