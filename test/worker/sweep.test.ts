import { resolve } from 'node:path';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { type ApplicationFailure } from '@temporalio/common';
import { signedDecision } from '../../api/engine/sign';
import { EMPTY_HEAD, hashOf, verifyChain } from '../../domain/events';
import { workflowOfTask, type Task } from '../../domain/task';
import { completeTaskUpdate, recordStateQuery, type Receipt } from '../../workflows/messages';
import { Sweep } from '../../worker/sweep';
import type { Root } from '../../domain/signing/certificate';
import { issueIdentity, newRoot } from '../../keys/identity';
import { sealedStart } from '../../keys/starts';
import { testKeys } from '../support/keys';
import { stepStart } from '../workflows/sample';
import { eventually, runWorker, TASK_QUEUE, type RunningWorker } from './running-worker';

let running: RunningWorker;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

beforeAll(async () => {
  running = await runWorker(resolve(__dirname, 'worker.workflows.ts'));
}, 120_000);

afterAll(() => running?.stop());

const self = { identity: testKeys.worker, roots: testKeys.roots };
let count = 0;

/** A workflow with two open tasks, recorded. */
async function startConsent(): Promise<string> {
  count += 1;
  const workflowId = `project/371302-2028-${String(count).padStart(4, '0')}/consent/1`;
  const input = {
    seats: [
      { body: 'housing', level: 'city' },
      { body: 'finance', level: 'city' },
    ],
    context: { act: 'withdraw', reason: '样例' },
    notBy: [],
  };
  const start = stepStart('control', input, {
    projectId: `371302-2028-${String(count).padStart(4, '0')}`,
  });
  await running.client.workflow.start('consent', {
    workflowId,
    taskQueue: TASK_QUEUE,
    args: sealedStart(workflowId, 'consent', start, { identity: testKeys.api, now: Date.now() }),
  });
  await eventually('two tasks are on record', async () => (await openTasks(workflowId)).length === 2);
  return workflowId;
}

async function openTasks(workflowId: string): Promise<Task[]> {
  const { items } = await running.store.tasks.list({ status: 'open' });
  return items.filter((task) => task.workflowId === workflowId);
}

function decide(task: Task, user = 'u-1', by = testKeys.api): Promise<Receipt> {
  const form = { consent: true };
  const updateId = hashOf([user, task.id]);
  const decision = {
    taskId: task.id,
    form,
    by: { user, organisation: task.organisation },
    bodyHash: hashOf(form),
  };
  return running.client.workflow.getHandle(workflowOfTask(task.id)).executeUpdate(completeTaskUpdate, {
    updateId,
    args: [signedDecision(by, task, decision, updateId, Date.now())],
  });
}

async function well(workflowId: string): Promise<boolean> {
  const state = await running.client.workflow.getHandle(workflowId).query(recordStateQuery);
  const events = await running.store.events.ofWorkflow(workflowId);
  const head = await running.store.heads.find(workflowId);
  return (
    verifyChain(workflowId, EMPTY_HEAD.hash, events, state.head) === undefined &&
    head?.seq === state.head.seq &&
    head.hash === state.head.hash
  );
}

async function loseEventsAfter(workflowId: string, seq: number): Promise<void> {
  const { store } = running;
  const [last] = seq === 0 ? [] : await store.events.ofWorkflow(workflowId, seq, seq);
  await store.events.model.deleteMany({ workflowId, seq: { $gt: seq } });
  await store.tasks.model.deleteMany({ workflowId });
  if (last) await store.heads.model.updateOne({ _id: workflowId }, { $set: { seq, hash: last.hash } });
  else await store.heads.model.deleteOne({ _id: workflowId });
}

test('a record that is well is left alone', async () => {
  const workflowId = await startConsent();
  const { told, troubled } = await new Sweep(running.store, running.client, silent, self).run();
  expect([told, troubled]).toEqual([[], []]);
  expect(await well(workflowId)).toBe(true);
});

test('a store that lost its last events gets them again, with every projection', async () => {
  const workflowId = await startConsent();
  await loseEventsAfter(workflowId, 1);
  const { told } = await new Sweep(running.store, running.client, silent, self).run();
  expect(told).toEqual([workflowId]);
  await eventually('the record is whole again', () => well(workflowId));
  expect(await openTasks(workflowId)).toHaveLength(2);
});

test('a store that lost all of a workflow, its head included, gets it again', async () => {
  const workflowId = await startConsent();
  await loseEventsAfter(workflowId, 0);
  const { told } = await new Sweep(running.store, running.client, silent, self).run();
  expect(told).toEqual([workflowId]);
  await eventually('the record is whole again', () => well(workflowId));
  expect(await openTasks(workflowId)).toHaveLength(2);
});

test('a loss that the next decision meets before the sweep is mended by its own record', async () => {
  const workflowId = await startConsent();
  const [task] = await openTasks(workflowId);
  await loseEventsAfter(workflowId, 1);
  if (!task) throw new Error('no task');
  await decide(task);
  await eventually('the record is whole again', () => well(workflowId));
  expect((await running.store.tasks.find(task.id))?.status).toBe('completed');
});

describe('a store that is ahead of the workflow', () => {
  let workflowId: string;
  let task: Task;

  beforeAll(async () => {
    workflowId = await startConsent();
    [task] = (await openTasks(workflowId)) as [Task];
    await running.store.heads.model.updateOne({ _id: workflowId }, { $inc: { seq: 5 } });
  });

  test('stops the workflow for people to repair, and an administrator is alerted', async () => {
    const sweep = new Sweep(running.store, running.client, silent, self);
    expect((await sweep.run()).told).toEqual([workflowId]);
    expect((await sweep.run()).troubled).toEqual([workflowId]);
    const alerts = await running.store.alerts.standing();
    expect(alerts).toEqual([expect.objectContaining({ kind: 'needs-repair', workflowId })]);
  });

  test('refuses every decision there', async () => {
    const error = await decide(task).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkflowUpdateFailedError);
    expect(((error as WorkflowUpdateFailedError).cause as ApplicationFailure).type).toBe('needs-repair');
  });
});

test('a head whose event is another than the workflow recorded stops it likewise', async () => {
  const workflowId = await startConsent();
  await running.store.heads.model.updateOne({ _id: workflowId }, { $set: { hash: 'f'.repeat(64) } });
  const sweep = new Sweep(running.store, running.client, silent, self);
  await sweep.run();
  expect((await sweep.run()).troubled).toContain(workflowId);
});

test('a workflow that was ended from outside becomes an alert, whether the sweep is the first or a later one', async () => {
  const early = await startConsent();
  const sweep = new Sweep(running.store, running.client, silent, self);
  await running.client.workflow.getHandle(early).terminate('样例');
  expect((await sweep.run()).troubled).toContain(early);
  const late = await startConsent();
  await sweep.run();
  await running.client.workflow.getHandle(late).terminate('样例');
  await eventually('the engine lists it as ended', async () => (await sweep.run()).troubled.includes(late));
  const alerts = await running.store.alerts.standing();
  const vanished = alerts.filter(({ kind }) => kind === 'vanished').map((alert) => alert.workflowId);
  expect(vanished.sort()).toEqual([early, late].sort());
});

test('an alert ends when what it was about is well again', async () => {
  const workflowId = await startConsent();
  await running.store.alerts.raise('record-differs', workflowId, '样例', new Date());
  await new Sweep(running.store, running.client, silent, self).run();
  const standing = await running.store.alerts.standing();
  expect(standing.map((alert) => alert.workflowId)).not.toContain(workflowId);
});

test('P1.4: a root that replaces another is told to every open workflow, whoever signs by then', async () => {
  const workflowId = await startConsent();
  const { root, ...made } = newRoot();
  const believed = testKeys.roots as unknown as Root[];
  // What the worker's configuration says from its next start on.
  believed.unshift(root);
  try {
    const identity = issueIdentity({ root, ...made }, 'worker', Date.now());
    const sweep = new Sweep(running.store, running.client, silent, { identity, roots: believed });
    expect((await sweep.run()).told).toContain(workflowId);
    const handle = running.client.workflow.getHandle(workflowId);
    await eventually('it believes the new root', async () => {
      const { trust } = await handle.query(recordStateQuery);
      return trust?.roots[0] === root.id;
    });
    const [task] = await openTasks(workflowId);
    if (!task) throw new Error('no task is open');
    const api = issueIdentity({ root, ...made }, 'api', Date.now());
    await decide(task, 'u-1', api);
    expect((await sweep.run()).told).not.toContain(workflowId);
  } finally {
    believed.shift();
  }
});
