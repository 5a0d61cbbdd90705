import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import request from 'supertest';
import type { Express } from 'express';
import { oidcMapping } from '../../api/auth/oidc/mapping';
import type { OidcSettings } from '../../api/auth/oidc/provider';
import { startApi, type TestApi } from './api';

const PUBLIC_URL = 'http://127.0.0.1:8080';

interface Subject {
  readonly sub: string;
  readonly preferred_username?: string;
  readonly groups?: readonly string[];
  readonly jiugai_seats?: readonly string[];
  readonly amr?: readonly string[];
}

describe('P1.4: log-in at a real OpenID Connect provider', () => {
  let api: TestApi;
  let app: Express;
  let provider: ChildProcess;
  let settings: OidcSettings;

  beforeAll(async () => {
    api = await startApi();
    provider = spawn(
      process.execPath,
      [join(__dirname, '../support/identity-provider.mjs'), `${PUBLIC_URL}/auth/oidc/callback`],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    );
    const [line] = (await once(provider.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    settings = {
      issuer: line.toString().trim(),
      clientId: 'jiugai',
      clientSecret: 'a secret of the test',
      scope: 'profile',
      publicUrl: PUBLIC_URL,
      mapping: oidcMapping.parse({
        seats: 'jiugai_seats',
        rules: [
          {
            claim: 'groups',
            value: 'housing-signs',
            seat: { organisation: '371302-housing', role: 'signatory' },
          },
          { claim: 'groups', value: 'it-security', systemRole: 'security' },
          { claim: 'groups', value: 'it-audit', systemRole: 'audit' },
        ],
      }),
    };
    app = api.again({ oidc: settings });
  });
  afterAll(async () => {
    provider.stdin?.end();
    await api.stop();
  });

  /** A browser at the provider: follows it, with its cookies, until it is sent back to us. */
  async function atProvider(url: URL, subject: Subject): Promise<string> {
    url.searchParams.set('login_hint', Buffer.from(JSON.stringify(subject)).toString('base64url'));
    const cookies = new Map<string, string>();
    for (let next = url; ;) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(next, { redirect: 'manual', headers: { cookie } });
      for (const one of answer.headers.getSetCookie()) {
        const [pair = ''] = one.split(';');
        cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
      }
      const location = answer.headers.get('location');
      if (location === null)
        throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
      next = new URL(location, next);
      if (next.origin === PUBLIC_URL) return `${next.pathname}${next.search}`;
    }
  }

  /** Sent out by us; what the browser keeps meanwhile, and where it is sent. */
  async function sentOut(): Promise<{ url: URL; kept: string }> {
    const { headers } = await request(app).get('/auth/oidc/login').expect(302);
    const cookie = headers['set-cookie']?.[0] ?? '';
    expect(cookie).toMatch(/^jiugai-oidc=[\w-]{43}; Path=\/auth\/oidc; HttpOnly; SameSite=Lax; Max-Age=600$/);
    return { url: new URL(headers['location'] ?? ''), kept: cookie.split(';')[0] ?? '' };
  }
  const back = (path: string, kept: string) => request(app).get(path).set('Cookie', kept);

  async function logIn(subject: Subject, status = 200) {
    const { url, kept } = await sentOut();
    return back(await atProvider(url, subject), kept).expect(status);
  }
  const sessionIn = ({ headers }: request.Response): string =>
    (headers['set-cookie'] as unknown as string[]).find((one) => one.startsWith('jiugai='))?.split(';')[0] ??
    '';
  const get = (cookie: string, path: string) => request(app).get(`/api/v1/${path}`).set('Cookie', cookie);
  const userOf = (sub: string) => api.store.users.ofSubject(settings.issuer, sub);

  test('asks for a code with PKCE, state and nonce, and for a log-in of whoever sits there now', async () => {
    const { url } = await sentOut();
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'jiugai',
      scope: 'openid profile',
      redirect_uri: `${PUBLIC_URL}/auth/oidc/callback`,
      code_challenge_method: 'S256',
      prompt: 'login',
    });
    for (const name of ['code_challenge', 'state', 'nonce']) {
      expect(url.searchParams.get(name)?.length).toBeGreaterThan(30);
    }
  });

  test('makes a user of the claims at the first log-in, with a session as any other', async () => {
    const subject = { sub: 'li', preferred_username: 'li.na', jiugai_seats: ['371302-finance:handler'] };
    const answer = await logIn(subject);
    expect(answer.headers['content-type']).toMatch(/^text\/html/);
    const cookie = sessionIn(answer);
    const { body } = await get(cookie, 'sessions/current').expect(200);
    expect(body.user).toMatchObject({ username: 'li.na', roles: ['handler'], mustChangePassword: false });
    expect(body.user.organisations.map(({ id }: { id: string }) => id)).toEqual(['371302-finance']);
    await get(cookie, 'tasks').expect(200);
    await request(app).delete('/api/v1/sessions').set('Cookie', cookie).expect(403);
    // No password opens this account.
    for (const password of ['oidc', '']) {
      const local = request(app).post('/api/v1/sessions').send({ username: 'li.na', password });
      expect((await local).status).not.toBe(201);
    }
  });

  test('gives at each log-in what the claims say then, and no more', async () => {
    await logIn({ sub: 'wu', groups: ['housing-signs'], jiugai_seats: ['371302-audit:handler'] });
    expect((await userOf('wu'))?.seats).toEqual([
      { organisation: '371302-audit', role: 'handler' },
      { organisation: '371302-housing', role: 'signatory' },
    ]);
    await logIn({ sub: 'wu', groups: ['housing-signs', 'canteen'] });
    expect((await userOf('wu'))?.seats).toEqual([{ organisation: '371302-housing', role: 'signatory' }]);
    await logIn({ sub: 'wu', groups: ['it-security'] });
    expect(await userOf('wu')).toMatchObject({ seats: [], systemRole: 'security' });
    expect(await api.store.users.model.countDocuments({ 'oidc.subject': 'wu' })).toBe(1);
  });

  test('without a claim there is no seat, and whoever lost the last one is out', async () => {
    const { body } = await logIn({ sub: 'guest', groups: ['canteen'] }, 403);
    expect(body).toMatchObject({ code: 'not-your-seat', detail: expect.stringContaining('席位') });
    expect(await userOf('guest')).toBeUndefined();

    const cookie = sessionIn(await logIn({ sub: 'left', jiugai_seats: ['371302-finance:handler'] }));
    await get(cookie, 'tasks').expect(200);
    await logIn({ sub: 'left' }, 403);
    await get(cookie, 'tasks').expect(401);
    expect((await userOf('left'))?.seats).toEqual([]);
  });

  test('a claim for an unknown organisation, role or shape gives nothing', async () => {
    const seats = [
      'nowhere:handler',
      '371302-finance:boss',
      '371302-finance',
      ':handler',
      '371302-audit:handler',
    ];
    await logIn({ sub: 'odd', jiugai_seats: seats });
    expect((await userOf('odd'))?.seats).toEqual([{ organisation: '371302-audit', role: 'handler' }]);
    await logIn({ sub: 'odder', jiugai_seats: ['nowhere:handler'] }, 403);
    await logIn({ sub: 'oddest', jiugai_seats: { a: '371302-audit:handler' } as never }, 403);
  });

  test('nobody becomes two of the three administrators, nor one of them with a seat', async () => {
    await logIn({ sub: 'two', groups: ['it-security', 'it-audit'] }, 403);
    await logIn({ sub: 'both', groups: ['it-security', 'housing-signs'] }, 403);
    expect(await userOf('two')).toBeUndefined();
  });

  test('a name that a local account has does not open that account', async () => {
    await api.as('371302-housing');
    const local = 'u-371302-housing-handler';
    await logIn({ sub: 'thief', preferred_username: local, jiugai_seats: ['371302-finance:handler'] });
    const user = await userOf('thief');
    expect(user?.username).toMatch(/^oidc-[0-9a-f]{16}$/);
    expect(user?._id).not.toBe(local);
    expect((await api.store.users.find(local))?.oidc).toBeUndefined();
  });

  test('a user that was disabled here stays out', async () => {
    await logIn({ sub: 'gone', jiugai_seats: ['371302-finance:handler'] });
    const security = await api.administrator('security');
    const id = (await userOf('gone'))?._id;
    await security.patch(`users/${id}`, { seats: [] }).expect(422);
    await security.patch(`users/${id}`, { password: 'a long enough password' }).expect(422);
    await security.patch(`users/${id}`, { disabled: true }).expect(200);
    await logIn({ sub: 'gone', jiugai_seats: ['371302-finance:handler'] }, 403);
  });

  test('a wrong state, another browser’s and none are refused', async () => {
    const subject = { sub: 'li', jiugai_seats: ['371302-finance:handler'] };
    const [one, other] = [await sentOut(), await sentOut()];
    const path = await atProvider(one.url, subject);
    const forged = path.replace(/state=[^&]+/, `state=${other.url.searchParams.get('state')}`);
    const { body } = await back(forged, one.kept).expect(401);
    expect(body.code).toBe('unauthenticated');
    await back(path, other.kept).expect(401);
    await request(app).get(path).expect(401);
    // What was kept has been used up by the first attempt.
    await back(path, one.kept).expect(401);
  });

  test('a wrong nonce is refused', async () => {
    const { url, kept } = await sentOut();
    url.searchParams.set('nonce', 'x'.repeat(43));
    await back(await atProvider(url, { sub: 'li', jiugai_seats: ['371302-finance:handler'] }), kept).expect(
      401,
    );
  });

  test('a code is good for the one whose challenge it answers', async () => {
    const { url, kept } = await sentOut();
    url.searchParams.set('code_challenge', 'x'.repeat(43));
    await back(await atProvider(url, { sub: 'li', jiugai_seats: ['371302-finance:handler'] }), kept).expect(
      401,
    );
  });

  test('a code is good once, and one of another log-in not at all', async () => {
    const subject = { sub: 'li', jiugai_seats: ['371302-finance:handler'] };
    const [one, other] = [await sentOut(), await sentOut()];
    const path = await atProvider(one.url, subject);
    await back(path, one.kept).expect(200);
    await back(path, one.kept).expect(401);
    const code = new URL(path, PUBLIC_URL).searchParams.get('code');
    const replayed = (await atProvider(other.url, subject)).replace(/code=[^&]+/, `code=${code}`);
    await back(replayed, other.kept).expect(401);
  });

  test('a log-in that was refused at the provider, or came back too late, is none', async () => {
    const refused = await sentOut();
    const state = refused.url.searchParams.get('state');
    await back(`/auth/oidc/callback?error=access_denied&state=${state}`, refused.kept).expect(401);
    const late = await sentOut();
    const path = await atProvider(late.url, { sub: 'li', jiugai_seats: ['371302-finance:handler'] });
    await api.store.oidcLogins.model.updateMany({}, { at: new Date(Date.now() - 601_000) });
    await back(path, late.kept).expect(401);
  });

  test('a second factor that the provider asked for counts; without it the own one is still asked for', async () => {
    const strict = api.again({ oidc: settings, secondFactor: 'everybody' });
    const before = app;
    app = strict;
    try {
      const seats = ['371302-finance:handler'];
      const plain = sessionIn(await logIn({ sub: 'plain', jiugai_seats: seats }));
      await get(plain, 'tasks').expect(403);
      const strong = sessionIn(await logIn({ sub: 'strong', jiugai_seats: seats, amr: ['pwd', 'otp'] }));
      await get(strong, 'tasks').expect(200);
    } finally {
      app = before;
    }
  });

  test('log-out ends the session here and says where it ends at the provider', async () => {
    const cookie = sessionIn(await logIn({ sub: 'li', jiugai_seats: ['371302-finance:handler'] }));
    const { body: me } = await get(cookie, 'sessions/current').expect(200);
    const { body } = await request(app)
      .post('/auth/oidc/logout')
      .set('Cookie', cookie)
      .set('X-CSRF-Token', me.csrfToken)
      .expect(200);
    const url = new URL(body.url);
    expect(url.origin).toBe(settings.issuer);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${PUBLIC_URL}/`);
    await get(cookie, 'tasks').expect(401);
  });

  test('a provider that does not answer is 503, and its callers are not let in', async () => {
    const away = api.again({ oidc: { ...settings, issuer: 'http://127.0.0.1:9' } });
    await request(away).get('/auth/oidc/login').expect(503);
  });

  test('where none is configured there is no such path', async () => {
    await request(api.app).get('/auth/oidc/login').expect(404);
    const { body } = await request(api.app).get('/openapi.json').expect(200);
    expect(Object.keys(body.paths)).not.toContain('/auth/oidc/login');
  });
});
