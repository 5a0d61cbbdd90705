import request from 'supertest';
import type { Express } from 'express';
import { hashPassword } from '../../api/auth/passwords';
import { codeAt, fromBase32, stepAt } from '../../api/auth/totp';
import { personOf, startApi, type Person, type TestApi } from './api';

const PASSWORD = 'a long enough password';

describe('P1.4: a second factor', () => {
  let api: TestApi;
  let strict: Express;

  beforeAll(async () => {
    api = await startApi();
    strict = api.again({ secondFactor: 'signatories-and-administrators' });
  });
  afterAll(() => api.stop());

  async function addUser(username: string, change: object = {}): Promise<void> {
    await api.store.users.model.create({
      _id: `u-${username}`,
      username,
      passwordHash: await hashPassword(PASSWORD),
      seats: [{ organisation: '371302-housing', role: 'handler' }],
      createdAt: new Date(),
      ...change,
    });
  }

  const post = (username: string, code?: string, app = api.app) =>
    request(app)
      .post('/api/v1/sessions')
      .send({ username, password: PASSWORD, ...(code === undefined ? {} : { code }) });
  async function enter(username: string, code?: string, app = api.app): Promise<Person> {
    const { body } = await post(username, code, app).expect(201);
    return personOf(app, `u-${username}`, body.token);
  }
  /** The code of so many steps after now. */
  const codeOf = (secret: string, later = 0) => codeAt(fromBase32(secret), stepAt(Date.now()) + later);
  /** As if half a minute had passed since the last code: each is good once. */
  const halfAMinute = () => api.store.secondFactors.model.updateMany({}, { lastStep: 0 });
  async function enrol(person: Person): Promise<{ secret: string; code: string; recoveryCodes: string[] }> {
    const offered = await person.post('sessions/current/second-factor', { password: PASSWORD }).expect(201);
    const { secret } = offered.body as { secret: string };
    const code = codeOf(secret);
    const confirmed = await person.post('sessions/current/second-factor/confirmation', { code }).expect(200);
    return { secret, code, recoveryCodes: confirmed.body.recoveryCodes };
  }

  test('is asked for once it is enrolled, and a code is good once', async () => {
    await addUser('wang');
    const desk = await enter('wang');
    const home = await enter('wang');
    const { secret, code: confirming } = await enrol(desk);
    await home.get('tasks').expect(401);
    expect((await desk.get('sessions/current').expect(200)).body.user.secondFactor).toBe('passed');

    const missing = await post('wang').expect(401);
    expect(missing.body).toMatchObject({ code: 'second-factor-required', title: '请输入动态口令' });
    await post('wang', '000000').expect(401);
    // The one with which it was confirmed is used up, too.
    await post('wang', confirming).expect(401);
    await halfAMinute();
    const code = codeOf(secret);
    const person = await enter('wang', code);
    await person.get('tasks').expect(200);
    expect((await post('wang', code).expect(401)).body.detail).toBe('动态口令错误或已使用');
  });

  test('of two log-ins with one code at the same time one is let in', async () => {
    await addUser('twice');
    const { secret } = await enrol(await enter('twice'));
    await halfAMinute();
    const code = codeOf(secret);
    const statuses = (await Promise.all([1, 2, 3, 4].map(() => post('twice', code)))).map(
      (one) => one.status,
    );
    expect(statuses.sort()).toEqual([201, 401, 401, 401]);
  });

  test('is replaced by a recovery code, each once, however it is typed', async () => {
    await addUser('zhao');
    const { recoveryCodes } = await enrol(await enter('zhao'));
    expect(recoveryCodes).toHaveLength(10);
    const [first = '', second = ''] = recoveryCodes;
    const person = await enter('zhao', first);
    await post('zhao', first).expect(401);
    await enter('zhao', second.toUpperCase().replaceAll('-', ' '));
    const { body } = await person.get('sessions/current/second-factor').expect(200);
    expect(body).toEqual({ enrolled: true, required: false, recoveryCodesLeft: 8 });
  });

  test('is stored sealed, and its recovery codes as hashes', async () => {
    await addUser('qian');
    const { secret, recoveryCodes } = await enrol(await enter('qian'));
    const rows = JSON.stringify(await api.store.secondFactors.model.find().lean());
    expect(rows).toContain('sealed:');
    for (const text of [secret, ...recoveryCodes]) expect(rows).not.toContain(text);
  });

  test('that was offered counts only when it has been confirmed, and password and code guard its change', async () => {
    await addUser('sun');
    const person = await enter('sun');
    const offer = (body: object) => person.post('sessions/current/second-factor', body);
    await offer({}).expect(401);
    await offer({ password: 'not the password' }).expect(401);
    await offer({ password: PASSWORD }).expect(201);
    await enter('sun');
    await person.post('sessions/current/second-factor/confirmation', { code: '000000' }).expect(401);
    const { secret } = await enrol(person);
    expect((await offer({ password: PASSWORD }).expect(401)).body.code).toBe('second-factor-required');
    await person.post('sessions/current/second-factor/removal', { password: PASSWORD }).expect(401);
    const both = { password: PASSWORD, code: codeOf(secret, 1) };
    await person.post('sessions/current/second-factor/removal', both).expect(204);
    await enter('sun');
  });

  test('cannot be guessed: wrong codes lock the name, and asking for the code in between opens no lock', async () => {
    await addUser('guessed');
    const { secret } = await enrol(await enter('guessed'));
    for (let n = 0; n < 10; n += 1) {
      await post('guessed', '000000').expect(401);
      if (n < 9) await post('guessed').expect(401);
    }
    await post('guessed', codeOf(secret, 1)).expect(429);
  });

  test('where it is required, who has none may only enrol', async () => {
    await addUser('boss', { seats: [{ organisation: '371302-housing', role: 'signatory' }] });
    await addUser('keeper', { seats: [], systemRole: 'security' });
    await addUser('clerk');
    await (await enter('clerk', undefined, strict)).get('tasks').expect(200);
    for (const name of ['boss', 'keeper']) {
      const person = await enter(name, undefined, strict);
      const refused = await person.get('organisations').expect(403);
      expect(refused.body.detail).toBe('请先绑定动态口令');
      expect((await person.get('sessions/current')).body.user.secondFactor).toBe('required');
      const { secret } = await enrol(person);
      await person.get('organisations').expect(200);
      const removal = { password: PASSWORD, code: codeOf(secret) };
      await person.post('sessions/current/second-factor/removal', removal).expect(422);
    }
  });

  test('that was lost is removed by the security administrator, and by nobody else', async () => {
    await addUser('wu');
    const person = await enter('wu');
    await enrol(person);
    const [security, system] = [await api.administrator('security'), await api.administrator('system')];
    await system.delete('users/u-wu/second-factor').expect(403);
    await security.delete(`users/${security.user}/second-factor`).expect(403);
    await security.delete('users/u-wu/second-factor').expect(204);
    await person.get('tasks').expect(401);
    await enter('wu');
  });

  test('is shown later in a session that was begun without it', async () => {
    await addUser('late');
    const { secret } = await enrol(await enter('late'));
    await halfAMinute();
    const person = await enter('late', codeOf(secret));
    await api.store.sessions.model.updateMany({ user: 'u-late' }, { secondFactor: 'missing' });
    const again = personOf(api.again({}), 'u-late', person.token);
    await again.get('tasks').expect(403);
    await again.post('sessions/current/second-factor/proof', { code: '000000' }).expect(401);
    await again.post('sessions/current/second-factor/proof', { code: codeOf(secret, 1) }).expect(204);
    await again.get('tasks').expect(200);
  });
});
