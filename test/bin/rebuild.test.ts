import { setTimeout as pause } from 'node:timers/promises';
import { rebuild } from '../../bin/rebuild/rebuild';
import { yearToDeclare } from '../../domain/annual-plan';
import { linyi } from '../../policy/linyi';
import { community } from '../api/api';
import { eventually, insist, startReal, taskOf, type RealSystem } from '../api/real';
import { testKeys } from '../support/keys';

/** One project that runs and one that was withdrawn, with the plan of their year. */
let system: RealSystem;
let withdrawn: string;
const SHOWN = ['tasks', 'steps', 'projects', 'plans', 'submissions'] as const;

beforeAll(async () => {
  system = await startReal();
  await system.store.communities.model.create(community({ _id: 'c2' }));
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);
  await insist(await system.as('371300-housing'), 'plans', { year }, 'plan');
  const housing = await system.as('371302-housing');
  const { body } = await insist(housing, 'projects', { communityIds: ['c2'], year }, 'second');
  withdrawn = `project/${body.id as string}`;
  await taskOf(await system.as('371302-n1'), 'household-survey');
  const reason = '样例：纳入拆除新建';
  await housing.post(`projects/${body.id as string}/withdrawal`, { reason }, 'withdraw').expect(201);
  await eventually('it has ended', async () =>
    (await system.store.heads.find(withdrawn))?.open === false ? true : undefined,
  );
  await insist(housing, 'projects', { communityIds: ['c1'], year }, 'first');
  await taskOf(await system.as('371302-n1'), 'household-survey');
}, 90_000);
afterAll(() => system?.stop(), 30_000);

async function shown(): Promise<Record<string, unknown[]>> {
  const { db } = system.store.connection;
  // Which event was the last when a row was written: a later one, once it is written anew.
  const projection = { seq: 0 };
  const rows = SHOWN.map(async (name) => [
    name,
    await db?.collection(name).find({}, { projection }).sort({ _id: 1 }).toArray(),
  ]);
  return Object.fromEntries(await Promise.all(rows)) as Record<string, unknown[]>;
}

async function lose(names: readonly string[]): Promise<void> {
  for (const name of names) await system.store.connection.db?.collection(name).deleteMany({});
}

/** Deleted as the engine itself does when its time is over; it takes the wish, and does it when it has time. */
async function expired(workflowId: string): Promise<true | undefined> {
  const { workflow, workflowService } = system.client;
  await workflowService
    .deleteWorkflowExecution({ namespace: 'default', workflowExecution: { workflowId } })
    .catch(() => undefined);
  await pause(1_000);
  return workflow
    .getHandle(workflowId)
    .describe()
    .then(
      () => undefined,
      () => true,
    );
}

const again = () => rebuild(system.store, system.client, { identity: testKeys.worker });

test('P1.4: what is shown of open and closed projects, plans and tasks comes back as it was after its loss', async () => {
  const before = await shown();
  const events = await system.store.events.model.countDocuments();
  expect(before['tasks']?.length).toBeGreaterThan(1);
  await lose([...SHOWN, 'heads']);
  const { heads, lost, differences, fromEvents } = await again();
  expect({ lost, differences, fromEvents }).toEqual({ lost: [], differences: [], fromEvents: [] });
  expect(heads).toBe(await system.store.heads.model.countDocuments());
  expect(await shown()).toEqual(before);
  expect(await system.store.events.model.countDocuments()).toBe(events);
});

test('P1.4: of a project whose history has expired the record brings back all but what it says that it lacks', async () => {
  const before = await shown();
  const { steps, tasks } = system.store;
  const [step] = await steps.model.find({ status: 'closed' }).lean();
  if (!step) throw new Error('no step has been turned back');
  for (const workflowId of [withdrawn, step._id]) {
    await eventually('it is gone', () => expired(workflowId), 60_000);
  }
  await lose(SHOWN);
  const { fromEvents, lost, differences } = await again();
  expect({ lost, differences }).toEqual({ lost: [], differences: [] });
  expect(fromEvents.map(({ workflowId }) => workflowId).sort()).toEqual([withdrawn, step._id].sort());
  const { tasks: tasksBefore, ...othersBefore } = before;
  const { tasks: tasksAfter, ...others } = await shown();
  expect(others).toEqual(othersBefore);
  expect(tasksAfter?.length).toBe(tasksBefore?.length);
  const lacks = fromEvents.find(({ workflowId }) => workflowId === step._id)?.lacks ?? [];
  for (const task of await tasks.ofWorkflow(step._id)) {
    const was = tasksBefore?.find((row) => (row as { _id: string })._id === task.id) as Record<
      string,
      unknown
    >;
    const differing = Object.keys(was).filter(
      (field) =>
        !['_id', 'seq', 'dueAt'].includes(field) &&
        JSON.stringify(was[field]) !== JSON.stringify((task as unknown as Record<string, unknown>)[field]),
    );
    expect(lacks).toEqual(expect.arrayContaining(differing.map((field) => `task.${field}`)));
    expect(task).toMatchObject({ status: 'closed', organisation: '371302-n1', seat: was['seat'] });
  }
}, 150_000);
