import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { ProjectNode } from '../../domain/node';
import type { ProjectStart } from '../../domain/project';
import { community, openPlan, startApi, type Person, type TestApi } from './api';
import type { Started } from './fake-engine';

describe('beginning a project', () => {
  let api: TestApi;
  let handler: Person;

  beforeAll(async () => {
    api = await startApi();
    handler = await api.as('371302-housing');
    await openPlan(api.store, 2028);
  });
  afterAll(() => api.stop());
  beforeEach(async () => {
    api.engine.started.length = 0;
    api.engine.onStart = recorded;
    const { communities, projects, heads, answers, counters } = api.store;
    for (const { model } of [communities, projects, heads, answers, counters]) {
      await model.collection.deleteMany({});
    }
    await api.store.communities.model.insertMany([
      community({ _id: 'c1' }),
      community({ _id: 'c2' }),
      community({
        _id: 'far',
        place: { city: '371300', county: '371311', subdistrict: '371311-s1', neighbourhood: '371311-n1' },
      }),
    ]);
  });

  /** What the workflow's first record would write. */
  async function recorded({ args }: Started): Promise<void> {
    const [start] = args as [ProjectStart];
    const node: ProjectNode = {
      node: 'project',
      projectId: start.projectId,
      name: start.name,
      county: start.county,
      areas: ['371300', start.county, ...start.communities.map(({ place }) => place.subdistrict)],
      year: start.year,
      communities: start.communities.map(({ id }) => id),
      status: 'running',
      steps: ['needs-collection'],
      rounds: { 'needs-collection': 1 },
      running: {},
      bindings: {},
      policyVersion: start.policy.version,
      onPaper: [],
      outputs: {},
      acts: [],
      startedAt: new Date(0).toISOString(),
    };
    const workflowId = `project/${start.projectId}`;
    await api.store.projects.model.collection.insertOne({
      ...node,
      _id: start.projectId as never,
      workflowId,
      seq: 1,
    });
    await api.store.heads.model.collection.insertOne({ _id: workflowId as never, seq: 1, open: true });
  }

  const begin = (communityIds: string[], key?: string, year = 2028) =>
    handler.post('projects', { communityIds, year }, key);

  test('answers its number and place, and starts the workflow with the register’s figures and the policy', async () => {
    const { body, headers } = await begin(['c1', 'c2']).expect(201);
    expect(body).toMatchObject({ id: '371302-2028-0001', status: 'running', step: 'needs-collection' });
    expect(headers['location']).toBe('/api/v1/projects/371302-2028-0001');
    expect(api.engine.started).toHaveLength(1);
    const [{ type, workflowId, args }] = api.engine.started as [Started];
    expect([type, workflowId]).toEqual(['renovationProject', 'project/371302-2028-0001']);
    expect(args[0]).toMatchObject({
      county: '371302',
      city: '371300',
      year: 2028,
      startedBy: { user: handler.user, organisation: '371302-housing' },
      policy: { version: '2026.1' },
      communities: [
        { id: 'c1', households: 120, place: { community: 'c1', neighbourhood: '371302-n1' } },
        { id: 'c2' },
      ],
    });
    const { body: one } = await handler.get(headers['location'] as string).expect(200);
    expect(one).toEqual(body);
  });

  test('P1.1: each failed or unknown condition of each community is named with clause and path', async () => {
    await api.store.communities.model.updateOne({ _id: 'c1' }, { completedYear: 2006 });
    await api.store.communities.model.updateOne({ _id: 'c2' }, { $unset: { deficiencies: 1 } });
    const { body } = await begin(['c1', 'c2']).expect(422);
    expect(body).toMatchObject({
      code: 'rule-violated',
      clause: 'P1.1',
      basis: '临政办字〔2020〕81号 一(一)',
    });
    const violations = body.violations as { path: string; message: string }[];
    expect(violations.map(({ path }) => path)).toEqual([
      'communityIds.0.completedYear',
      'communityIds.1.deficiencies',
    ]);
    expect(violations[0]?.message).toContain('样例小区 c1');
    expect(api.engine.started).toEqual([]);
    expect(await api.store.communities.model.countDocuments({ openProject: { $exists: true } })).toBe(0);
  });

  test('P2.1.4: a year without an open plan is refused, and so is one whose declaration has closed', async () => {
    const { body } = await begin(['c1'], undefined, 2029).expect(422);
    expect(body).toMatchObject({ clause: 'P2.1.4', violations: [{ path: 'year' }] });
    api.at(Date.parse('2027-10-01T00:00:00+08:00'));
    const closed = await begin(['c1']).expect(422);
    expect(closed.body.detail).toContain('申报已截止');
    api.at(Date.parse('2027-09-30T23:59:59+08:00'));
    await begin(['c1']).expect(201);
    api.at(Date.parse('2027-03-01T12:00:00+08:00'));
  });

  test('a community is in at most one open project', async () => {
    const { body: first } = await begin(['c1']).expect(201);
    const { body } = await begin(['c2', 'c1']).expect(409);
    expect(body.code).toBe('already-exists');
    expect(body.detail).toContain(first.id);
    expect((await api.store.communities.find('c2'))?.openProject).toBeUndefined();
    expect(api.engine.started).toHaveLength(1);
  });

  test('two requests for one community at the same time begin one project', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 6 }, (_, n) => begin(['c1'], `race-${n}`).then(({ status }) => status)),
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(5);
    expect(api.engine.started).toHaveLength(1);
  });

  test('the same key begins one project and gets the first answer; another body under it is 409', async () => {
    const first = await begin(['c1'], 'once').expect(201);
    const again = await begin(['c1'], 'once').expect(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers['location']).toBe(first.headers['location']);
    const other = await begin(['c2'], 'once').expect(409);
    expect(other.body.code).toBe('idempotency-key-reused');
    expect(api.engine.started).toHaveLength(1);
    const colleague = await api.as('371302-s1');
    await colleague.post('projects', { communityIds: ['c2'], year: 2028 }, 'once').expect(201);
  });

  test('a refusal is not remembered: the same key works once its reason is gone', async () => {
    await api.store.communities.model.updateOne({ _id: 'c1' }, { $unset: { location: 1 } });
    await begin(['c1'], 'mended').expect(422);
    await api.store.communities.model.updateOne({ _id: 'c1' }, { location: 'city' });
    await begin(['c1'], 'mended').expect(201);
  });

  test('the engine goes away after it has begun: 503, and the same key finds the same project', async () => {
    api.engine.onStart = async (started) => {
      await recorded(started);
      throw unavailable();
    };
    const { body, headers } = await begin(['c1'], 'lost').expect(503);
    expect(body.code).toBe('engine-unavailable');
    expect(headers['retry-after']).toBe('2');
    api.engine.onStart = async ({ workflowId, type }) => {
      throw new WorkflowExecutionAlreadyStartedError('started', workflowId, type);
    };
    const { body: found } = await begin(['c1'], 'lost').expect(201);
    expect(found.id).toBe('371302-2028-0001');
    expect(await api.store.projects.model.countDocuments()).toBe(1);
  });

  test('the engine was away and nobody came back: after a minute the communities are free again', async () => {
    api.engine.onStart = async () => {
      throw unavailable();
    };
    await begin(['c1'], 'given-up').expect(503);
    api.engine.started.length = 0;
    api.engine.onStart = recorded;
    await begin(['c1'], 'another').expect(409);
    await api.store.communities.model.updateOne({ _id: 'c1' }, { claimedAt: new Date(Date.now() - 61_000) });
    await begin(['c1'], 'another-again').expect(201);
  });

  test('P1.4: only a handler of the county’s housing bureau, government or subdistrict, and only there', async () => {
    await (await api.as('371302-finance')).post('projects', { communityIds: ['c1'], year: 2028 }).expect(403);
    await (
      await api.as('371302-housing', 'signatory')
    )
      .post('projects', { communityIds: ['c1'], year: 2028 })
      .expect(403);
    await (await api.as('371311-housing')).post('projects', { communityIds: ['c1'], year: 2028 }).expect(403);
    await (await api.as('371302-s2')).post('projects', { communityIds: ['c1'], year: 2028 }).expect(403);
    await begin(['c1', 'far']).expect(403);
    expect(api.engine.started).toEqual([]);
  });

  test('unknown communities, one twice and none at all are 400 with their path', async () => {
    const unknown = await begin(['c1', 'nowhere']).expect(400);
    expect(unknown.body.errors).toEqual([{ path: 'communityIds.1', message: '没有登记这个小区' }]);
    await begin(['c1', 'c1']).expect(400);
    await begin([]).expect(400);
  });

  test('a list is filtered by what a filter says, and an unknown project is 404', async () => {
    await begin(['c1']).expect(201);
    const ids = async (query: string) => {
      const { body } = await handler.get(`projects?${query}`).expect(200);
      return (body.items as { id: string }[]).map(({ id }) => id);
    };
    const all = ['371302-2028-0001'];
    expect(await ids('county=371302&year=2028&step=needs-collection&status=running')).toEqual(all);
    expect(await ids('q=c1')).toEqual(all);
    expect(await ids('q=.*')).toEqual([]);
    expect(await ids('step=tendering')).toEqual([]);
    expect(await ids('county=371311')).toEqual([]);
    await handler.get('projects?status=unknown').expect(400);
    await handler.get('projects/371302-2028-0099').expect(404);
    await handler.get('projects/371302-2028-0099/events').expect(404);
    await handler.get('projects/nonsense').expect(400);
  });

  test('P1.4: an act that nothing accepts now is wrong-step, and nobody without a seat is asked', async () => {
    await begin(['c1']).expect(201);
    const path = 'projects/371302-2028-0001/suspension';
    const { body } = await handler.post(path, { reason: '汛期' }).expect(409);
    expect(body.code).toBe('wrong-step');
    await handler.post('projects/371302-2028-0099/suspension', { reason: '汛期' }).expect(404);
    await (await api.administrator('system')).post(path, { reason: '汛期' }).expect(403);
    expect(api.engine.sent).toEqual([]);
  });

  describe('intake', () => {
    const paper = (step: string) => ({
      step,
      name: '样例',
      attachment: 'sample-attachment',
      date: '2026-05-01',
    });
    const INTAKE = {
      communityIds: ['c1'],
      year: 2028,
      enterAt: 'preliminary-plan',
      outputs: {
        'needs-collection': {
          communities: ['c1'],
          surveys: [{ community: 'c1', households: 120, answered: 110, agreeing: 100 }],
          items: [1, 2],
          managementMode: 'professional',
        },
      },
      bindings: {},
      documents: [paper('needs-collection')],
    };

    test('P1.4: a project begun on paper enters with the results and papers of every step before', async () => {
      const { body } = await handler.post('projects/intake', INTAKE).expect(201);
      expect(body.id).toBe('371302-2028-0001');
      expect(api.engine.started[0]?.args[0]).toMatchObject({
        intake: { enterAt: 'preliminary-plan', documents: [{ step: 'needs-collection' }] },
      });
    });

    test('P1.4: what is missing of a step done on paper is named, and so is a paper dated tomorrow', async () => {
      const { body } = await handler
        .post('projects/intake', {
          ...INTAKE,
          enterAt: 'scheme-review',
          documents: [{ ...paper('needs-collection'), date: '2027-03-02' }],
        })
        .expect(422);
      const paths = (body.violations as { path: string }[]).map(({ path }) => path);
      expect(paths).toEqual(
        expect.arrayContaining([
          'outputs.preliminary-plan',
          'outputs.public-notice',
          'outputs.joint-document',
          'bindings.project-owner',
          'documents.0.date',
        ]),
      );
      expect(api.engine.started).toEqual([]);
    });

    test('a step that belongs to the whole county’s year cannot be entered', async () => {
      const { body } = await handler
        .post('projects/intake', { ...INTAKE, enterAt: 'joint-review' })
        .expect(400);
      expect(body.errors[0].path).toBe('enterAt');
    });
  });
});

describe('opening a plan', () => {
  let api: TestApi;
  let system: Person;

  beforeAll(async () => {
    api = await startApi();
    system = await api.administrator('system');
  });
  afterAll(() => api.stop());

  test('P2.1.4: opened once, by an administrator or the city’s housing bureau', async () => {
    api.engine.onStart = async ({ workflowId }) => {
      await openPlan(api.store, 2029, '2028-09-30T16:00:00.000Z');
      await api.store.heads.model.collection.insertOne({ _id: workflowId as never, seq: 1, open: true });
    };
    await (await api.as('371302-housing')).post('plans', { year: 2029 }).expect(403);
    const { body } = await system.post('plans', { year: 2029 }, 'plan').expect(201);
    expect(body).toMatchObject({ year: 2029, open: true, phase: 'declaration', submissions: [] });
    const again = await system.post('plans', { year: 2029 }, 'plan').expect(201);
    expect(again.body).toEqual(body);
    const housing = await api.as('371300-housing');
    const { body: twice } = await housing.post('plans', { year: 2029 }).expect(409);
    expect(twice.code).toBe('already-exists');
    expect(api.engine.started).toHaveLength(1);
    expect(api.engine.started[0]).toMatchObject({ type: 'annualPlan', workflowId: 'plan/2029' });
    const { counties } = api.engine.started[0]?.args[0] as { counties: string[] };
    expect(counties).toHaveLength(16);
    expect(counties).not.toContain('371300');
  });

  test('P2.1.4: after the close a plan is opened only with a reason; a year far off is refused', async () => {
    api.engine.started.length = 0;
    const { body } = await system.post('plans', { year: 2027 }).expect(422);
    expect(body).toMatchObject({ clause: 'P2.1.4', violations: [{ path: 'reason' }] });
    await system.post('plans', { year: 2026, reason: '补' }).expect(422);
    await system.post('plans', { year: 2031 }).expect(422);
    await system.post('plans', { year: 1999 }).expect(400);
    expect(api.engine.started).toEqual([]);
  });
});

function unavailable(): Error {
  return Object.assign(new Error('14 UNAVAILABLE'), { code: 14, details: 'away', metadata: {} });
}
