import { yearToDeclare } from '../../domain/annual-plan';
import { linyi } from '../../policy/linyi';
import { eventually, insist, startReal, taskOf, type RealSystem } from './real';
import type { Person } from './api';

/** 应急修复 over HTTP, on a real engine: somebody has terminated a step's workflow in the engine's own tools. */
describe('a project whose step was terminated', () => {
  let system: RealSystem;
  let housing: Person;
  let administrator: Person;
  let id: string;
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);

  beforeAll(async () => {
    system = await startReal();
    [housing, administrator] = await Promise.all([
      system.as('371302-housing'),
      system.administrator('system'),
    ]);
    await insist(await system.as('371300-housing'), 'plans', { year }, 'plan');
    const { body } = await insist(housing, 'projects', { communityIds: ['c1'], year }, 'begin');
    id = body.id as string;
  }, 90_000);
  afterAll(() => system.stop(), 30_000);

  const survey = async () => taskOf(await system.as('371302-n1'), 'household-survey');
  const shown = async () => (await housing.get(`projects/${id}`).expect(200)).body;

  test('P1.4: it waits and says so, instead of ending', async () => {
    await survey();
    await system.client.workflow.getHandle(`project/${id}/needs-collection/1`).terminate('样例：误操作');
    await eventually('it says so', async () =>
      (await shown()).status === 'needs-repair' ? true : undefined,
    );
    expect(await shown()).toMatchObject({ lost: ['needs-collection'], repairs: [] });
  });

  test('P1.4: the system administrator proposes, nobody else may', async () => {
    const { body: acts } = await administrator.get(`projects/${id}/acts`).expect(200);
    const repair = (acts.items as { act: string; href: string; example: object }[]).find(
      ({ act }) => act === 'repair',
    );
    expect(repair?.href).toBe(`/api/v1/projects/${id}/repair`);
    const form = repair?.example ?? {};
    for (const other of [housing, await system.as('371300-housing', 'signatory')]) {
      await other.post(`projects/${id}/repair`, form).expect(403);
    }
    for (const role of ['security', 'audit'] as const) {
      await (await system.administrator(role)).post(`projects/${id}/repair`, form).expect(403);
    }
    const { body } = await administrator.post(`projects/${id}/repair`, form, 'repair').expect(201);
    expect(body.event).toMatchObject({
      type: 'repair-begun',
      by: { organisation: 'system-administration' },
    });
  });

  test('P1.4: a signatory of the city approves, a handler may not; then the step is done again', async () => {
    const signatory = await system.as('371300-housing', 'signatory');
    const { id: task, example } = await taskOf(signatory, 'repair-approval');
    const handler = await system.as('371300-housing', 'handler');
    await handler.post(`tasks/${task}/completion`, example).expect(403);
    await administrator.post(`tasks/${task}/completion`, example).expect(403);
    await signatory.post(`tasks/${task}/completion`, example).expect(200);
    const again = await eventually('the next round', async () => {
      const found = await survey().catch(() => undefined);
      return found?.id.includes('needs-collection.2') ? found : undefined;
    });
    const neighbourhood = await system.as('371302-n1');
    await neighbourhood.post(`tasks/${again.id}/completion`, again.example).expect(200);
    expect(await shown()).toMatchObject({
      status: 'running',
      lost: [],
      repairs: [{ measure: 'reopen-step', step: 'needs-collection' }],
    });
  });
});
