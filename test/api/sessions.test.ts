import request from 'supertest';
import { tokenHash } from '../../api/auth/credentials';
import { hashPassword } from '../../api/auth/passwords';
import { logIn, personOf, startApi, type TestApi } from './api';

describe('log-in', () => {
  let api: TestApi;
  const PASSWORD = 'a long enough password';

  beforeAll(async () => {
    api = await startApi({ sessionLife: { wholeMs: 3_600_000, idleMs: 600_000 } });
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

  test('a session that nobody used for as long as it may idle is no session, one that was used is', async () => {
    const MINUTE = 60_000;
    const [idle, used] = [await logIn(api.store, 'u-wang'), await logIn(api.store, 'u-wang')];
    const at = (token: string) => api.store.sessions.model.findById(tokenHash(token)).lean();
    const lastUsed = (token: string, ago: number) =>
      api.store.sessions.model.updateOne(
        { _id: tokenHash(token) },
        { lastUsedAt: new Date(Date.now() - ago) },
      );
    await lastUsed(idle, 10 * MINUTE);
    await personOf(api.app, 'u-wang', idle).get('tasks').expect(401);
    await lastUsed(used, 9 * MINUTE);
    await personOf(api.app, 'u-wang', used).get('tasks').expect(200);
    expect((await at(used))?.lastUsedAt.getTime()).toBeGreaterThan(Date.now() - MINUTE);
  });

  test('what a page asks by itself while nobody is there keeps no session alive', async () => {
    const token = await logIn(api.store, 'u-wang');
    const before = new Date(Date.now() - 5 * 60_000);
    const used = async () => (await api.store.sessions.model.findById(tokenHash(token)).lean())?.lastUsedAt;
    await api.store.sessions.model.updateOne({ _id: tokenHash(token) }, { lastUsedAt: before });
    await personOf(api.app, 'u-wang', token).get('tasks').set('X-Unattended', 'true').expect(200);
    expect(await used()).toEqual(before);
  });

  test('the last use is written at most once a minute', async () => {
    const token = await logIn(api.store, 'u-wang');
    const half = new Date(Date.now() - 30_000);
    await api.store.sessions.model.updateOne({ _id: tokenHash(token) }, { lastUsedAt: half });
    await personOf(api.app, 'u-wang', token).get('tasks').expect(200);
    const row = await api.store.sessions.model.findById(tokenHash(token)).lean();
    expect(row?.lastUsedAt).toEqual(half);
  });

  describe('elsewhere', () => {
    const logInFrom = async (username: string, agent: string) => {
      const { body } = await post(username, PASSWORD).set('User-Agent', agent).expect(201);
      return personOf(api.app, `u-${username}`, body.token);
    };
    interface Listed {
      id: string;
      current: boolean;
      userAgent: string;
    }
    const listOf = async (person: ReturnType<typeof personOf>): Promise<Listed[]> =>
      (await person.get('sessions').expect(200)).body.items;

    test('one’s sessions are listed, without token or hash, and no one else’s', async () => {
      await addUser('zhao');
      const [desk, home] = [await logInFrom('zhao', 'desk'), await logInFrom('zhao', 'home')];
      const items = await listOf(desk);
      expect(items.map(({ userAgent, current }) => ({ userAgent, current }))).toEqual([
        { userAgent: 'home', current: false },
        { userAgent: 'desk', current: true },
      ]);
      const text = JSON.stringify(items);
      for (const { token } of [desk, home]) {
        expect(text).not.toContain(token);
        expect(text).not.toContain(tokenHash(token));
      }
    });

    test('one of them is ended at once, the others stay', async () => {
      await addUser('qian');
      const [desk, home] = [await logInFrom('qian', 'desk'), await logInFrom('qian', 'home')];
      await home.get('tasks').expect(200);
      const [first] = await listOf(desk);
      await desk.delete(`sessions/${first?.id}`).expect(204);
      await home.get('tasks').expect(401);
      await desk.get('tasks').expect(200);
      await desk.delete(`sessions/${first?.id}`).expect(404);
    });

    test('all others are ended at once', async () => {
      await addUser('sun');
      const people = [];
      for (const agent of ['desk', 'home', 'bus']) people.push(await logInFrom('sun', agent));
      const [desk, ...others] = people;
      for (const other of others) await other.get('tasks').expect(200);
      await desk?.delete('sessions').expect(204);
      for (const other of others) await other.get('tasks').expect(401);
      await desk?.get('tasks').expect(200);
    });

    test('a session that was ended is believed by another process for three seconds at most', async () => {
      await addUser('zheng');
      const { body } = await post('zheng', PASSWORD).expect(201);
      const there = personOf(api.again({}), 'u-zheng', body.token);
      await there.get('tasks').expect(200);
      await personOf(api.app, 'u-zheng', body.token).delete('sessions/current').expect(204);
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await there.get('tasks').expect(401);
    });

    test('nobody ends the session of another, nor by the token’s hash', async () => {
      await addUser('wu');
      const [wu, zhao] = [await logInFrom('wu', 'desk'), await logInFrom('zhao', 'desk')];
      const [session] = await listOf(wu);
      await zhao.delete(`sessions/${session?.id}`).expect(404);
      await wu.delete(`sessions/${tokenHash(wu.token)}`).expect(404);
      await wu.get('tasks').expect(200);
    });
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

  test('P1.4: a new password is none that is guessed first, and none of the last five', async () => {
    const words = ['teapot', 'kettle', 'saucer', 'spoons', 'napkin'].map((word) => `${word} of the city`);
    await addUser('feng');
    let current = PASSWORD;
    const change = async (next: string) => {
      const { body } = await post('feng', current).expect(201);
      return personOf(api.app, 'u-feng', body.token).put('sessions/current/password', { current, next });
    };
    for (const next of ['Password12345', 'feng feng 2026 x', PASSWORD]) {
      const { body } = await change(next);
      expect(body).toMatchObject({ code: 'rule-violated', basis: expect.stringContaining('身份鉴别') });
    }
    for (const next of words) {
      expect((await change(next)).status).toBe(204);
      current = next;
    }
    expect((await change(words[0] as string)).status).toBe(422);
    expect((await change(words[4] as string)).status).toBe(422);
    // Five others have been in use since.
    expect((await change(PASSWORD)).status).toBe(204);
    const row = await api.store.users.find('u-feng');
    expect(row?.formerPasswords).toHaveLength(4);
  });
});
