import type { Task } from '../../domain/task';
import { taskRow } from '../../store/tasks';
import { NOW, startApi, type Person, type TestApi } from './api';

const ID = 'project.371302-2028-0001.control.1.1';
const OFFICE = '371302-s1';
const DAY = 86_400_000;

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
  role: 'signatory',
  notBy: [],
  status: 'open',
  context: { project: '样例', enterAt: 'tendering', documents: [] },
  assignedAt: '2027-03-01T01:00:00.000Z',
  overdue: false,
  suspended: false,
};

describe('P1.4: stand-ins 代理', () => {
  let api: TestApi;
  let street: Person;
  let chief: Person;
  let third: Person;
  let security: Person;

  beforeAll(async () => {
    api = await startApi();
    street = await api.as(OFFICE);
    chief = await api.as(OFFICE, 'signatory');
    third = await api.as('371302-s2');
    security = await api.administrator('security');
    api.engine.onUpdate = (sent) => api.record(sent);
  });
  afterAll(() => api.stop());
  beforeEach(async () => {
    api.at(NOW);
    api.engine.sent.length = 0;
    for (const { model } of [api.store.tasks, api.store.standIns, api.store.accessLog]) {
      await model.collection.deleteMany({});
    }
    // Whatever is believed of a caller is forgotten with every change of a user.
    await security.patch(`users/${third.user}`, { displayName: '样例' }).expect(200);
  });

  const put = (change: Partial<Task> = {}) =>
    api.store.tasks.model.collection.insertOne(taskRow({ ...TASK, ...change }, 1) as never);
  const WEEK = { from: '2027-03-01', until: '2027-03-05' };
  const name = async (change: object = {}): Promise<string> =>
    (await chief.post('me/stand-ins', { standIn: street.user, ...WEEK, ...change }).expect(201)).body.id;
  const inbox = async (person: Person) =>
    (await person.get('tasks?status=open&mine=true').expect(200)).body.items;

  test('who stands in finds the other’s tasks marked, decides them in the other’s role, and signs for whom', async () => {
    await put({ holder: chief.user });
    await street.post(`tasks/${ID}/completion`, { confirmed: true }).expect(403);
    expect((await inbox(street))[0].standInFor).toBeUndefined();
    await name({ reason: '样例：外出培训' });
    expect(await inbox(street)).toMatchObject([{ id: ID, holder: chief.user, standInFor: chief.user }]);
    const { people } = (await street.get('tasks?status=open&mine=true').expect(200)).body;
    expect(people).toEqual({ [chief.user]: chief.user });
    expect((await inbox(chief))[0].standInFor).toBeUndefined();
    const { body } = await street.get(`tasks/${ID}`).expect(200);
    expect(body).toMatchObject({ standInFor: chief.user, example: { confirmed: true } });
    expect((body.acts as { act: string }[]).map(({ act }) => act)).toContain('release');
    await street.post(`tasks/${ID}/completion`, { confirmed: true }).expect(200);
    await street.post(`tasks/${ID}/release`, {}).expect(200);
    const by = { user: street.user, for: chief.user, organisation: OFFICE };
    expect(api.engine.sent.map(({ argument }) => argument['by'])).toEqual([by, by]);
  });

  test('what is their own to do they do in their own name', async () => {
    const { role: _, ...task } = TASK;
    await api.store.tasks.model.collection.insertOne(taskRow(task, 1) as never);
    await name();
    expect((await inbox(street))[0].standInFor).toBeUndefined();
    await street.post(`tasks/${ID}/completion`, { confirmed: true }).expect(200);
    expect(api.engine.sent[0]?.argument['by']).toEqual({ user: street.user, organisation: OFFICE });
  });

  test('whom one can name is told: the others of one’s own organisations who are in office, and nobody else', async () => {
    const left = { _id: 'sample-left', username: 'sample-left', passwordHash: 'none', disabled: true };
    const seats = [{ organisation: OFFICE, role: 'handler' as const }];
    await api.store.users.model.create({ ...left, seats, createdAt: new Date() });
    const { items } = (await chief.get('me/colleagues').expect(200)).body;
    expect(items).toEqual([
      { user: street.user, name: street.user, organisation: OFFICE, roles: ['handler'] },
    ]);
    await security.get('me/colleagues').expect(403);
  });

  test('it holds from its first day to its last, for its kinds, and ends early', async () => {
    await put({ holder: chief.user });
    const id = await name({ from: '2027-03-02', kinds: ['intake-confirmation'] });
    const decide = () => street.post(`tasks/${ID}/completion`, { confirmed: true });
    await decide().expect(403);
    const on = async (day: number) => {
      api.at(NOW + day * DAY);
      await security.patch(`users/${third.user}`, { displayName: '样例' }).expect(200);
    };
    await on(1);
    await decide().expect(200);
    await on(4);
    await decide().expect(200);
    await on(5);
    await decide().expect(403);
    await on(4);
    await third.post(`me/stand-ins/${id}/end`).expect(404);
    expect((await street.post(`me/stand-ins/${id}/end`).expect(200)).body).toMatchObject({
      holds: false,
      over: true,
      ended: { by: street.user },
    });
    await decide().expect(403);
    await name({ kinds: ['co-signature'], until: '2027-03-12' });
    await decide().expect(403);
  });

  test('a stand-in’s stand-in is nobody, and whoever has left lends nothing', async () => {
    const other = `${OFFICE}-other`;
    await api.store.users.model.create({
      _id: other,
      username: other,
      passwordHash: 'none',
      seats: [{ organisation: OFFICE, role: 'handler' }],
      mustChangePassword: false,
      disabled: false,
      sample: false,
      createdAt: new Date(),
    });
    await put({ holder: other });
    await security
      .post('stand-ins', { user: other, standIn: chief.user, ...WEEK, reason: '样例：住院' })
      .expect(201);
    await name();
    await street.post(`tasks/${ID}/completion`, { confirmed: true }).expect(403);
    const disabled = async (is: boolean) => {
      await api.store.users.model.updateOne({ _id: chief.user }, { $set: { disabled: is } });
      await security.patch(`users/${third.user}`, { displayName: '样例' }).expect(200);
    };
    await disabled(true);
    await api.store.tasks.model.collection.deleteMany({});
    await put({ holder: chief.user });
    await street.post(`tasks/${ID}/completion`, { confirmed: true }).expect(403);
    await disabled(false);
    await street.post(`tasks/${ID}/completion`, { confirmed: true }).expect(200);
  });

  test('nobody else, nobody elsewhere, no period that is over or longer than a year, no unknown kind', async () => {
    const refused = async (change: object): Promise<string[]> => {
      const { body } = await chief
        .post('me/stand-ins', { standIn: street.user, ...WEEK, ...change })
        .expect(422);
      return (body.violations as { path: string }[]).map(({ path }) => path);
    };
    expect(await refused({ standIn: chief.user })).toEqual(['standIn']);
    expect(await refused({ standIn: third.user })).toEqual(['standIn']);
    expect(await refused({ standIn: 'nobody' })).toEqual(['standIn']);
    expect(await refused({ organisation: '371302-s2' })).toEqual(['organisation', 'standIn']);
    expect(await refused({ from: '2027-03-06' })).toEqual(['until']);
    expect(await refused({ from: '2027-02-01', until: '2027-02-28' })).toEqual(['until']);
    expect(await refused({ until: '2028-03-05' })).toEqual(['until']);
    expect(await refused({ kinds: ['no-such-kind'] })).toEqual(['kinds.0']);
    await chief
      .post('me/stand-ins', { standIn: street.user, from: '2027-02-30', until: '2027-03-05' })
      .expect(400);
    expect(await api.store.standIns.model.countDocuments()).toBe(0);
  });

  test('the security administrator names one for somebody absent, with a reason; others neither name nor see it', async () => {
    const body = { user: chief.user, standIn: street.user, ...WEEK };
    await security.post('stand-ins', body).expect(400);
    const made = await security.post('stand-ins', { ...body, reason: '样例：住院' }, 'one-key').expect(201);
    expect(await api.store.notifications.find(`stand-in.${made.body.id}`)).toMatchObject({
      kind: 'stand-in-named',
      to: { users: [street.user, chief.user], organisation: OFFICE },
    });
    const again = await security.post('stand-ins', { ...body, reason: '样例：住院' }, 'one-key').expect(201);
    expect(again.body).toEqual(made.body);
    await chief.post('stand-ins', { ...body, reason: '样例' }).expect(403);
    await (await api.administrator('system')).get('stand-ins').expect(403);
    const audit = await api.administrator('audit');
    expect((await audit.get(`stand-ins?organisation=${OFFICE}`).expect(200)).body.items).toHaveLength(1);
    expect((await chief.get('me/stand-ins').expect(200)).body).toMatchObject({
      named: [{ standIn: street.user, namedBy: security.user, holds: true }],
      standingInFor: [],
      people: { [chief.user]: chief.user, [street.user]: street.user, [security.user]: security.user },
    });
    expect((await street.get('me/stand-ins').expect(200)).body.standingInFor).toHaveLength(1);
    await security.post(`stand-ins/${made.body.id}/end`).expect(200);
    const { items } = (await audit.get(`access-log?user=${security.user}`).expect(200)).body;
    const told = (items as { kind: string; of: string; reason?: string }[]).filter(
      ({ kind }) => kind === 'stand-in',
    );
    expect(told.map(({ of }) => of.split(' ')[0]).sort()).toEqual(['ended', 'named']);
    expect(told[0]).toMatchObject({ reason: '样例：住院' });
  });
});
