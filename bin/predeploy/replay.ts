import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { DefaultLogger, Worker, type ReplayResult } from '@temporalio/worker';

export interface Replayed {
  /** Open workflows that were replayed. */
  readonly replayed: number;
  /** Those that the code would lead another way than it did: they would stand still for ever. */
  readonly broken: readonly { readonly workflowId: string; readonly reason: string }[];
}

type Replay = Parameters<typeof Worker.runReplayHistories>[1];

/** Replays histories with bundled workflow code. Reads only: no worker is registered, nothing is answered. */
export async function replay(
  codePath: string,
  dataConverter: DataConverter,
  histories: Replay,
): Promise<Replayed> {
  const results = Worker.runReplayHistories(
    { workflowBundle: { codePath }, dataConverter, replayName: 'predeploy' },
    histories,
  );
  const broken: { workflowId: string; reason: string }[] = [];
  let replayed = 0;
  for await (const { workflowId, error } of results as AsyncIterable<ReplayResult>) {
    replayed += 1;
    if (error) broken.push({ workflowId, reason: firstLine(error) });
  }
  return { replayed, broken: broken.sort((a, b) => (a.workflowId < b.workflowId ? -1 : 1)) };
}

/** Every workflow that runs now, with its history up to now; one at a time in memory. */
export async function* openHistories(
  client: Client,
): AsyncIterable<{ workflowId: string; history: unknown }> {
  const running = client.workflow.list({ query: `ExecutionStatus = 'Running'` });
  for await (const { workflowId, runId } of running) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const history = await handle.fetchHistory().catch(() => undefined);
    // It ended this moment, and its history with it.
    if (history) yield { workflowId, history };
  }
}

export const QUIET = new DefaultLogger('ERROR', () => undefined);

function firstLine({ message, cause }: Error): string {
  const why = cause instanceof Error ? `${message} ${cause.message}` : message;
  return (why.split('\n')[0] ?? '').slice(0, 400);
}
