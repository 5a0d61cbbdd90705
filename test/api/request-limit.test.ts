import request from 'supertest';
import type { Express } from 'express';
import { RequestGuard } from '../../api/http/request-guard';
import { logIn, personOf, startApi, type Person, type TestApi } from './api';

describe('how many requests one may send', () => {
  let api: TestApi;
  let processes: Express[];
  let user: string;

  beforeAll(async () => {
    api = await startApi();
    user = (await api.as('371302-housing')).user;
    const limit = { requestLimit: { accountPerMinute: 20, addressPerMinute: 60 }, trustProxy: 'loopback' };
    processes = [api.again(limit), api.again(limit)];
  });
  afterEach(() => api.store.limits.model.deleteMany({}));
  afterAll(() => api.stop());

  const inEach = (token: string): Person[] => processes.map((app) => personOf(app, user, token));

  test('is counted for an account in all processes together, whatever session and address', async () => {
    const [one, other] = [await logIn(api.store, user), await logIn(api.store, user)];
    const people = [...inEach(one), ...inEach(other)];
    const statuses: number[] = [];
    for (let n = 0; n < 24; n += 1) {
      const get = people[n % 4]?.get('organisations').set('X-Forwarded-For', `198.51.100.${n}`);
      statuses.push((await get)?.status ?? 0);
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    const refused = await people[0]?.get('organisations').expect(429);
    expect(refused?.body.code).toBe('too-many-requests');
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(30);
    expect(Number(refused?.headers['retry-after'])).toBeLessThanOrEqual(60);
  });

  test('is counted for an address, logged in or not; operators’ machines are not counted', async () => {
    const limit = { requestLimit: { accountPerMinute: 20, addressPerMinute: 60 }, trustProxy: 'loopback' };
    const fresh = [api.again(limit), api.again(limit)];
    const statuses: number[] = [];
    for (let n = 0; n < 66; n += 1) {
      const get = request(fresh[n % 2] as Express)
        .get('/api/v1/tasks')
        .set('X-Forwarded-For', '203.0.113.5');
      statuses.push((await get).status);
    }
    expect(statuses.filter((status) => status === 401).length).toBeGreaterThanOrEqual(58);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(6);
    const from = (address: string, path: string) =>
      request(fresh[0] as Express)
        .get(path)
        .set('X-Forwarded-For', address);
    await from('203.0.113.6', '/api/v1/tasks').expect(401);
    await from('203.0.113.5', '/healthz').expect(200);
  });

  test('is kept when they come all at once', async () => {
    const limit = { accountPerMinute: 200, addressPerMinute: 1 };
    const [one, other] = [new RequestGuard(api.store, limit), new RequestGuard(api.store, limit)];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 500 }, (_, n) => (n % 2 === 0 ? one : other).admitAccount('at-once')),
    );
    const admitted = outcomes.filter(({ status }) => status === 'fulfilled').length;
    // A process may keep a part that nobody asked it for.
    expect(admitted).toBeGreaterThan(190);
    expect(admitted).toBeLessThanOrEqual(200);
  });

  test('costs the store a write for a part of the limit, not for each request', async () => {
    const guard = new RequestGuard(api.store, { accountPerMinute: 1_000, addressPerMinute: 1_000 });
    const points = async () =>
      (await api.store.limits.model.findOne({ key: 'requests-account:busy' }).lean())?.points;
    for (let n = 0; n < 20; n += 1) await guard.admitAccount('busy');
    expect(await points()).toBe(20);
    await guard.admitAccount('busy');
    expect(await points()).toBe(40);
  });
});
