import { yearToDeclare } from '../../domain/annual-plan';
import { linyi } from '../../policy/linyi';
import { exitCodeOf, sentenceOf } from '../../bin/reconcile';
import { NightlyReconcile } from '../../worker/reconcile/nightly';
import { reconcile } from '../../worker/reconcile/reconcile';
import { Sweep } from '../../worker/sweep';
import { insist, startReal, taskOf, type RealSystem } from '../api/real';
import { testKeys } from '../support/keys';

/** One project with its plan, as people and a worker have left them; each test spoils what it then finds, and mends it. */
let system: RealSystem;
let step: string;
let task: string;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const NIGHT = Date.parse('2027-03-10T02:30:00+08:00');
const DAY_MS = 86_400_000;

beforeAll(async () => {
  system = await startReal();
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);
  await insist(await system.as('371300-housing'), 'plans', { year }, 'plan');
  const { body } = await insist(
    await system.as('371302-housing'),
    'projects',
    { communityIds: ['c1'], year },
    'begin',
  );
  step = `project/${body.id as string}/needs-collection/1`;
  task = (await taskOf(await system.as('371302-n1'), 'household-survey')).id;
}, 90_000);
afterAll(() => system?.stop(), 30_000);

const look = () => reconcile(system.store, system.client);
const nightly = (now: () => number) => new NightlyReconcile(system.store, system.client, silent, now);

async function standing(): Promise<string[]> {
  return (await system.store.alerts.standing()).map(({ kind, workflowId }) => `${kind} ${workflowId}`);
}

/** The task's row as it is, to be put back. */
async function keptTask(): Promise<() => Promise<unknown>> {
  const row = await system.store.tasks.model.findById(task).lean();
  return () =>
    system.store.tasks.model.collection.replaceOne({ _id: task as never }, row as never, { upsert: true });
}

test('P1.4: what people and a worker have left is the same in the engine and in the store', async () => {
  const found = await look();
  expect(found).toMatchObject({ differences: [], unanswered: [], listed: true });
  // The plan with its steps, a submission of each county, the project and its step.
  expect(found.compared).toBe(await system.store.heads.model.countDocuments({ open: true }));
  expect(found.compared).toBeGreaterThan(4);
  expect(exitCodeOf(found)).toBe(0);
});

test('a task that is open in one and closed in the other is named, whichever it is', async () => {
  const putBack = await keptTask();
  await system.store.tasks.model.updateOne({ _id: task }, { $set: { status: 'completed' } });
  const closed = await look();
  expect(closed.differences).toEqual([
    {
      workflowId: step,
      what: 'task',
      taskId: task,
      detail: 'completed in the store and open in the workflow',
    },
  ]);
  expect(exitCodeOf(closed)).toBe(1);
  await system.store.tasks.model.deleteOne({ _id: task });
  expect((await look()).differences[0]?.detail).toBe('open in the workflow and missing in the store');
  await putBack();
  const strange = `${step.replaceAll('/', '.')}.77`;
  await system.store.tasks.model.collection.insertOne({
    _id: strange as never,
    status: 'open',
    workflowId: step,
  });
  const [difference] = (await look()).differences;
  expect(difference && sentenceOf(difference)).toBe(
    `✗ task ${strange} (task): open in the store and unknown to the workflow`,
  );
  await system.store.tasks.model.deleteOne({ _id: strange });
});

test('a changed field of a task and of a step is named, and nothing of its content', async () => {
  const putBack = await keptTask();
  await system.store.tasks.model.updateOne({ _id: task }, { $set: { organisation: '371302-n2' } });
  const before = await system.store.steps.model.findById(step).lean();
  await system.store.steps.model.updateOne({ _id: step }, { $set: { openedAt: '2020-01-01T00:00:00.000Z' } });
  expect((await look()).differences.map(({ what, detail }) => [what, detail])).toEqual([
    ['node', 'the step differs in openedAt'],
    ['task', 'differs in organisation'],
  ]);
  await putBack();
  await system.store.steps.model.collection.replaceOne({ _id: step as never }, before as never);
  expect((await look()).differences).toEqual([]);
});

test('a head that is not the workflow’s is named', async () => {
  await system.store.heads.model.updateOne({ _id: step }, { $set: { hash: 'f'.repeat(64) } });
  const { differences } = await reconcile(system.store, system.client, { workflowIds: [step] });
  expect(differences).toEqual([
    { workflowId: step, what: 'head', detail: expect.stringMatching(/^event \d+ is another in the store$/) },
  ]);
  const last = (await system.store.events.ofWorkflow(step)).at(-1);
  await system.store.heads.model.updateOne({ _id: step }, { $set: { hash: last?.hash ?? '' } });
  expect((await look()).differences).toEqual([]);
});

test('what the store shows as open, and no workflow stands behind, is named', async () => {
  const gone = 'project/371302-2028-0099/consent/1';
  await system.store.steps.model.collection.insertOne({
    _id: gone as never,
    workflowId: gone,
    status: 'running',
    node: 'step',
  });
  expect((await look()).differences).toEqual([
    { workflowId: gone, what: 'unknown', detail: 'the engine does not know it, but it is open in the store' },
  ]);
  await system.store.steps.model.deleteOne({ _id: gone });
});

test('at night one of two workers compares, by day none; what differs is an alert until it is well', async () => {
  let now = NIGHT + 12 * 3_600_000;
  const [one, other] = [nightly(() => now), nightly(() => now)];
  expect(await one.round()).toBeUndefined();
  now = NIGHT;
  const putBack = await keptTask();
  await system.store.tasks.model.updateOne({ _id: task }, { $set: { overdue: true } });
  expect((await one.round())?.differences).toHaveLength(1);
  expect(await other.round()).toBeUndefined();
  expect(await one.round()).toBeUndefined();
  expect(await standing()).toEqual([`projection-differs ${step}`]);
  // The sweep looks at heads only: it does not end what it cannot judge.
  const self = { identity: testKeys.worker, roots: testKeys.roots };
  await new Sweep(system.store, system.client, silent, self).run();
  expect(await standing()).toEqual([`projection-differs ${step}`]);
  await putBack();
  now = NIGHT + DAY_MS;
  expect((await other.round())?.differences).toEqual([]);
  expect(await standing()).toEqual([]);
});

test('without a worker nothing is said to be well', async () => {
  await system.stopWorker();
  const options = { workflowIds: [step], answerWithinMs: 1_000 };
  const found = await reconcile(system.store, system.client, options).finally(() => system.startWorker());
  expect(found.compared).toBe(0);
  expect(found.unanswered).toEqual([{ workflowId: step, reason: expect.any(String) }]);
  expect(exitCodeOf(found)).toBe(2);
});
