import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Store } from '../store/connect';
import { openInStore } from '../store/projected';

const AT_ONCE = 16;
const BETWEEN_LOOKS_MS = 400;
const ANSWER_WITHIN_MS = 10_000;

/** A workflow with something in hand that nobody has finished. */
export interface Restless {
  readonly workflowId: string;
  /** What waits, since when and how often it was tried. */
  readonly why: string;
}

/**
 * Waits until no open workflow has work in hand: no task waits for a worker, no activity for its end.
 * @returns how long it took from `since`, ms, and what was still in hand when the time was over
 */
export async function quietSince(
  store: Store,
  client: Client,
  since: number,
  withinMs: number,
): Promise<{ tookMs: number; restless: Restless[] }> {
  let restless: Restless[] = [];
  let ids: string[] | undefined;
  for (;;) {
    ids ??= await open(store, client);
    const looked = await lookAtAll(client, ids);
    // Once quiet is quiet: what is looked at again is what was not.
    const isFirst = restless.length === 0;
    restless = looked;
    if (looked.length === 0 && isFirst) return { tookMs: Date.now() - since, restless };
    if (Date.now() - since > withinMs) return { tookMs: Date.now() - since, restless };
    // Whoever has gone on may have begun others: when all are quiet, all are looked at once more.
    ids = looked.length === 0 ? undefined : looked.map(({ workflowId }) => workflowId);
    await pause(BETWEEN_LOOKS_MS);
  }
}

/** In the store or in the engine: a step that has told its last shows as done before that is written. */
async function open(store: Store, client: Client): Promise<string[]> {
  const ids = new Set<string>();
  for await (const id of openInStore(store)) ids.add(id);
  for await (const { workflowId } of client.workflow.list({ query: `ExecutionStatus = 'Running'` })) {
    ids.add(workflowId);
  }
  return [...ids];
}

async function lookAtAll(client: Client, ids: readonly string[]): Promise<Restless[]> {
  const restless: Restless[] = [];
  const left = ids.values();
  const one = async (): Promise<void> => {
    for (const workflowId of left) {
      const why = await inHand(client, workflowId).catch((error: Error) => error.message);
      if (why !== undefined) restless.push({ workflowId, why });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return restless;
}

async function inHand(client: Client, workflowId: string): Promise<string | undefined> {
  const { namespace } = client.options;
  const said = await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
    client.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } }),
  );
  const task = said.pendingWorkflowTask;
  if (task) return `a task since ${instant(task.originalScheduledTime)}, attempt ${task.attempt}`;
  const [activity] = said.pendingActivities ?? [];
  if (!activity) return undefined;
  const { activityType, attempt, lastFailure } = activity;
  return `${activityType?.name}, attempt ${attempt}: ${lastFailure?.message ?? 'under way'}`;
}

function instant(at: { readonly seconds?: unknown } | null | undefined): string {
  return new Date(Number(at?.seconds ?? 0) * 1_000).toISOString();
}
