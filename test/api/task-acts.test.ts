import type { Task } from '../../domain/task';
import { taskRow } from '../../store/tasks';
import { startApi, type Person, type TestApi } from './api';

const ID = 'project.371302-2028-0001.control.1.1';
const OFFICE = '371302-s1';

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
  notBy: [],
  status: 'open',
  context: { project: '样例', enterAt: 'tendering', documents: [] },
  assignedAt: '2027-03-01T01:00:00.000Z',
  due: {
    at: '2027-03-08T16:00:00.000Z',
    date: '2027-03-08',
    period: { workingDays: 5 },
    from: '2027-03-01',
    basis: '样例',
    provisional: true,
  },
  overdue: false,
  suspended: false,
};

describe('acts on a task', () => {
  let api: TestApi;
  let street: Person;
  let chief: Person;
  let elsewhere: Person;

  beforeAll(async () => {
    api = await startApi();
    street = await api.as(OFFICE);
    chief = await api.as(OFFICE, 'signatory');
    elsewhere = await api.as('371302-s2');
    // The engine takes what it is sent, and the record shows it at once.
    api.engine.onUpdate = (sent) => api.record(sent);
  });
  afterAll(() => api.stop());
  beforeEach(async () => {
    api.engine.sent.length = 0;
    for (const { model } of [api.store.tasks, api.store.taskComments, api.store.taskCopies]) {
      await model.collection.deleteMany({});
    }
  });

  const put = (change: Partial<Task> = {}) =>
    api.store.tasks.model.collection.insertOne(taskRow({ ...TASK, ...change }, 1) as never);
  const offered = async (person: Person): Promise<string[]> => {
    const { body } = await person.get(`tasks/${ID}`).expect(200);
    return (body.acts as { act: string }[]).map(({ act }) => act);
  };

  test('P1.4: a task tells each person which acts they may do with it now, and each example is taken', async () => {
    await put();
    const { body } = await street.get(`tasks/${ID}`).expect(200);
    expect((body.acts as { act: string }[]).map(({ act }) => act)).toEqual([
      'claim',
      'transfer',
      'delegation',
      'co-signature',
      'reminder',
      'clock-suspension',
    ]);
    expect(body.colleagues).toEqual([{ user: chief.user, roles: ['signatory'] }]);
    for (const { href, example } of body.acts as { href: string; example: object }[]) {
      await street.post(href, example).expect(200);
    }
    expect(api.engine.sent.map(({ update, argument }) => [update, argument['act']])).toEqual([
      ['actOnTask', 'claim'],
      ['actOnTask', 'transfer'],
      ['actOnTask', 'delegation'],
      ['actOnTask', 'co-signature'],
      ['actOnTask', 'reminder'],
      ['actOnTask', 'clock-suspension'],
    ]);
    expect(api.engine.sent[0]?.argument).toMatchObject({
      by: { user: street.user, organisation: OFFICE },
      signature: { value: expect.stringMatching(/^[0-9a-f]{128}$/) },
    });
  });

  test('P1.4: what another has taken is shown as theirs; only a signatory of the organisation takes it back', async () => {
    const other = 'u-another';
    await put({ holder: other });
    const list = await street.get('tasks?status=open&mine=true').expect(200);
    expect(list.body.items[0]).toMatchObject({ id: ID, holder: other });
    expect(await offered(street)).toEqual(['reminder']);
    expect(await offered(chief)).toEqual(['release', 'reminder']);
    await street.post(`tasks/${ID}/release`, { reason: '样例' }).expect(403);
    expect((await street.get(`tasks/${ID}`)).body.example).toBeUndefined();
    await chief.post(`tasks/${ID}/release`, { reason: '样例：外出' }).expect(200);
  });

  test('P1.4: who is named must be a person of that organisation, and a signatory where one must sign', async () => {
    await put({ role: 'signatory' });
    const refusal = async (person: Person, act: string, form: object) => {
      const { body } = await person.post(`tasks/${ID}/${act}`, form).expect(422);
      return (body.violations as { path: string }[])[0]?.path;
    };
    const reason = '样例：分工';
    expect(await refusal(chief, 'transfer', { user: 'nobody', reason })).toBe('user');
    expect(await refusal(chief, 'transfer', { user: elsewhere.user, reason })).toBe('user');
    expect(await refusal(chief, 'transfer', { user: street.user, reason })).toBe('user');
    await chief.post(`tasks/${ID}/delegation`, { user: street.user, reason }).expect(200);
    const signers = [{ organisation: '371302-s2', user: street.user }];
    const ask = { when: 'before', rule: 'all-of', question: '样例', signers };
    expect(await refusal(chief, 'co-signature', ask)).toBe('signers.0.user');
    await street.post(`tasks/${ID}/claim`, {}).expect(403);
  });

  test('P1.4: the delegate sees the form and may answer, the delegator waits; nobody elsewhere does anything', async () => {
    await put({ holder: chief.user, delegation: { by: chief.user, to: street.user }, role: 'signatory' });
    expect((await street.get(`tasks/${ID}`).expect(200)).body.example).toEqual({ confirmed: true });
    expect((await chief.get(`tasks/${ID}`).expect(200)).body.example).toBeUndefined();
    await street.post(`tasks/${ID}/completion`, { confirmed: true }).expect(200);
    await elsewhere.post(`tasks/${ID}/claim`, {}).expect(403);
    await elsewhere.post(`tasks/${ID}/reminder`, {}).expect(403);
    await api.store.tasks.model.collection.deleteMany({});
    const answer = { form: { confirmed: false }, at: '2027-03-02T01:00:00.000Z' };
    await put({ holder: chief.user, delegation: { by: chief.user, to: street.user, answer } });
    const { body } = await chief.get(`tasks/${ID}`).expect(200);
    expect(body).toMatchObject({
      delegation: { by: chief.user, to: street.user, answeredAt: answer.at },
      delegateAnswer: answer,
    });
  });

  test('P1.4: a decision that others are awaited with is offered for retraction to whoever made it, and to nobody else', async () => {
    const outcome = { form: { confirmed: true }, at: '2027-03-02T01:00:00.000Z' };
    const by = { user: street.user, organisation: OFFICE };
    await put({ status: 'completed', outcome: { ...outcome, by }, together: [ID, `${ID}2`] });
    expect(await offered(street)).toEqual(['retraction']);
    expect(await offered(chief)).toEqual([]);
    await street.post(`tasks/${ID}/retraction`, { reason: '样例：有误' }).expect(200);
    await street.post(`tasks/${ID}/claim`, {}).expect(409);
    await api.store.tasks.model.collection.deleteMany({});
    await put({ status: 'completed', outcome: { ...outcome, by } });
    expect(await offered(street)).toEqual([]);
  });

  test('P1.4: with the task its office finds the return of the project, if the policy names its seat', async () => {
    const housing = await api.as('371302-housing');
    const project = {
      _id: TASK.projectId,
      projectId: TASK.projectId,
      areas: ['371302'],
      bindings: {},
      outputs: {},
    };
    const returns = { act: 'return', context: { steps: ['tendering'], returnable: ['scheme-review'] } };
    await api.store.projects.model.collection.insertOne({ ...project, acts: [returns] } as never);
    await put({ organisation: '371302-housing', seat: { body: 'housing', level: 'county' } });
    const { body } = await housing.get(`tasks/${ID}`).expect(200);
    expect(body.acts).toContainEqual(
      expect.objectContaining({
        act: 'return',
        href: '/api/v1/projects/371302-2028-0001/return',
        example: expect.objectContaining({ to: 'scheme-review' }),
      }),
    );
    await api.store.tasks.model.collection.deleteMany({});
    await put({ organisation: '371302-s1' });
    expect(await offered(street)).not.toContain('return');
    await api.store.projects.model.collection.deleteMany({});
  });

  test('what is said about a task is shown in order to whoever reads it, to nobody else, and an answer names its question', async () => {
    await put();
    const say = (person: Person, body: object, key?: string) => person.post(`tasks/${ID}/comment`, body, key);
    const { body: asked } = await say(street, { text: '样例：图纸是否齐全？', question: true }).expect(201);
    const answer = { text: '样例：已齐全', answerTo: asked.comment.id as string };
    await say(chief, answer, 'one-key-for-it').expect(201);
    await say(chief, answer, 'one-key-for-it').expect(201);
    await say(elsewhere, { text: '样例' }).expect(403);
    await say(street, { text: '电话 13800138000' }).expect(400);
    await say(street, { text: '样例', answerTo: '00000000-0000-4000-8000-000000000000' }).expect(422);
    const { body } = await street.get(`tasks/${ID}/comments`).expect(200);
    expect(body.items).toMatchObject([
      { kind: 'question', by: { user: street.user, organisation: OFFICE } },
      { kind: 'answer', answerTo: asked.comment.id, by: { user: chief.user } },
    ]);
    expect(body.people).toEqual({ [street.user]: street.user, [chief.user]: chief.user });
    await elsewhere.get(`tasks/${ID}/comments`).expect(403);
    const told = await api.store.notifications.model
      .find({ kind: 'task-asked' })
      .sort({ writtenAt: 1 })
      .lean();
    expect(told.map(({ to }) => to)).toEqual([
      { organisations: [OFFICE], notUsers: [street.user] },
      { users: [street.user], organisation: OFFICE },
    ]);
    expect(JSON.stringify(told)).not.toContain('图纸');
    expect(api.engine.sent).toEqual([]);
  });

  test('a copy lets its addressee read the task and no more, and shows once that they have', async () => {
    await put();
    await elsewhere.get(`tasks/${ID}`).expect(403);
    await elsewhere.post(`tasks/${ID}/copy`, { organisation: '371302-s2' }).expect(403);
    const copy = { organisation: '371302-s2', user: elsewhere.user, note: '样例：知悉' };
    await street.post(`tasks/${ID}/copy`, { ...copy, user: chief.user }).expect(422);
    await street.post(`tasks/${ID}/copy`, { organisation: 'nowhere' }).expect(422);
    await street.post(`tasks/${ID}/copy`, copy).expect(201);
    await street.post(`tasks/${ID}/copy`, copy).expect(201);
    const told = await api.store.notifications.model.find({ kind: 'task-copied' }).lean();
    expect(told.map(({ to }) => to)).toEqual([{ users: [elsewhere.user], organisation: '371302-s2' }]);
    const { body } = await elsewhere.get(`tasks/${ID}`).expect(200);
    expect(body.example).toBeUndefined();
    await elsewhere.post(`tasks/${ID}/completion`, { confirmed: true }).expect(403);
    expect((await elsewhere.get('copies?unread=true').expect(200)).body.items).toHaveLength(1);
    const copies = async (person: Person) => (await person.get(`tasks/${ID}/copies`).expect(200)).body;
    expect(await copies(elsewhere)).toMatchObject({ unread: true, mayCopy: false });
    expect(await copies(street)).toMatchObject({ unread: false, mayCopy: true });
    await elsewhere.post(`tasks/${ID}/reading`).expect(204);
    await elsewhere.post(`tasks/${ID}/reading`).expect(204);
    expect(await copies(elsewhere)).toMatchObject({ unread: false });
    expect((await elsewhere.get('copies?unread=true').expect(200)).body.items).toEqual([]);
    const shown = await street.get(`tasks/${ID}/copies`).expect(200);
    expect(shown.body.items).toMatchObject([{ ...copy, reads: [{ user: elsewhere.user }] }]);
    expect(Object.keys(shown.body.people as object).sort()).toEqual([elsewhere.user, street.user].sort());
    await street.post(`tasks/${ID}/reading`).expect(404);
  });

  test('a form with an unknown field is refused before the engine is asked, and so is a closed task', async () => {
    await put();
    await street.post(`tasks/${ID}/claim`, { surprise: true }).expect(400);
    await street.post(`tasks/${ID}/transfer`, {}).expect(400);
    await api.store.tasks.model.collection.deleteMany({});
    await put({ status: 'completed' });
    expect((await street.post(`tasks/${ID}/claim`, {}).expect(409)).body.code).toBe('task-not-open');
    await street.post('tasks/project.371302-2028-0009.control.1.1/claim', {}).expect(404);
    expect(api.engine.sent).toEqual([]);
  });
});
