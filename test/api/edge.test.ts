import request from 'supertest';
import type { Express } from 'express';
import { hashPassword } from '../../api/auth/passwords';
import { personOf, startApi, type TestApi } from './api';

const PASSWORD = 'a long enough password';

describe('the HTTP edge', () => {
  let api: TestApi;
  /** Behind a proxy that speaks https with browsers. */
  let proxied: Express;

  beforeAll(async () => {
    api = await startApi();
    proxied = api.again({ trustProxy: 'loopback' });
    await api.store.users.model.create({
      _id: 'u-wang',
      username: 'wang',
      passwordHash: await hashPassword(PASSWORD),
      seats: [{ organisation: '371302-housing', role: 'handler' }],
      createdAt: new Date(),
    });
  });
  afterAll(() => api.stop());

  const logIn = (app: Express, cookie: boolean, https = false) => {
    const post = request(app).post('/api/v1/sessions');
    if (https) post.set('X-Forwarded-Proto', 'https');
    return post.send({ username: 'wang', password: PASSWORD, cookie }).expect(201);
  };

  describe('a session of a page', () => {
    async function page() {
      const { body, headers } = await logIn(api.app, true);
      const [cookie = ''] = headers['set-cookie'] as unknown as string[];
      return { body, cookie, pair: cookie.split(';')[0] ?? '', csrf: body.csrfToken as string };
    }

    test('is in a cookie that no script and no other site gets hold of, and not in the answer', async () => {
      const { body, cookie } = await page();
      expect(cookie).toMatch(/^jiugai=[A-Za-z0-9_-]{43}; Expires=[^;]+; Path=\/; HttpOnly; SameSite=Strict$/);
      expect(body.token).toBeUndefined();
      expect(JSON.stringify(body)).not.toContain(cookie.slice('jiugai='.length).split(';')[0]);
    });

    test('has under https a cookie for this host and https only', async () => {
      const { headers } = await logIn(proxied, true, true);
      expect(headers['set-cookie']?.[0]).toMatch(
        /^__Host-jiugai=[\w-]{43};.* Path=\/; HttpOnly; SameSite=Strict; Secure$/,
      );
      const pair = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
      const get = () => request(proxied).get('/api/v1/tasks').set('Cookie', pair);
      await get().set('X-Forwarded-Proto', 'https').expect(200);
      await get().expect(401);
    });

    test('changes nothing without the token of its page, which no other session’s replaces', async () => {
      const [one, other] = [await page(), await page()];
      const endOthers = () => request(api.app).delete('/api/v1/sessions').set('Cookie', one.pair);
      const missing = await endOthers().expect(403);
      expect(missing.body.code).toBe('csrf-token-required');
      for (const wrong of [other.csrf, '', `${one.csrf}x`]) {
        await endOthers().set('X-CSRF-Token', wrong).expect(403);
      }
      const [path, agent] = ['/api/v1/communities/c1', request(api.app)];
      for (const unsafe of [agent.post('/api/v1/communities'), agent.patch(path)]) {
        expect((await unsafe.set('Cookie', one.pair).send({}).expect(403)).body.code).toBe(
          'csrf-token-required',
        );
      }
      await request(api.app).get('/api/v1/tasks').set('Cookie', other.pair).expect(200);
      await endOthers().set('X-CSRF-Token', one.csrf).expect(204);
      await request(api.app).get('/api/v1/tasks').set('Cookie', other.pair).expect(401);
    });

    test('reads without it, and is told it anew', async () => {
      const { pair, csrf } = await page();
      await request(api.app).get('/api/v1/tasks').set('Cookie', pair).expect(200);
      const { body } = await request(api.app).get('/api/v1/sessions/current').set('Cookie', pair).expect(200);
      expect(body.csrfToken).toBe(csrf);
    });

    test('ends with its cookie', async () => {
      const { pair, csrf } = await page();
      const { headers } = await request(api.app)
        .delete('/api/v1/sessions/current')
        .set('Cookie', pair)
        .set('X-CSRF-Token', csrf)
        .expect(204);
      expect(headers['set-cookie']?.[0]).toMatch(/^jiugai=; Expires=Thu, 01 Jan 1970/);
      await request(api.app).get('/api/v1/tasks').set('Cookie', pair).expect(401);
    });

    test('is not asked for where a program sends its token in a header', async () => {
      const { body, headers } = await logIn(api.app, false);
      expect(headers['set-cookie']).toBeUndefined();
      expect(body.csrfToken).toBeUndefined();
      const person = personOf(api.app, 'u-wang', body.token);
      // Whoever sends a header is who the header says, whatever cookie a browser adds.
      const other = await page();
      await person.get('tasks').set('Cookie', other.pair).expect(200);
      await request(api.app)
        .get('/api/v1/tasks')
        .set('Authorization', 'Bearer nonsense')
        .set('Cookie', other.pair)
        .expect(401);
      await person.delete('sessions/current').expect(204);
    });
  });

  describe('other sites', () => {
    const ORIGIN = 'https://pages.example';
    const from = (app: Express, origin: string, method: 'get' | 'options' = 'get') =>
      request(app)[method]('/api/v1/tasks').set('Origin', origin).set('Access-Control-Request-Method', 'GET');
    const said = (headers: Record<string, string>) =>
      Object.keys(headers).filter((name) => name.startsWith('access-control-'));

    test('are told nothing, whoever asks', async () => {
      for (const method of ['get', 'options'] as const) {
        const { headers, status } = await from(api.app, ORIGIN, method);
        expect(said(headers)).toEqual([]);
        expect(status).toBe(method === 'get' ? 401 : 405);
      }
    });

    test('that are listed may use tokens of their own, never our cookie; others may not', async () => {
      const open = api.again({ corsOrigins: [ORIGIN] });
      const preflight = await from(open, ORIGIN, 'options').expect(204);
      expect(preflight.headers['access-control-allow-origin']).toBe(ORIGIN);
      expect(preflight.headers['access-control-allow-credentials']).toBeUndefined();
      expect(preflight.headers['access-control-allow-headers']).toContain('Authorization');
      const { headers } = await from(open, ORIGIN).expect(401);
      expect(headers['access-control-allow-origin']).toBe(ORIGIN);
      expect(headers['vary']).toContain('Origin');
      for (const other of [
        'https://evil.example',
        'https://pages.example.evil',
        'null',
        'http://pages.example',
      ]) {
        expect(said((await from(open, other)).headers)).toEqual([]);
        expect(said((await from(open, other, 'options').expect(405)).headers)).toEqual([]);
      }
    });
  });

  describe('every answer', () => {
    const paths = [
      ['/healthz', 200],
      ['/openapi.json', 200],
      ['/docs/', 200],
      ['/api/v1/tasks', 401],
      ['/api/v1/nothing', 404],
      ['/', 404],
      ['/api/v1/communities/%zz', 400],
    ] as const;

    test.each(paths)(
      '%s (%i) is neither framed nor sniffed, loads nothing from elsewhere and names no program',
      async (path, status) => {
        const { headers } = await request(api.app).get(path).expect(status);
        expect(headers).toMatchObject({
          'cache-control': 'no-store',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
          'referrer-policy': 'no-referrer',
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
        });
        expect(headers['permissions-policy']).toContain('camera=()');
        const policy = headers['content-security-policy'];
        expect(policy).toMatch(/^default-src 'none'/);
        for (const part of ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]) {
          expect(policy).toContain(part);
        }
        expect(headers['x-powered-by'] ?? headers['server']).toBeUndefined();
      },
    );

    test('asks for https from now on where it came by https, and only there', async () => {
      const get = () => request(proxied).get('/api/v1/nothing');
      const secure = await get().set('X-Forwarded-Proto', 'https').expect(404);
      expect(secure.headers['strict-transport-security']).toBe('max-age=31536000');
      expect((await get().expect(404)).headers['strict-transport-security']).toBeUndefined();
      // Nobody but the proxy is believed.
      const claimed = await request(api.app).get('/healthz').set('X-Forwarded-Proto', 'https').expect(200);
      expect(claimed.headers['strict-transport-security']).toBeUndefined();
    });

    test('tells whoever asks for its health nothing of its version', async () => {
      const { text } = await request(api.app).get('/healthz').expect(200);
      expect(text).not.toContain('0.0.0-test');
    });
  });
});
