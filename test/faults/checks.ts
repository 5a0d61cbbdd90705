import type { Client } from '@temporalio/client';
import { EMPTY_HEAD, verifyChain } from '../../domain/events';
import { requestOf } from '../../domain/request';
import type { Task } from '../../domain/task';
import type { Store } from '../../store/connect';
import { recordStateQuery, tasksQuery } from '../../workflows/messages';
import type { Told } from './deciders';
import { toldOtherwise } from './told-otherwise';

/**
 * What is wrong with one workflow's record, against the workflow itself and its history. Nothing, if all is well.
 */
export async function faultsOf(store: Store, client: Client, workflowId: string): Promise<string[]> {
  const handle = client.workflow.getHandle(workflowId);
  const [state, tasks, history] = await Promise.all([
    handle.query(recordStateQuery),
    handle.query(tasksQuery),
    handle.fetchHistory(),
  ]);
  const events = await store.events.ofWorkflow(workflowId);
  const head = await store.heads.find(workflowId);
  const faults: string[] = [];
  const expect = (holds: boolean, what: string): void => {
    if (!holds) faults.push(`${workflowId}: ${what}`);
  };

  const chain = verifyChain(workflowId, EMPTY_HEAD.hash, events, state.head);
  expect(chain === undefined, `the chain is broken: ${JSON.stringify(chain)}`);
  expect(state.needsRepair === undefined, `it stopped: ${state.needsRepair}`);
  expect(state.recorded === state.head.seq, `recorded ${state.recorded} of ${state.head.seq}`);
  expect(head?.seq === state.head.seq && head.hash === state.head.hash, 'the head in the store is another');

  const accepted = (history.events ?? []).flatMap(
    ({ workflowExecutionUpdateAcceptedEventAttributes: update }) =>
      update?.protocolInstanceId ? [requestOf(update.protocolInstanceId)] : [],
  );
  const recorded = events.flatMap(({ updateId }) => updateId ?? []);
  expect(
    same(accepted, recorded),
    `accepted Updates ${accepted.length}, recorded decisions ${recorded.length}`,
  );

  const projected = await store.tasks.model.countDocuments({ workflowId });
  expect(projected === tasks.length, `${projected} tasks in the store, ${tasks.length} in the workflow`);
  for (const task of tasks) {
    const row = await store.tasks.find(task.id);
    expect(JSON.stringify(sorted(row)) === JSON.stringify(sorted(task)), `task ${task.id} differs`);
    const completions = events.filter((event) => event.type === 'task-completed' && event.taskId === task.id);
    expect(
      completions.length === (task.status === 'completed' ? 1 : 0),
      `task ${task.id} completed twice or never`,
    );
    expect(task.status !== 'open', `task ${task.id} is still open`);
  }
  if (faults.length > 0) faults.push(...(await toldOtherwise(store, client, workflowId)));
  return faults;
}

/** What is wrong with what people were told, against the record. */
export async function liesOf(store: Store, told: readonly Told[]): Promise<string[]> {
  const lies: string[] = [];
  const winners = new Map<string, number>();
  for (const { task, updateId, status, code } of told) {
    const events = await store.events.model.countDocuments({ updateId });
    if (status === 200) winners.set(task, (winners.get(task) ?? 0) + 1);
    if (status === 200 && events !== 1) lies.push(`${task}: answered 200, ${events} events`);
    if (status !== 200 && events !== 0) lies.push(`${task}: answered ${status} ${code}, ${events} events`);
    if (status !== 200 && code !== 'task-not-open') lies.push(`${task}: answered ${status} ${code}`);
  }
  for (const task of new Set(told.map((one) => one.task))) {
    const won = winners.get(task) ?? 0;
    if (won !== 1) lies.push(`${task}: ${won} people were told that their decision counts`);
  }
  return lies;
}

/** Why a workflow cannot be asked: what the engine says, and what the last failed task said. */
export async function whyStuck(client: Client, workflowId: string, error: Error): Promise<string[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const failures = (events ?? []).flatMap(({ eventId, workflowTaskFailedEventAttributes: failed }) =>
    failed ? `at event ${String(eventId)}: ${failed.cause} ${failed.failure?.message}` : [],
  );
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return [`${workflowId}: ${error.message} (${cause}); failed tasks: ${failures.slice(-3).join('; ')}`];
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}

/** With keys in order, so that equal content compares equal as text. */
function sorted(value: Task | undefined): unknown {
  return JSON.parse(JSON.stringify(value ?? null), (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
