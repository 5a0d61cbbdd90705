import { resolve } from 'node:path';
import { bundleForReplay, openHistories, replay, type Replayed } from '../../bin/predeploy/replay';
import { yearToDeclare } from '../../domain/annual-plan';
import { linyi } from '../../policy/linyi';
import { insist, startReal, taskOf, type RealSystem } from '../api/real';
import { testDataConverter } from '../support/keys';

const cacheDir = resolve(__dirname, '../../.data/cache');
let system: RealSystem;
let step: string;

beforeAll(async () => {
  system = await startReal();
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);
  await insist(await system.as('371300-housing'), 'plans', { year }, 'plan');
  const housing = await system.as('371302-housing');
  const { body } = await insist(housing, 'projects', { communityIds: ['c1'], year }, 'begin');
  step = `project/${body.id as string}/needs-collection/1`;
  await taskOf(await system.as('371302-n1'), 'household-survey');
}, 90_000);
afterAll(() => system?.stop(), 30_000);

const replayedWith = (codePath: string): Promise<Replayed> =>
  replay(codePath, testDataConverter, openHistories(system.client));

test('before an upgrade every open workflow is replayed, and this code breaks none', async () => {
  const { replayed, broken } = await replayedWith(await bundleForReplay({ cacheDir }));
  expect(broken).toEqual([]);
  expect(replayed).toBe(await system.store.heads.model.countDocuments({ open: true }));
});

test('a change that would leave a running step standing still is told with that step', async () => {
  const workflowsPath = resolve(__dirname, 'altered.workflows.ts');
  const { broken } = await replayedWith(await bundleForReplay({ cacheDir, workflowsPath }));
  expect(broken).toEqual([{ workflowId: step, reason: expect.stringMatching(/nondetermin/i) }]);
});

test('P5.1.2: a change that would tell the past otherwise than it stands in the record is told with that step', async () => {
  const workflowsPath = resolve(__dirname, 'retold.workflows.ts');
  const { broken } = await replayedWith(await bundleForReplay({ cacheDir, workflowsPath }));
  expect(broken).toEqual([
    {
      workflowId: step,
      reason: expect.stringMatching(/^event \d+, task-assigned .* would be told as task-given/),
    },
  ]);
});
