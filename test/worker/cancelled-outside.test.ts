import { yearToDeclare } from '../../domain/annual-plan';
import { verifyRecord } from '../../bin/record/verify';
import { linyi } from '../../policy/linyi';
import { Sweep } from '../../worker/sweep';
import type { Person } from '../api/api';
import { eventually, insist, startReal, taskOf, type RealSystem } from '../api/real';
import { testKeys } from '../support/keys';

/** What the engine's own tools can do to a step, and what the sweep and the record say of it. */
let system: RealSystem;
let administrator: Person;
let id: string;
let step: string;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

beforeAll(async () => {
  system = await startReal();
  administrator = await system.administrator('system');
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);
  await insist(await system.as('371300-housing'), 'plans', { year }, 'plan');
  const housing = await system.as('371302-housing');
  const { body } = await insist(housing, 'projects', { communityIds: ['c1'], year }, 'begin');
  id = body.id as string;
  step = `project/${id}/needs-collection`;
  await taskOf(await system.as('371302-n1'), 'household-survey');
}, 90_000);
afterAll(() => system?.stop(), 30_000);

const self = { identity: testKeys.worker, roots: testKeys.roots };
const sweep = () => new Sweep(system.store, system.client, silent, self);
const handle = (round: number) => system.client.workflow.getHandle(`${step}/${round}`);

async function alerts(): Promise<string[]> {
  return (await system.store.alerts.standing()).map(({ kind, workflowId }) => `${kind} ${workflowId}`);
}

async function faults() {
  const { client } = system;
  return (await verifyRecord(system.store, { roots: testKeys.roots, client })).faults;
}

async function repaired(round: number): Promise<void> {
  const reason = '样例：步骤流程被误终止';
  const form = { measure: 'reopen-step', step: 'needs-collection', reason };
  await administrator.post(`projects/${id}/repair`, form, `repair-${round}`).expect(201);
  const signatory = await system.as('371300-housing', 'signatory');
  const { id: task, example } = await taskOf(signatory, 'repair-approval');
  await signatory.post(`tasks/${task}/completion`, example).expect(200);
  await eventually(`round ${round + 1}`, () => system.store.heads.find(`${step}/${round + 1}`));
}

test('P1.4: a step that was cancelled from outside becomes an alert, in a first sweep and in a later one', async () => {
  const early = sweep();
  await early.run();
  expect(await alerts()).toEqual([]);
  await handle(1).cancel();
  await eventually('the step has closed', async () =>
    (await system.store.heads.find(`${step}/1`))?.open === false ? true : undefined,
  );
  await eventually('the engine has ended it', async () => {
    const { status } = await system.client.workflow.getHandle(`${step}/1`).describe();
    return status.name === 'RUNNING' ? undefined : true;
  });
  expect((await early.run()).troubled).toEqual([`${step}/1`]);
  expect(await alerts()).toEqual([`cancelled-outside ${step}/1`]);
  expect((await sweep().run()).troubled).toEqual([`${step}/1`]);
});

test('P1.4: the alert ends when the step has been repaired; turned back by the repair it raises none', async () => {
  await repaired(1);
  await sweep().run();
  expect(await alerts()).toEqual([]);
  await repaired(2);
  await sweep().run();
  expect(await alerts()).toEqual([]);
});

test('P5.1.2: the record of a step that was cancelled, turned back or terminated is whole', async () => {
  await handle(3).terminate('样例');
  await eventually('the project says so', async () => {
    const project = await system.store.projects.find(id);
    return project?.lost?.includes('needs-collection') ? true : undefined;
  });
  expect(await faults()).toEqual([]);
  await repaired(3);
  await eventually('the record is whole', async () => ((await faults()).length === 0 ? true : undefined));
});
