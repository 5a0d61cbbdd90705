import { allChoices } from '../../domain/notification/choice';
import { placeOfEmail } from '../../store/users';
import { placeOfWebhookSecret } from '../../store/webhooks';
import { resealPersonal } from '../../store/personal-data';
import { testPersonalKeys } from '../support/keys';
import { NOW, startApi, type Person, type TestApi } from './api';

let api: TestApi;
let officer: Person;
let colleague: Person;
let security: Person;
let system: Person;

beforeAll(async () => {
  api = await startApi();
  officer = await api.as('371302-housing');
  colleague = await api.as('371302-housing', 'signatory');
  security = await api.administrator('security');
  system = await api.administrator('system');
});
afterAll(() => api.stop());

const message = (_id: string, user: string, change: object = {}) => ({
  _id,
  user,
  organisation: '371302-housing',
  kind: 'task-overdue' as const,
  about: {
    projectId: '371302-2028-0042',
    task: { id: 'project.371302-2028-0042.tendering.1.1', title: '招标' },
  },
  at: new Date(NOW),
  inApp: true,
  writtenAt: new Date(),
  ...change,
});

describe('messages', () => {
  beforeAll(() =>
    api.store.messages.add([
      message('m-1', officer.user),
      message('m-2', officer.user, { at: new Date(NOW + 1) }),
      message('m-3', officer.user, { inApp: false }),
      message('m-4', officer.user, { organisation: '371302-finance' }),
      message('m-5', colleague.user),
    ]),
  );

  test('P1.4: everybody reads their own, of the organisations that they are in now, the latest first', async () => {
    const first = await officer.get('messages?limit=1').expect(200);
    expect(first.body.items).toMatchObject([{ id: 'm-2', subject: '已逾期：招标（371302-2028-0042）' }]);
    const rest = await officer.get(`messages?limit=1&cursor=${first.body.nextCursor}`).expect(200);
    expect(rest.body.items.map(({ id }: { id: string }) => id)).toEqual(['m-1']);
    expect(rest.body.nextCursor).toBeUndefined();
  });

  test('P1.4: are marked as read by whom they are for, and by nobody else', async () => {
    await officer.post('messages/m-5/read').expect(404);
    await officer.post('messages/m-1/read').expect(204);
    await officer.post('messages/m-1/read').expect(204);
    const unread = await officer.get('messages?unread=true').expect(200);
    expect(unread.body.items.map(({ id }: { id: string }) => id)).toEqual(['m-2']);
    expect((await colleague.get('messages?unread=true').expect(200)).body.items).toHaveLength(1);
  });
});

describe('notification settings', () => {
  test('are each person’s own, and what is not named stays as it is', async () => {
    const usual = await officer.get('sessions/current/notifications').expect(200);
    expect(usual.body).toEqual({ email: null, choices: allChoices({}) });
    const off = { inApp: false, email: 'off' };
    await officer.put('sessions/current/notifications', { choices: { 'task-closed': off } }).expect(200);
    const email = 'sample@lanshan.example';
    const now = await officer.put('sessions/current/notifications', { email }).expect(200);
    expect(now.body).toEqual({ email, choices: { ...allChoices({}), 'task-closed': off } });
    expect((await colleague.get('sessions/current/notifications').expect(200)).body.email).toBeNull();
    await officer.put('sessions/current/notifications', { email: 'a@b.example, c@d.example' }).expect(400);
    await officer.put('sessions/current/notifications', {}).expect(400);
  });

  test('个人信息保护法 51: an address is sealed at rest, shown to its owner and the security administrator only', async () => {
    const row = await api.store.users.find(officer.user);
    expect(row?.email).toMatch(/^sealed:/);
    const audit = await api.administrator('audit');
    const seenBy = async (person: Person) =>
      (await person.get(`users/${officer.user}`).expect(200)).body.email;
    expect(await seenBy(security)).toBe('sample@lanshan.example');
    expect(await seenBy(audit)).toBeUndefined();
    const listed = await audit.get('users?limit=200').expect(200);
    expect(JSON.stringify(listed.body)).not.toContain('lanshan.example');
    await security.patch(`users/${officer.user}`, { displayName: '样例经办' }).expect(200);
    expect(await seenBy(security)).toBe('sample@lanshan.example');
    await security.patch(`users/${officer.user}`, { email: null }).expect(200);
    expect(await seenBy(security)).toBeUndefined();
  });

  test('a new user’s address is the one that the security administrator wrote', async () => {
    const seats = [{ organisation: '371302-housing', role: 'handler' }];
    const body = {
      username: 'yangli-new',
      password: 'korrekt-pferd-batterie',
      seats,
      email: 'new@lanshan.example',
    };
    const { body: made } = await security.post('users', body).expect(201);
    const row = await api.store.users.find(made.id);
    expect(testPersonalKeys.open(row?.email ?? '', placeOfEmail(made.id))).toBe('new@lanshan.example');
  });
});

describe('a webhook', () => {
  const url = 'https://office.example/jiugai';

  test('P1.4: gets a secret that is shown once, sealed at rest, and the same again under the same key', async () => {
    const body = { organisation: '371302-housing', url, kinds: ['task-overdue'] };
    const first = await security.post('webhooks', body, 'hook-1').expect(201);
    const again = await security.post('webhooks', body, 'hook-1').expect(201);
    expect(again.body).toEqual(first.body);
    const row = await api.store.webhooks.find(first.body.id);
    expect(testPersonalKeys.open(row?.secret ?? '', placeOfWebhookSecret(first.body.id))).toBe(
      first.body.secret,
    );
    const answers = await api.store.answers.model.find().lean();
    expect(JSON.stringify(answers)).not.toContain(first.body.secret);
    const listed = await security.get('webhooks').expect(200);
    expect(JSON.stringify(listed.body)).not.toContain('secret');
    await security.delete(`webhooks/${first.body.id}`).expect(204);
    await security.delete(`webhooks/${first.body.id}`).expect(404);
  });

  test('is refused without an organisation, with two owners, or without encryption on the way', async () => {
    await security.post('webhooks', { url }).expect(422);
    await security.post('webhooks', { url, organisation: 'nowhere-1' }).expect(422);
    await security
      .post('webhooks', { url, organisation: '371302-housing', serviceAccount: 's1' })
      .expect(422);
    const plain = { url: 'http://office.example/jiugai', organisation: '371302-housing' };
    await security.post('webhooks', plain).expect(400);
  });
});

describe('the outbox', () => {
  test('lists the dead for the system administrator, who has them sent again once', async () => {
    const { model } = api.store.outbox;
    const shared = {
      channel: 'email',
      kind: 'task-overdue',
      nextAt: new Date(),
      writtenAt: new Date(),
    } as const;
    await model.create([
      { _id: 'o-dead', ...shared, state: 'dead', attempts: 15, user: 'u1', lastError: 'SMTP 550' },
      { _id: 'o-sent', ...shared, state: 'sent', attempts: 1, user: 'u1', sentAt: new Date() },
    ]);
    const { body } = await system.get('outbox?state=dead').expect(200);
    expect(body.items).toMatchObject([{ id: 'o-dead', attempts: 15, lastError: 'SMTP 550' }]);
    const first = await system.post('outbox/o-dead/resend', {}, 'resend-1').expect(200);
    expect(first.body).toMatchObject({ state: 'pending', attempts: 0 });
    await system.post('outbox/o-dead/resend', {}, 'resend-1').expect(200);
    await system.post('outbox/o-dead/resend', {}).expect(409);
    await system.post('outbox/o-sent/resend', {}).expect(409);
    await system.post('outbox/o-none/resend', {}).expect(404);
    expect((await system.get('outbox').expect(200)).body.items).toEqual([]);
  });
});

test('after a rotation addresses and secrets of webhooks are sealed anew with the others', async () => {
  await api.store.users.setEmail(colleague.user, 'plain@lanshan.example');
  expect(await resealPersonal(api.store, testPersonalKeys)).toEqual({ resealed: 1, unreadable: 0 });
  expect((await api.store.users.find(colleague.user))?.email).toMatch(/^sealed:/);
});
