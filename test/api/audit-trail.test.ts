import request from 'supertest';
import { hashPassword } from '../../api/auth/passwords';
import { startApi, type Person, type TestApi } from './api';

/** 三员分立: what the one administrators do, and who comes in, the other one reads. */
describe('what the audit administrator finds in the access log', () => {
  let api: TestApi;
  let audit: Person;
  let security: Person;
  beforeAll(async () => {
    api = await startApi();
    [audit, security] = [await api.administrator('audit'), await api.administrator('security')];
    await api.store.users.model.updateOne(
      { _id: security.user },
      { $set: { passwordHash: await hashPassword('一段足够长的样例口令') } },
    );
  }, 60_000);
  afterAll(() => api.stop());

  const entries = async (user: string): Promise<{ kind: string; of: string; count: number }[]> =>
    (await audit.get(`access-log?user=${user}`).expect(200)).body.items;
  const logIn = (username: string, password: string) =>
    request(api.app).post('/api/v1/sessions').send({ username, password });

  test('P1.4: whatever an administrator changes, by name and of what', async () => {
    const office = await api.as('371302-audit');
    await security.patch(`users/${office.user}`, { disabled: true }).expect(200);
    await security.patch('users/nobody', { disabled: true }).expect(404);
    const found = (await entries(security.user)).filter(({ kind }) => kind === 'administration');
    expect(found).toMatchObject([
      { of: `changeUser ${office.user}`, title: '更正席位、停用或重设密码', count: 1 },
    ]);
    const { body } = await audit.get(`access-log?user=${security.user}`).expect(200);
    expect(body.people).toMatchObject({ [security.user]: security.user });
  });

  test('P1.4: log-ins, and failed ones by the account, never by what was typed', async () => {
    const typed = 'a password in the wrong field';
    await logIn(security.user, '一段足够长的样例口令').expect(201);
    await logIn(security.user, 'not the password').expect(401);
    await logIn(typed, 'x').expect(401);
    const kinds = (await entries(security.user)).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['log-in', 'log-in-failed']));
    expect((await entries('unknown'))[0]).toMatchObject({ kind: 'log-in-failed', of: 'unknown' });
    const everything = await api.store.accessLog.model.find().lean();
    expect(JSON.stringify(everything)).not.toContain(typed);
  });

  test('what officers decide is in the record, not here', async () => {
    const office = await api.as('371302-housing');
    await office.get('projects').expect(200);
    expect(await entries(office.user)).toEqual([]);
  });
});
