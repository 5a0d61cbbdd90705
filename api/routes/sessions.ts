import { z } from 'zod';
import { Problem } from '../../domain/problems';
import type { SessionRow } from '../../store/sessions';
import type { Context } from '../context';
import { credentialOf, csrfTokenOf, sessionCookie, sessionOf } from '../auth/credentials';
import { logIn } from '../auth/log-in';
import { beginSession } from '../auth/session-life';
import { identifier, instant } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { isAllowed, PERMISSIONS, ROLES, type Caller } from '../permissions';
import { organisationView } from './organisation-views';
import { secondFactorCode } from './second-factor';

const csrfToken = z.string().meta({ description: '网页更改任何内容时放入 X-CSRF-Token' });

const me = z
  .object({
    id: z.string(),
    username: z.string(),
    roles: z.array(z.enum(ROLES)),
    organisations: z.array(organisationView),
    may: z.array(z.enum(PERMISSIONS)).meta({ description: '按岗位可做的事；密码和动态口令另有要求的除外' }),
    mustChangePassword: z.boolean(),
    secondFactor: z.enum(['none', 'passed', 'required']).meta({
      description: 'required：须先绑定动态口令，或以其确认本次登录',
    }),
  })
  .meta({ id: 'Me' });

const sessionView = z
  .object({
    id: z.string(),
    current: z.boolean().meta({ description: '即本次请求所用' }),
    createdAt: instant,
    lastUsedAt: instant.meta({ description: '精确到分钟' }),
    expiresAt: instant,
    userAgent: z.string().optional(),
    address: z.string().optional(),
  })
  .meta({ id: 'Session' });

/** Log in, log out, and where else one is logged in. */
export function sessionOperations(context: Context): AnyOperation[] {
  const { store, authenticator, sessionLife } = context;

  return [
    operation({
      method: 'post',
      path: '/sessions',
      name: 'logIn',
      tag: 'sessions',
      summary: '登录',
      access: 'public',
      body: z.strictObject({
        username: z.string().min(1).max(64),
        password: z.string().min(1).max(256),
        code: secondFactorCode.optional(),
        cookie: z.boolean().optional().meta({ description: '网页用：令牌置于 Cookie，不在答复中' }),
      }),
      answers: {
        201: {
          description: '已登录；令牌放入 Authorization: Bearer，或（cookie 为 true 时）已置于 Cookie',
          schema: z.object({
            token: z.string().optional(),
            csrfToken: csrfToken.optional(),
            expiresAt: instant,
            user: me,
          }),
        },
      },
      problems: ['unauthenticated', 'second-factor-required', 'too-many-requests'],
      handle: async ({ body, request }) => {
        const loggedIn = await logIn(context, body, request.ip).catch(async (error: unknown) => {
          // The password was right; the pages ask for the code next.
          if (error instanceof Problem && error.code === 'second-factor-required') throw error;
          // Only whose account it is: what was typed as a name may have been a password.
          const user = (await store.users.byName(body.username))?._id ?? 'unknown';
          await store.accessLog.tally({ kind: 'log-in-failed', user, of: user, count: 1 });
          throw error;
        });
        const { token, expiresAt } = await beginSession(store, loggedIn, request, sessionLife);
        const caller = await authenticator.callerFor(loggedIn);
        const answer = { expiresAt: expiresAt.toISOString(), user: meOf(caller) };
        if (!body.cookie) return { status: 201, body: { token, ...answer } };
        const headers = { 'Set-Cookie': sessionCookie(request, token, expiresAt) };
        return { status: 201, headers, body: { csrfToken: csrfTokenOf(token), ...answer } };
      },
    }),
    operation({
      method: 'get',
      path: '/sessions/current',
      name: 'currentSession',
      tag: 'sessions',
      summary: '当前用户',
      access: 'session:own',
      answers: {
        200: { description: '当前用户', schema: z.object({ user: me, csrfToken: csrfToken.optional() }) },
      },
      handle: async ({ caller, request }) => {
        const credential = credentialOf(request);
        const cookie = credential?.by === 'cookie' ? { csrfToken: csrfTokenOf(credential.token) } : {};
        return { status: 200, body: { user: meOf(caller), ...cookie } };
      },
    }),
    operation({
      method: 'delete',
      path: '/sessions/current',
      name: 'logOut',
      tag: 'sessions',
      summary: '退出登录',
      access: 'session:own',
      answers: { 204: { description: '已退出' } },
      handle: async ({ request }) => {
        await store.sessions.end(sessionOf(request));
        authenticator.forget(sessionOf(request));
        if (credentialOf(request)?.by === 'header') return { status: 204 };
        return { status: 204, headers: { 'Set-Cookie': sessionCookie(request) } };
      },
    }),
    operation({
      method: 'get',
      path: '/sessions',
      name: 'listSessions',
      tag: 'sessions',
      summary: '本人在各处的登录',
      access: 'session:own',
      answers: { 200: { description: '登录', schema: z.object({ items: z.array(sessionView) }) } },
      handle: async ({ caller, request }) => {
        const alive = { now: new Date(), idleMs: sessionLife.idleMs };
        const rows = await store.sessions.listOf(caller.user, alive);
        return { status: 200, body: { items: rows.map((row) => viewOf(row, sessionOf(request))) } };
      },
    }),
    operation({
      method: 'delete',
      path: '/sessions',
      name: 'endOtherSessions',
      tag: 'sessions',
      summary: '退出本人在其他处的登录',
      access: 'session:own',
      answers: { 204: { description: '已退出，本次登录除外' } },
      handle: async ({ caller, request }) => {
        await store.sessions.endOthers(caller.user, sessionOf(request));
        authenticator.forgetAll();
        return { status: 204 };
      },
    }),
    operation({
      method: 'delete',
      path: '/sessions/{id}',
      name: 'endSession',
      tag: 'sessions',
      summary: '退出本人的一处登录',
      access: 'session:own',
      params: z.object({ id: identifier }),
      answers: { 204: { description: '已退出' } },
      handle: async ({ caller, params: { id } }) => {
        const hash = await store.sessions.endOne(caller.user, id);
        if (hash === undefined) throw new Problem('not-found');
        authenticator.forget(hash);
        return { status: 204 };
      },
    }),
  ];
}

function meOf(caller: Caller) {
  const { user, username, roles, organisations, mustChangePassword, secondFactor = 'none' } = caller;
  const may = PERMISSIONS.filter((permission) => isAllowed(permission, caller));
  return { id: user, username, roles, organisations, may, mustChangePassword, secondFactor };
}

function viewOf(
  { _id, publicId, createdAt, lastUsedAt, expiresAt, userAgent, address }: SessionRow,
  current: string,
) {
  return {
    id: publicId,
    current: _id === current,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    userAgent,
    address,
  };
}
