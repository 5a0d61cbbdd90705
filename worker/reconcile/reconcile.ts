import { setTimeout as pause } from 'node:timers/promises';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Projection } from '../../domain/node';
import type { Store } from '../../store/connect';
import { openInStore, projectedNode } from '../../store/projected';
import { projectionQuery } from '../../workflows/messages';
import { ask } from '../ask';
import { differencesOf, type Difference } from './differences';

/** What keeps a record of its own; starters and the like do not. */
const OURS = /^(project|plan|submission)\//;
const AT_ONCE = 8;
const ANSWER_WITHIN_MS = 10_000;
/** What is on its way arrives within these looks; what still differs then is wrong. */
const LOOKS = 6;
const BETWEEN_LOOKS_MS = 400;

export interface Reconciled {
  /** Workflows that were compared. */
  readonly compared: number;
  readonly differences: readonly Difference[];
  /** Workflows that did not answer, and why: no worker, or one of another version. */
  readonly unanswered: readonly { readonly workflowId: string; readonly reason: string }[];
  /** Whether the engine could say which workflows run. */
  readonly listed: boolean;
}

export interface ReconcileOptions {
  /** Only these workflows; without it all that are open, in the store or in the engine. */
  readonly workflowIds?: Iterable<string>;
  /** Workflows that are asked at the same time; 8 by default. */
  readonly atOnce?: number;
  /** Told of each workflow as soon as it was compared. */
  readonly seen?: (workflowId: string, differences: readonly Difference[]) => Promise<void> | void;
  /** How long a workflow may take to answer; 10 s by default. */
  readonly answerWithinMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Compares what is open with what the store shows of it: heads, the project's or step's own projection, and every task.
 * Reads only. Both move while they are looked at, so only what still differs after several looks is a difference.
 */
export async function reconcile(
  store: Store,
  client: Client,
  options: ReconcileOptions = {},
): Promise<Reconciled> {
  const { workflowIds, atOnce = AT_ONCE, answerWithinMs = ANSWER_WITHIN_MS, seen, signal } = options;
  const differences: Difference[] = [];
  const unanswered: { workflowId: string; reason: string }[] = [];
  const count = { compared: 0, listed: workflowIds === undefined };
  const all = workflowIds ?? openAnywhere(store, client, () => (count.listed = false));
  const left = eachOf(all);
  const work = async (): Promise<void> => {
    for (let next = await left.next(); !next.done && !signal?.aborted; next = await left.next()) {
      const workflowId = next.value;
      const found = await compare(store, client, workflowId, answerWithinMs);
      if ('reason' in found) {
        unanswered.push({ workflowId, reason: found.reason });
        continue;
      }
      count.compared += 1;
      differences.push(...found.differences);
      await seen?.(workflowId, found.differences);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { ...count, differences: inOrder(differences), unanswered };
}

/** One iterator for all who ask at the same time: an async generator answers them one after the other. */
async function* eachOf(ids: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  yield* ids;
}

async function* openAnywhere(store: Store, client: Client, notListed: () => void): AsyncIterable<string> {
  const seen = new Set<string>();
  for await (const id of openInStore(store)) {
    seen.add(id);
    yield id;
  }
  try {
    for await (const { workflowId } of client.workflow.list({ query: `ExecutionStatus = 'Running'` })) {
      if (OURS.test(workflowId) && !seen.has(workflowId)) yield workflowId;
    }
  } catch {
    // The engine of a rehearsal keeps no lists.
    notListed();
  }
}

type Found = { readonly differences: readonly Difference[] } | { readonly reason: string };

async function compare(store: Store, client: Client, workflowId: string, withinMs: number): Promise<Found> {
  for (let look = 1; ; look += 1) {
    const found = await lookOnce(store, client, workflowId, withinMs).catch((error: Error) => ({
      reason: error.message,
    }));
    if ('reason' in found || found.differences.length === 0 || look === LOOKS) return found;
    await pause(BETWEEN_LOOKS_MS);
  }
}

async function lookOnce(store: Store, client: Client, workflowId: string, withinMs: number): Promise<Found> {
  const asked = await whatItSays(client, workflowId, withinMs);
  if (asked.answer !== 'projection') return { differences: await leftOpen(store, workflowId, asked) };
  const { projection } = asked;
  const [head, node, tasks] = await Promise.all([
    store.heads.find(workflowId),
    projectedNode(store, workflowId, projection.node),
    store.tasks.ofWorkflow(workflowId),
  ]);
  const differences = differencesOf(workflowId, projection, { head, node, tasks });
  if (differences.length === 0 || projection.settled || projection.needsRepair !== undefined) {
    return { differences };
  }
  const detail = `event ${projection.head.seq} could not be written yet`;
  return { differences: [{ workflowId, what: 'unfinished', detail }] };
}

type Asked =
  | { readonly answer: 'projection'; readonly projection: Projection }
  | { readonly answer: 'ended-outside'; readonly status: string }
  | { readonly answer: 'unknown' };

/** Workflows that ended of themselves and cancelled steps still answer, as long as the engine keeps their histories. */
const ANSWERING: ReadonlySet<string> = new Set(['RUNNING', 'COMPLETED']);

async function whatItSays(client: Client, workflowId: string, withinMs: number): Promise<Asked> {
  const handle = client.workflow.getHandle(workflowId);
  try {
    return await client.withDeadline(Date.now() + withinMs, async () => {
      const { status } = await handle.describe();
      if (!ANSWERING.has(status.name)) return { answer: 'ended-outside', status: status.name };
      return { answer: 'projection', projection: await ask(handle, projectionQuery) };
    });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { answer: 'unknown' };
    throw error;
  }
}

/** Nobody is there to do it any more: what the store still shows as open misleads people. */
async function leftOpen(
  store: Store,
  workflowId: string,
  asked: Exclude<Asked, { answer: 'projection' }>,
): Promise<Difference[]> {
  const [head, tasks, step] = await Promise.all([
    store.heads.find(workflowId),
    store.tasks.ofWorkflow(workflowId),
    store.steps.find(workflowId),
  ]);
  const open = tasks.filter(({ status }) => status === 'open').map(({ id }) => id);
  const shown = step && step.status !== 'done' && step.status !== 'closed';
  if (!head?.open && !shown && open.length === 0) return [];
  const why = asked.answer === 'unknown' ? 'the engine does not know it' : `it was ended: ${asked.status}`;
  const tail = open.length === 0 ? '' : `, with ${open.length} tasks`;
  return [{ workflowId, what: asked.answer, detail: `${why}, but it is open in the store${tail}` }];
}

function inOrder(differences: readonly Difference[]): Difference[] {
  const key = ({ workflowId, what, taskId = '' }: Difference): string => `${workflowId} ${what} ${taskId}`;
  return [...differences].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
