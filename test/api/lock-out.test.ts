import request from 'supertest';
import type { Express } from 'express';
import { hashPassword } from '../../api/auth/passwords';
import { countedAddress } from '../../api/http/address';
import { startApi, type TestApi } from './api';

const PASSWORD = 'a long enough password';

describe('P1.4: whoever guesses passwords', () => {
  let api: TestApi;
  /** Two processes on one store, behind one proxy. */
  let processes: [Express, Express];

  beforeAll(async () => {
    api = await startApi();
    processes = [api.again({ trustProxy: 'loopback' }), api.again({ trustProxy: 'loopback' })];
    const seats = [{ organisation: '371302-housing', role: 'handler' as const }];
    for (const username of ['wang', 'zhao', 'qian']) {
      await api.store.users.model.create({
        _id: `u-${username}`,
        username,
        passwordHash: await hashPassword(PASSWORD),
        seats,
        createdAt: new Date(),
      });
    }
  });
  afterAll(() => api.stop());

  const post = (process: 0 | 1, username: string, password: string, from = '198.51.100.7') =>
    request(processes[process])
      .post('/api/v1/sessions')
      .set('X-Forwarded-For', from)
      .send({ username, password });
  const all = (count: number, one: (n: number) => PromiseLike<request.Response>) =>
    Promise.all(Array.from({ length: count }, (_, n) => one(n)));

  test('locks the name in every process, a name that nobody has likewise, and is told the same', async () => {
    const answers = [];
    for (const username of ['wang', 'nobody']) {
      const guesses = await all(10, (n) => post((n % 2) as 0 | 1, username, `guess number ${n}`));
      expect(guesses.map(({ status }) => status)).toEqual(Array(10).fill(401));
      const refused = await post(1, username, PASSWORD).expect(429);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(800);
      expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(900);
      answers.push(refused.body);
    }
    const [known, unknown] = answers.map(({ instance: _, ...problem }) => problem);
    expect(known).toEqual(unknown);
    await post(0, 'zhao', PASSWORD).expect(201);
  });

  test('is let in again with the password that the security administrator gives', async () => {
    const security = await api.administrator('security');
    const given = 'teapot on the desk';
    await security.patch('users/u-wang', { password: given }).expect(200);
    const { body } = await post(0, 'wang', given).expect(201);
    expect(body.user.mustChangePassword).toBe(true);
  });

  test('gets no more than ten guesses by sending them all at once', async () => {
    const guesses = await all(25, (n) => post((n % 2) as 0 | 1, 'qian', `guess number ${n}`));
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(guesses.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  test('locks the address after a hundred names, for every name, and no other address', async () => {
    const from = '203.0.113.9';
    for (let round = 0; round < 4; round += 1) {
      await all(25, (n) => post((n % 2) as 0 | 1, `name-${round}-${n}`, PASSWORD, from));
    }
    await post(0, 'zhao', PASSWORD, from).expect(429);
    await post(1, 'zhao', PASSWORD, from).expect(429);
    await post(0, 'zhao', PASSWORD, '203.0.113.10').expect(201);
  });

  test('is told who he is not in the same time, whatever the name', async () => {
    // A sample account's hash is cheap, which the time must not tell either.
    const cheap =
      '$argon2id$v=19$m=1024,t=1,p=1$c2FtcGxlc2FtcGxlMDE$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    await api.store.users.model.create({
      _id: 'u-cheap',
      username: 'cheap',
      passwordHash: cheap,
      seats: [],
      createdAt: new Date(),
    });
    const time = async (username: string): Promise<number> => {
      const began = performance.now();
      await post(0, username, 'not the password', '192.0.2.1');
      return performance.now() - began;
    };
    const fastest = new Map<string, number>();
    for (let round = 0; round < 4; round += 1) {
      for (const name of ['zhao', 'cheap', 'nobody-else', 'wang']) {
        fastest.set(name, Math.min(fastest.get(name) ?? Infinity, await time(name)));
      }
    }
    const times = [...fastest.values()];
    expect(Math.min(...times)).toBeGreaterThanOrEqual(295);
    expect(Math.max(...times) - Math.min(...times)).toBeLessThan(60);
  });

  test('leaves no typed name behind: people type passwords where the name belongs', async () => {
    await post(0, 'my secret password', 'x', '192.0.2.2').expect(401);
    const kept = JSON.stringify(await api.store.limits.model.find().lean());
    expect(kept).toContain('login-account');
    expect(kept).not.toContain('my secret');
  });
});

describe('what one visitor may send', () => {
  test('is counted in all processes together', async () => {
    const api = await startApi();
    try {
      const processes = [api.app, api.again({})];
      const send = (n: number) =>
        request(processes[n % 2] as Express)
          .post('/api/v1/notices/371302-2028-0001-1/objections')
          .send({ subject: 'budget', text: '样例：预算过高' });
      const statuses = [];
      for (let n = 0; n < 62; n += 1) statuses.push((await send(n)).status);
      expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    } finally {
      await api.stop();
    }
  });
});

describe('an address is counted as', () => {
  test.each([
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::'],
    ['2001:db8::1', '2001:db8:0:0::'],
    ['::1', '0:0:0:0::'],
    ['fe80::1%eth0', 'fe80:0:0:0::'],
    [undefined, 'unknown'],
  ])('%s → %s', (address, counted) => {
    expect(countedAddress(address)).toBe(counted);
  });
});
