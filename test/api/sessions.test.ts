import request from 'supertest';
import { tokenHash } from '../../api/auth/authenticator';
import { hashPassword } from '../../api/auth/passwords';
import { logIn, personOf, startApi, type TestApi } from './api';

describe('log-in', () => {
  let api: TestApi;
  const PASSWORD = 'a long enough password';

  beforeAll(async () => {
    api = await startApi({ sessionMs: 3_600_000 });
  });
  afterAll(() => api.stop());

  async function addUser(username: string, change: object = {}): Promise<void> {
    await api.store.users.model.create({
      _id: `u-${username}`,
      username,
      passwordHash: await hashPassword(PASSWORD),
      seats: [{ organisation: '371302-housing', role: 'handler' }],
      mustChangePassword: false,
      disabled: false,
      sample: false,
      createdAt: new Date(),
      ...change,
    });
  }

  const post = (username: string, password: string) =>
    request(api.app).post('/api/v1/sessions').send({ username, password });

  test('answers a token, its end, and who one is', async () => {
    await addUser('wang');
    const { body } = await post('wang', PASSWORD).expect(201);
    expect(body.user).toMatchObject({ id: 'u-wang', username: 'wang', roles: ['handler'] });
    expect(body.user.organisations[0]).toMatchObject({
      id: '371302-housing',
      level: 'county',
      area: '371302',
    });
    const left = Date.parse(body.expiresAt) - Date.now();
    expect(left).toBeGreaterThan(3_590_000);
    expect(left).toBeLessThanOrEqual(3_600_000);
    await personOf(api.app, 'u-wang', body.token).get('sessions/current').expect(200);
  });

  test('stores the token’s hash only', async () => {
    const { body } = await post('wang', PASSWORD).expect(201);
    const rows = await api.store.sessions.model.find().lean();
    expect(JSON.stringify(rows)).not.toContain(body.token);
    expect(rows.map(({ _id }) => _id)).toContain(tokenHash(body.token));
  });

  test('a wrong password, an unknown user and a disabled one are told the same', async () => {
    await addUser('gone', { disabled: true });
    const answers = await Promise.all([
      post('wang', 'not the password').expect(401),
      post('nobody', PASSWORD).expect(401),
      post('gone', PASSWORD).expect(401),
    ]);
    const [first, ...others] = answers.map(({ body: { instance: _, ...problem } }) => problem);
    for (const other of others) expect(other).toEqual(first);
  });

  test('after ten failures the name is locked, even for the right password; others are not', async () => {
    await addUser('locked');
    for (let n = 0; n < 10; n += 1) await post('locked', `guess number ${n}`).expect(401);
    const { body, headers } = await post('locked', PASSWORD).expect(429);
    expect(body.code).toBe('too-many-requests');
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    await post('wang', PASSWORD).expect(201);
  });

  test('log-out ends the session at once', async () => {
    const { body } = await post('wang', PASSWORD).expect(201);
    const person = personOf(api.app, 'u-wang', body.token);
    await person.get('tasks').expect(200);
    await person.delete('sessions/current').expect(204);
    const after = await person.get('tasks').expect(401);
    expect(after.headers['www-authenticate']).toBe('Bearer');
  });

  test('a session that has ended is no session', async () => {
    const token = await logIn(api.store, 'u-wang');
    await api.store.sessions.model.updateOne(
      { _id: tokenHash(token) },
      { expiresAt: new Date(Date.now() - 1) },
    );
    await personOf(api.app, 'u-wang', token).get('tasks').expect(401);
  });

  test('advancing a rehearsal’s clock by a year logs nobody out', async () => {
    const token = await logIn(api.store, 'u-wang');
    api.at(Date.parse('2028-03-01T12:00:00+08:00'));
    await personOf(api.app, 'u-wang', token).get('tasks').expect(200);
  });

  test('without a token, with an invented one and with another scheme nothing is shown', async () => {
    for (const authorization of [undefined, `Bearer ${'x'.repeat(43)}`, 'Basic d2FuZzp4', 'Bearer']) {
      const get = request(api.app).get('/api/v1/projects');
      if (authorization !== undefined) get.set('Authorization', authorization);
      const { body } = await get.expect(401);
      expect(body.code).toBe('unauthenticated');
    }
  });

  test('a generated password must be changed before anything else', async () => {
    await addUser('fresh', { mustChangePassword: true });
    const { body } = await post('fresh', PASSWORD).expect(201);
    expect(body.user.mustChangePassword).toBe(true);
    const person = personOf(api.app, 'u-fresh', body.token);
    const refused = await person.get('tasks').expect(403);
    expect(refused.body.detail).toBe('请先修改初始密码');
    await person.put('sessions/current/password', { current: PASSWORD, next: 'short' }).expect(400);
    await person
      .put('sessions/current/password', { current: 'wrong', next: 'another long password' })
      .expect(401);
    await person
      .put('sessions/current/password', { current: PASSWORD, next: 'another long password' })
      .expect(204);
    await person.get('tasks').expect(401);
    const again = await post('fresh', 'another long password').expect(201);
    await personOf(api.app, 'u-fresh', again.body.token).get('tasks').expect(200);
  });
});
