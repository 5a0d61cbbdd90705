import request from 'supertest';
import { startApi, type Person, type TestApi } from './api';

/** What every request must be, whatever it asks: "Bad input" of the contract. */
describe('requests', () => {
  let api: TestApi;
  let handler: Person;

  beforeAll(async () => {
    api = await startApi();
    handler = await api.as('371302-housing');
  });
  afterAll(() => api.stop());
  afterEach(() => {
    expect(api.engine.sent).toEqual([]);
    expect(api.engine.started).toEqual([]);
    expect(api.logged).toEqual([]);
  });

  const COMMUNITY = {
    name: '样例小区',
    households: 120,
    buildings: 4,
    floorArea: 9600,
    county: '371302',
    subdistrict: '371302-s1',
    neighbourhood: '371302-n1',
  };

  async function refused(body: object | string, status: number, code: string, path?: string): Promise<void> {
    const { body: problem, headers } = await handler.post('communities', body).expect(status);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(problem).toMatchObject({ status, code, type: `urn:jiugai:problem:${code}` });
    if (path !== undefined) expect(problem.errors).toContainEqual({ path, message: expect.any(String) });
    expect(await api.store.communities.model.countDocuments()).toBe(0);
  }

  test('an unknown field is named with its path and changes nothing', () =>
    refused({ ...COMMUNITY, colour: 'red' }, 400, 'invalid-request', 'colour'));

  test('a field of the wrong type is named with its path', () =>
    refused({ ...COMMUNITY, households: '120' }, 400, 'invalid-request', 'households'));

  test('a text that is too long is refused', () =>
    refused({ ...COMMUNITY, name: '长'.repeat(61) }, 400, 'invalid-request', 'name'));

  test('a list that is too long is refused', () =>
    refused({ ...COMMUNITY, deficiencies: Array(51).fill('漏') }, 400, 'invalid-request', 'deficiencies'));

  test('an impossible date is refused with its path', () =>
    refused({ ...COMMUNITY, completedOn: '1997-02-29' }, 400, 'invalid-request', 'completedOn'));

  test('nobody’s telephone or identity number stands in what is entered, and the answer does not repeat it', async () => {
    await refused(
      { ...COMMUNITY, address: '样例路1号，联系人 138 0000 1234' },
      400,
      'invalid-request',
      'address',
    );
    const { text } = await handler
      .post('projects', { communityIds: ['c1'], year: 2028, name: '样例 371302190002301234' })
      .expect(400);
    expect(text).not.toContain('371302190002301234');
    const late = { confirmed: true, lateReason: '联系人 13800001234 出差' };
    const { body } = await handler
      .post('tasks/project.371302-2028-0001.intake.1.1/completion', late)
      .expect(400);
    expect(body.errors).toContainEqual({ path: 'lateReason', message: expect.stringContaining('电话号码') });
  });

  test('every fault of a body is said at once', async () => {
    const { body } = await handler.post('communities', { name: '', floorArea: -1, x: 1 }).expect(400);
    const paths = (body.errors as { path: string }[]).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['name', 'floorArea', 'households', 'x']));
  });

  test('a body that nests too deep is refused before any schema sees it', () =>
    refused(`{"name":${'['.repeat(40)}${']'.repeat(40)}}`, 400, 'invalid-request'));

  test('a body that nests a hundred thousand levels does not bring the process down', () =>
    refused(`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400, 'invalid-request'));

  test('malformed JSON, an empty body, and JSON of another kind are 400', async () => {
    await refused('{"name":', 400, 'invalid-request');
    await refused('[]', 400, 'invalid-request');
    await refused('null', 400, 'invalid-request');
    await refused(' ', 400, 'invalid-request');
  });

  test('bytes that are no UTF-8 are refused', async () => {
    const gbk = Buffer.concat([
      Buffer.from('{"name":"'),
      Buffer.from([0xc8, 0xd5, 0xd6, 0xd5]),
      Buffer.from('"}'),
    ]);
    const { body } = await request(api.app)
      .post('/api/v1/communities')
      .set('Authorization', `Bearer ${handler.token}`)
      .set('Content-Type', 'application/json')
      .serialize((value) => value as never)
      .send(gbk)
      .expect(400);
    expect(body.detail).toBe('不是 UTF-8 编码');
  });

  test('a lone surrogate, a NUL and a number out of range are refused with their path', async () => {
    await refused('{"name":"\\ud800"}', 400, 'invalid-request', 'name');
    await refused('{"name":"a\\u0000"}', 400, 'invalid-request', 'name');
    await refused('{"deficiencies":[1e999]}', 400, 'invalid-request', 'deficiencies.0');
  });

  test('a key that would reach an object’s prototype is an unknown field', () =>
    refused('{"__proto__":{"households":1}}', 400, 'invalid-request', '__proto__'));

  test('another content type or charset, or a compressed body, is 415', async () => {
    const post = () =>
      request(api.app).post('/api/v1/communities').set('Authorization', `Bearer ${handler.token}`);
    await post().set('Content-Type', 'text/plain').send('{}').expect(415);
    await post().set('Content-Type', 'application/json; charset=gbk').send('{}').expect(415);
    await post()
      .set('Content-Type', 'application/json')
      .set('Content-Encoding', 'gzip')
      .send('{}')
      .expect(415);
    const { body } = await post()
      .set('Content-Type', 'application/x-www-form-urlencoded')
      .send('a=1')
      .expect(415);
    expect(body.code).toBe('unsupported-media-type');
  });

  test('a body of more values than any form has is refused before any schema sees it', () =>
    refused(`[${'0,'.repeat(50_000)}0]`, 400, 'invalid-request'));

  test('of many unknown fields the first hundred are named, and long names are cut', async () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`field-${n}`, n]));
    const { body, text } = await handler
      .post('communities', { ...many, ['x'.repeat(10_000)]: 1 })
      .expect(400);
    expect(body.errors).toHaveLength(100);
    expect(text.length).toBeLessThan(20_000);
    const long = await handler.post('communities', { ...COMMUNITY, ['x'.repeat(10_000)]: 1 }).expect(400);
    expect(long.text.length).toBeLessThan(1_000);
  });

  test('a body over the limit is 413, announced or not', async () => {
    const large = `{"name":"${'a'.repeat(3 * 1024 * 1024)}"}`;
    await refused(large, 413, 'too-large');
    const chunked = request(api.app)
      .post('/api/v1/communities')
      .set('Authorization', `Bearer ${handler.token}`)
      .set('Content-Type', 'application/json')
      .set('Transfer-Encoding', 'chunked');
    chunked.write(large);
    const { body } = await chunked.expect(413);
    expect(body.code).toBe('too-large');
  });

  test('an unknown query parameter, a repeated one and one out of range are 400 with their path', async () => {
    for (const [query, path] of [
      ['colour=red', 'colour'],
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['limit=ten', 'limit'],
      ['limit=1&limit=2', 'limit'],
      ['cursor=nonsense', 'cursor'],
      ['free=yes', 'free'],
      ['county=%27%20or%201', 'county'],
    ] as const) {
      const { body } = await handler.get(`communities?${query}`).expect(400);
      expect(body.errors).toContainEqual({ path, message: expect.any(String) });
    }
  });

  test('an empty parameter asks for nothing', () => handler.get('communities?county=&q=&limit=').expect(200));

  test('a badly encoded path is 400, an unknown one 404, an unknown method 405 with Allow', async () => {
    await handler.get('/api/v1/communities/%zz').expect(400);
    const unknown = await handler.get('/api/v1/nothing').expect(404);
    expect(unknown.body.code).toBe('not-found');
    const method = await handler.delete('/api/v1/communities').expect(405);
    expect(method.headers['allow']).toBe('GET, POST, HEAD');
    expect(method.body.code).toBe('method-not-allowed');
    await request(api.app).get('/').expect(404);
  });

  test('an act on a task that nobody knows is an unknown path', async () => {
    await handler.post('tasks/project.371302-2028-0001.public-notice.1.1/promotion', {}).expect(404);
  });

  test('an Idempotency-Key that is no key is refused with its name', async () => {
    const { body } = await handler.post('communities', COMMUNITY, 'k'.repeat(129)).expect(400);
    expect(body.errors).toEqual([{ path: 'Idempotency-Key', message: expect.any(String) }]);
  });

  test('titles and messages come in Chinese unless English is asked for', async () => {
    const bad = { ...COMMUNITY, colour: 'red' };
    const zh = await handler.post('communities', bad).expect(400);
    expect(zh.body.title).toBe('请求内容有误');
    expect(zh.body.errors[0].message).toBe('没有这个字段');
    const en = await handler.post('communities', bad).set('Accept-Language', 'en-GB,en;q=0.9').expect(400);
    expect(en.body.title).toBe('The request is not valid');
    expect(en.body.errors[0].message).toBe('There is no such field');
    expect(en.headers['content-language']).toBe('en');
    const fr = await handler.post('communities', bad).set('Accept-Language', 'fr').expect(400);
    expect(fr.body.title).toBe('请求内容有误');
  });

  test('every answer carries X-Request-Id: the caller’s where it is fit for a log, otherwise a new one', async () => {
    const own = await handler.get('tasks').set('X-Request-Id', 'abc-12345678').expect(200);
    expect(own.headers['x-request-id']).toBe('abc-12345678');
    const made = await handler.get('nothing').set('X-Request-Id', 'a\tb').expect(404);
    expect(made.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.body.instance).toBe(`urn:jiugai:request:${made.headers['x-request-id']}`);
  });

  test('no answer may be cached, sniffed or framed', async () => {
    const { headers } = await handler.get('tasks').expect(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-powered-by']).toBeUndefined();
  });

  test('the clock of a rehearsal is an unknown path in live mode', async () => {
    await handler.post('rehearsal/clock', { advance: 'P8D' }).expect(404);
  });
});

describe('an error of our own', () => {
  test('is a 500 without a word of what went wrong, and is logged', async () => {
    const api = await startApi();
    try {
      const handler = await api.as('371302-housing');
      const spoilt = jest
        .spyOn(api.store.projects, 'list')
        .mockRejectedValue(new TypeError('secret at line 3'));
      const { body, text } = await handler.get('projects').expect(500);
      spoilt.mockRestore();
      expect(body.code).toBe('internal-error');
      expect(text).not.toMatch(/secret|TypeError|at .*\.ts/);
      expect(api.logged.join()).toContain('secret at line 3');
    } finally {
      await api.stop();
    }
  });
});
