import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Store } from '../../store/connect';
import type { HeadRow } from '../../store/heads';
import { hashesAskedFor } from '../record/history';

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
    for (let runId: string | undefined; ;) {
      const history = await client.workflow.getHandle(_id, runId).fetchHistory();
      const asked = await hashesAskedFor(client, history);
      const there = asked.get(seq);
      if (there !== undefined) return there === hash ? undefined : 'another';
      if (Math.max(0, ...asked.keys()) > seq && Math.min(...asked.keys()) < seq) return 'another';
      // It went on as new: what was asked for before stands in the run before.
      const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
      runId = started?.continuedExecutionRunId || undefined;
      if (runId === undefined) return 'ahead';
    }
  } catch (error) {
    const gone = error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && error.code === 5);
    if (gone) return 'unknown';
    throw error;
  }
}
