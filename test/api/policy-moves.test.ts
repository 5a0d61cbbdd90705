import { yearToDeclare } from '../../domain/annual-plan';
import { linyi } from '../../policy/linyi';
import type { Person } from './api';
import { eventually, insist, startReal, taskOf, type RealSystem } from './real';

/** 适用新版政策 over HTTP, on a real engine. */
describe('projects that run while the policy changes', () => {
  let system: RealSystem;
  let housing: Person;
  let administrator: Person;
  let id: string;
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);
  const next = { ...linyi, version: `${Number(linyi.version.slice(0, 4)) + 1}.1` };
  const survey = linyi.periods.survey;
  const longer = {
    ...next,
    periods: { ...linyi.periods, survey: { ...survey, length: { workingDays: 60 } } },
  };

  beforeAll(async () => {
    system = await startReal();
    [housing, administrator] = await Promise.all([
      system.as('371302-housing'),
      system.administrator('system'),
    ]);
    await insist(await system.as('371300-housing'), 'plans', { year }, 'plan');
    const { body } = await insist(housing, 'projects', { communityIds: ['c1'], year }, 'begin');
    id = body.id as string;
    await taskOf(await system.as('371302-n1'), 'household-survey');
    await administrator.post('policy', longer, 'policy').expect(201);
  }, 90_000);
  afterAll(() => system.stop(), 30_000);

  const path = `policy/versions/${next.version}`;
  const due = async () => {
    const { id: task } = await taskOf(await system.as('371302-n1'), 'household-survey');
    return (await system.store.tasks.find(task))?.due?.date;
  };

  test('a running project keeps its version, and is listed with what the new one would change for it', async () => {
    const { body } = await administrator.get(`${path}/projects`).expect(200);
    expect(body.items).toEqual([
      expect.objectContaining({
        projectId: id,
        policyVersion: linyi.version,
        differences: [expect.objectContaining({ path: 'periods.survey', until: 'needs-collection' })],
      }),
    ]);
    await administrator.get('policy/versions/1999.1/projects').expect(404);
  });

  test('P1.4: the system administrator moves those chosen, each with its own outcome, and a repeated key moves none twice', async () => {
    const before = await due();
    const moves = { projects: [id, '371302-2099-0001'], reason: '样例：新方案印发' };
    await housing.post(`${path}/moves`, moves, 'moves').expect(403);
    const { body } = await administrator.post(`${path}/moves`, moves, 'moves').expect(200);
    expect(body.outcomes).toEqual([
      { projectId: id, status: 201 },
      expect.objectContaining({ projectId: '371302-2099-0001', status: 404, code: 'not-found' }),
    ]);
    await eventually('its due date is another', async () => ((await due()) === before ? undefined : true));
    const again = await administrator.post(`${path}/moves`, moves, 'moves').expect(200);
    expect(again.body.outcomes[0]).toEqual({ projectId: id, status: 201 });
    const { body: record } = await housing.get(`projects/${id}/events?limit=200`).expect(200);
    const types = (record.items as { type: string }[]).map(({ type }) => type);
    expect(types.filter((type) => type === 'policy-move-begun')).toHaveLength(1);
    expect(types.filter((type) => type === 'policy-moved')).toHaveLength(2);
    expect((await administrator.get(`${path}/projects`).expect(200)).body.items).toEqual([]);
  });
});
