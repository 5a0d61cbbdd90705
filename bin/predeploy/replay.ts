import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow';
import type { temporal } from '@temporalio/proto';
import { DefaultLogger, Worker, type InjectedSinks, type ReplayResult } from '@temporalio/worker';
import type { RecordBatch } from '../../domain/node';
import { bundleWorkflows, type BundleOptions } from '../../worker/bundle';
import { batchesTold } from '../record/history';
import type { Listening } from './listener';

/** A life as the engine keeps it. */
export interface Life {
  readonly workflowId: string;
  readonly history: temporal.api.history.v1.IHistory;
}

export interface Replayed {
  /** Workflows that were replayed. */
  readonly replayed: number;
  /**
   * Those that the code would lead another way than they went, and stand still for ever; and those that would tell
   * their past otherwise than it stands in the record, and stop for repair at their next word.
   */
  readonly broken: readonly { readonly workflowId: string; readonly reason: string }[];
}

/** Workflow code that can be listened to while it is replayed. */
export function bundleForReplay(options: Omit<BundleOptions, 'interceptors'>): Promise<string> {
  return bundleWorkflows({ ...options, interceptors: [join(__dirname, 'listener.ts')] });
}

/**
 * Replays lives with workflow code from `bundleForReplay`. The engine compares only which activities are called in which
 * order; what is told to the record is compared here, word by word.
 * Reads only: no worker is registered, nothing is answered.
 */
export async function replay(
  codePath: string,
  dataConverter: DataConverter,
  lives: Iterable<Life> | AsyncIterable<Life>,
): Promise<Replayed> {
  const reader = { options: { loadedDataConverter: loadDataConverter(dataConverter) } };
  const told = new Map<string, readonly RecordBatch[]>();
  const toldAgain = new Map<string, RecordBatch[]>();
  const sinks: InjectedSinks<Listening> = {
    listener: {
      told: {
        fn: ({ runId }, batch) => void toldAgain.set(runId, [...(toldAgain.get(runId) ?? []), batch]),
        callDuringReplay: true,
      },
    },
  };
  async function* remembered(): AsyncIterable<Life> {
    for await (const life of lives) {
      told.set(runOf(life), await batchesTold(reader, life.history));
      yield life;
    }
  }
  const results = Worker.runReplayHistories(
    { workflowBundle: { codePath }, dataConverter, sinks, replayName: 'predeploy' },
    remembered() as never,
  );
  const broken: { workflowId: string; reason: string }[] = [];
  let replayed = 0;
  for await (const { workflowId, runId, error } of results as AsyncIterable<ReplayResult>) {
    replayed += 1;
    const reason = error ? firstLine(error) : difference(told.get(runId) ?? [], toldAgain.get(runId) ?? []);
    if (reason !== undefined) broken.push({ workflowId, reason });
    told.delete(runId);
    toldAgain.delete(runId);
  }
  return { replayed, broken: broken.sort((a, b) => (a.workflowId < b.workflowId ? -1 : 1)) };
}

function runOf({ history }: Life): string {
  return history.events?.[0]?.workflowExecutionStartedEventAttributes?.originalExecutionRunId ?? '';
}

/** The first event that would be told otherwise. What was not told yet cannot differ. */
function difference(told: readonly RecordBatch[], again: readonly RecordBatch[]): string | undefined {
  for (const [n, { events }] of told.entries()) {
    for (const [i, event] of events.entries()) {
      const other = again[n]?.events[i];
      if (other?.hash === event.hash) continue;
      const instead = other ? `${other.type} of ${other.at}` : 'nothing';
      return `event ${event.seq}, ${event.type} of ${event.at}, would be told as ${instead}`;
    }
  }
  return undefined;
}

/** Every workflow that runs now, with its history up to now; one at a time in memory. */
export async function* openHistories(client: Client): AsyncIterable<Life> {
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
