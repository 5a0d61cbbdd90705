import type { Client } from '@temporalio/client';
import type { Store } from '../../store/connect';
import type { HeadRow } from '../../store/heads';
import { hashesAskedFor, isUnknown, lifeOf } from '../record/history';

/** What of a store does not fit the engine beside it. */
export interface Misfit {
  readonly workflowId: string;
  readonly seq: number;
  readonly why: 'ahead' | 'another' | 'unknown';
}

export const WHY: Readonly<Record<Misfit['why'], string>> = {
  ahead: 'the store holds events that the engine never asked for: it is of a later moment',
  another: 'the store holds another event there than the engine asked for',
  unknown: 'the store shows it as open, and the engine does not know it',
};

const AT_ONCE = 8;

/**
 * Holds the heads of all workflows that are open, in the store or in the engine, against the engine's histories. Reads
 * only, and needs no worker: what a workflow has ever asked to be written stands in its history.
 */
export async function misfits(store: Store, client: Client): Promise<{ compared: number; found: Misfit[] }> {
  const ids = new Set<string>();
  for await (const { _id, open } of store.heads.each()) if (open) ids.add(_id);
  for await (const { workflowId } of client.workflow.list({ query: `ExecutionStatus = 'Running'` })) {
    ids.add(workflowId);
  }
  const found: Misfit[] = [];
  const left = ids.values();
  const work = async (): Promise<void> => {
    for (const id of left) {
      const head = await store.heads.find(id);
      const why = head && (await whyNot(client, head));
      if (head && why) found.push({ workflowId: id, seq: head.seq, why });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { compared: ids.size, found: found.sort((a, b) => (a.workflowId < b.workflowId ? -1 : 1)) };
}

async function whyNot(client: Client, { _id, seq, hash }: HeadRow): Promise<Misfit['why'] | undefined> {
  try {
    const { history, from } = await lifeOf(client, _id);
    const asked = await hashesAskedFor(client, history);
    // Nothing was asked for since the oldest run began whose history is still there.
    if (from) asked.set(from.seq, from.hash);
    const there = asked.get(seq);
    if (there !== undefined) return there === hash ? undefined : 'another';
    // Nobody can tell any more; the workflow will, and stops for repair.
    if (from && seq < from.seq) return undefined;
    return Math.max(0, ...asked.keys()) > seq ? 'another' : 'ahead';
  } catch (error) {
    if (isUnknown(error)) return 'unknown';
    throw error;
  }
}
