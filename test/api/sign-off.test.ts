import type { SignOff } from '../../domain/sign-off';
import type { Task } from '../../domain/task';
import { taskRow } from '../../store/tasks';
import { startApi, type Person, type TestApi } from './api';

const ID = 'project.371302-2028-0001.control.1.1';
const OFFICE = '371302-s1';
const STAGES = ['handler', 'section-chief', 'signatory'] as const;
const at = '2027-03-01T02:00:00.000Z';

const TASK: Task = {
  id: ID,
  workflowId: 'project/371302-2028-0001/control/1',
  kind: 'intake-confirmation',
  title: '确认接入项目的纸质材料',
  step: 'control',
  round: 1,
  projectId: '371302-2028-0001',
  county: '371302',
  seat: { body: 'subdistrict', level: 'subdistrict' },
  organisation: OFFICE,
  role: 'handler',
  signOff: { stages: STAGES, signed: [], notBy: [] },
  notBy: [],
  status: 'open',
  context: { project: '样例', enterAt: 'tendering', documents: [] },
  assignedAt: '2027-03-01T01:00:00.000Z',
  overdue: false,
  suspended: false,
};

describe('sign-off inside an organisation', () => {
  let api: TestApi;
  const people = {} as Record<(typeof STAGES)[number], Person>;

  beforeAll(async () => {
    api = await startApi();
    for (const role of STAGES) people[role] = await api.as(OFFICE, role);
    api.engine.onUpdate = (sent) => api.record(sent);
  });
  afterAll(() => api.stop());
  beforeEach(async () => {
    api.engine.sent.length = 0;
    await api.store.tasks.model.collection.deleteMany({});
  });

  const put = (change: Partial<Task> = {}) =>
    api.store.tasks.model.collection.insertOne(taskRow({ ...TASK, ...change }, 1) as never);
  const drafted = (): Partial<Task> => {
    const by = { user: people.handler.user, organisation: OFFICE };
    const signOff: SignOff = {
      stages: STAGES,
      signed: [{ stage: 'handler', by, at }],
      draft: { confirmed: true, opinion: '样例：经办拟稿' },
      notBy: [],
    };
    return { role: 'section-chief', notBy: [people.handler.user], signOff };
  };

  test('P1.4: at each stage only who holds its role may, and what they sign names the stage', async () => {
    for (const [stage, role] of STAGES.entries()) {
      const by = { user: 'u-before', organisation: OFFICE };
      const signed = STAGES.slice(0, stage).map((one) => ({ stage: one, by, at }));
      await api.store.tasks.model.collection.deleteMany({});
      await put({ role, signOff: { stages: STAGES, signed, notBy: [] } });
      const form = { confirmed: true };
      for (const other of STAGES.filter((one) => one !== role)) {
        const { body } = await people[other].post(`tasks/${ID}/completion`, form).expect(403);
        expect(body.code).toBe('not-your-seat');
        await people[other].post(`tasks/${ID}/claim`, {}).expect(403);
      }
      expect(api.engine.sent).toHaveLength(0);
      await people[role].post(`tasks/${ID}/completion`, form).expect(200);
      expect(api.engine.sent.map(({ argument }) => argument)).toMatchObject([{ stage: role }]);
      api.engine.sent.length = 0;
    }
  });

  test('P1.4: who signs next sees the draft as the example, and may return it with a reason', async () => {
    await put(drafted());
    const { body } = await people['section-chief'].get(`tasks/${ID}`).expect(200);
    expect(body).toMatchObject({
      stage: 'section-chief',
      example: { confirmed: true, opinion: '样例：经办拟稿' },
      signOff: { stages: [...STAGES], signed: [{ stage: 'handler' }] },
    });
    const act = (body.acts as { act: string; href: string; example: object }[]).find(
      (one) => one.act === 'sign-off-return',
    );
    await people['section-chief'].post(act?.href ?? '', act?.example).expect(200);
    expect(api.engine.sent.map(({ argument }) => argument)).toMatchObject([
      { act: 'sign-off-return', stage: 'section-chief' },
    ]);
  });

  test('P1.4: who has drafted sees that it goes on, gets no example, and has it no more in the list', async () => {
    await put(drafted());
    const { body } = await people.handler.get(`tasks/${ID}`).expect(200);
    expect(body.example).toBeUndefined();
    expect((body.acts as { act: string }[]).map(({ act }) => act)).not.toContain('sign-off-return');
    const { body: list } = await people.handler.get('tasks?mine=true').expect(200);
    expect(list.items).toEqual([]);
    const { body: next } = await people['section-chief'].get('tasks?mine=true').expect(200);
    expect(next.items).toMatchObject([{ id: ID, stage: 'section-chief' }]);
  });

  test('P1.4: other organisations see one task, and neither its draft nor who has signed it', async () => {
    await put(drafted());
    const county = await api.as('371302-housing');
    await api.store.taskCopies.model.collection.insertOne({
      _id: 'copy-1',
      task: ID,
      organisation: '371302-housing',
      by: { user: people.handler.user, organisation: OFFICE },
      at,
      reads: [],
    } as never);
    const { body } = await county.get(`tasks/${ID}`).expect(200);
    expect(body.signOff).toBeUndefined();
    expect(JSON.stringify(body)).not.toContain('经办拟稿');
  });

  describe('the record', () => {
    const event = (seq: number, change: object) => ({
      _id: `told#${seq}`,
      workflowId: 'told',
      seq,
      at,
      previous: '0',
      hash: String(seq),
      by: { user: people.handler.user, organisation: OFFICE },
      data: { form: { opinion: '样例：经办拟稿' } },
      reason: '样例：内部理由',
      ...change,
    });
    const INSIDE = ['task-drafted', 'task-endorsed', 'task-draft-returned'];
    const withheld = async (person: Person, path: string) => {
      const { body } = await person.get(path).expect(200);
      const items = body.items as { type: string; data?: object; reason?: string; partial?: true }[];
      expect(items.map(({ type }) => type)).toEqual([...INSIDE, 'task-completed']);
      const inside = items.slice(0, INSIDE.length);
      const isPartial = inside.every((one) => one.partial === true && !one.data && !one.reason);
      if (!isPartial) expect(inside.every(({ data }) => data !== undefined)).toBe(true);
      return isPartial;
    };

    test('P1.4: a project’s events withhold from other organisations what was drafted and endorsed inside one', async () => {
      const { projects, events } = api.store;
      const projectId = '371302-2028-0001';
      await projects.model.collection.insertOne({
        ...{
          _id: projectId as never,
          node: 'project',
          projectId,
          name: '样例',
          county: '371302',
          year: 2028,
        },
        ...{ areas: ['371300', '371302', OFFICE], bindings: {}, steps: [], parties: [], acts: [] },
        ...{ workflowId: `project/${projectId}`, seq: 1 },
      } as never);
      const types = [...INSIDE, 'task-completed'];
      await events.model.collection.insertMany(
        types.map((type, i) => event(i, { type, projectId, taskId: ID })) as never,
      );
      expect(await withheld(await api.as('371302-housing'), `projects/${projectId}/events`)).toBe(true);
      expect(await withheld(people.handler, `projects/${projectId}/events`)).toBe(false);
      const audit = await api.administrator('audit');
      expect(await withheld(audit, `projects/${projectId}/events`)).toBe(false);
    });

    test('P1.4: so do a plan’s', async () => {
      const county = '371302';
      const by = { user: 'u-1', organisation: '371302-finance' };
      const types = [...INSIDE, 'task-completed'];
      await api.store.events.model.collection.insertMany(
        types.map((type, i) => event(10 + i, { type, planYear: 2029, county, by })) as never,
      );
      expect(await withheld(await api.as('371302-housing'), 'plans/2029/events')).toBe(true);
      expect(await withheld(await api.as('371300-housing'), 'plans/2029/events')).toBe(true);
      expect(await withheld(await api.as('371302-finance'), 'plans/2029/events')).toBe(false);
    });
  });

  test('P1.4: a draft whose drafter has left is returned to whoever is a handler there', async () => {
    await put(drafted());
    const to = `tasks/${ID}/sign-off-return`;
    await people['section-chief'].post(to, { reason: '样例：请补充' }).expect(200);
    await api.store.users.model.updateOne({ _id: people.handler.user }, { $set: { disabled: true } });
    await people['section-chief'].post(to, { reason: '样例：请再补充' }).expect(200);
    const sent = api.engine.sent.map(({ argument }) => argument['form']);
    expect(sent).toEqual([{ reason: '样例：请补充' }, { reason: '样例：请再补充', toAnybody: true }]);
    await api.store.users.model.updateOne({ _id: people.handler.user }, { $set: { disabled: false } });
  });

  test('P1.4: a task is handed over only to who holds the role of its stage', async () => {
    await put(drafted());
    const to = (user: string) => ({ user, reason: '样例：分工' });
    const { body } = await people['section-chief']
      .post(`tasks/${ID}/transfer`, to(people.signatory.user))
      .expect(422);
    expect(body.violations).toMatchObject([{ path: 'user', clause: 'P1.4' }]);
  });
});
