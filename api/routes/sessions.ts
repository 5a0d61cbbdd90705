import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../domain/problems';
import type { Context } from '../context';
import { bearerToken, tokenHash } from '../auth/authenticator';
import { hashPassword, passwordFits } from '../auth/passwords';
import { instant } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { ROLES, type Caller } from '../permissions';
import { organisationView } from './organisation-views';

const SESSION_MS = 12 * 3_600_000;

const me = z
  .object({
    id: z.string(),
    username: z.string(),
    roles: z.array(z.enum(ROLES)),
    organisations: z.array(organisationView),
    mustChangePassword: z.boolean(),
  })
  .meta({ id: 'Me' });

export const newPassword = z.string().min(12).max(256).meta({ description: '至少 12 个字符' });

/** Log in, log out, and the password of one's own. */
export function sessionOperations(context: Context): AnyOperation[] {
  const { store, authenticator, loginGuard, sessionMs = SESSION_MS } = context;

  return [
    operation({
      method: 'post',
      path: '/sessions',
      name: 'logIn',
      tag: 'sessions',
      summary: '登录',
      access: 'public',
      body: z.strictObject({ username: z.string().min(1).max(64), password: z.string().min(1).max(256) }),
      answers: {
        201: {
          description: '已登录；令牌放入 Authorization: Bearer',
          schema: z.object({ token: z.string(), expiresAt: instant, user: me }),
        },
      },
      problems: ['unauthenticated', 'too-many-requests'],
      handle: async ({ body: { username, password } }) => {
        await loginGuard.mayTry(username);
        const user = await store.users.byName(username);
        const fits = await passwordFits(user?.disabled ? undefined : user?.passwordHash, password);
        if (!fits || !user) {
          await loginGuard.failed(username);
          throw new Problem('unauthenticated', { zh: '用户名或密码错误', en: 'Wrong user name or password' });
        }
        await loginGuard.succeeded(username);
        const token = randomBytes(32).toString('base64url');
        const createdAt = new Date();
        const expiresAt = new Date(createdAt.getTime() + sessionMs);
        await store.sessions.model.create({ _id: tokenHash(token), user: user._id, createdAt, expiresAt });
        const caller = await authenticator.callerFor(user);
        return { status: 201, body: { token, expiresAt: expiresAt.toISOString(), user: meOf(caller) } };
      },
    }),
    operation({
      method: 'get',
      path: '/sessions/current',
      name: 'currentSession',
      tag: 'sessions',
      summary: '当前用户',
      access: 'session:own',
      answers: { 200: { description: '当前用户', schema: z.object({ user: me }) } },
      handle: async ({ caller }) => ({ status: 200, body: { user: meOf(caller) } }),
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
        const hash = tokenHash(bearerToken(request) ?? '');
        await store.sessions.end(hash);
        authenticator.forget(hash);
        return { status: 204 };
      },
    }),
    operation({
      method: 'put',
      path: '/sessions/current/password',
      name: 'changePassword',
      tag: 'sessions',
      summary: '修改本人密码',
      description: 'Ends every session of the user; log in again.',
      access: 'session:own',
      body: z.strictObject({ current: z.string().min(1).max(256), next: newPassword }),
      answers: { 204: { description: '已修改' } },
      problems: ['unauthenticated', 'rule-violated'],
      handle: async ({ caller, body: { current, next } }) => {
        await loginGuard.mayTry(caller.username);
        const user = await store.users.find(caller.user);
        if (!user || !(await passwordFits(user.passwordHash, current))) {
          await loginGuard.failed(caller.username);
          throw new Problem('unauthenticated', { zh: '原密码错误', en: 'Wrong current password' });
        }
        const passwordHash = await hashPassword(next);
        await store.users.model.updateOne(
          { _id: user._id },
          { $set: { passwordHash, mustChangePassword: false } },
        );
        await store.sessions.endAll(user._id);
        authenticator.forgetAll();
        return { status: 204 };
      },
    }),
  ];
}

function meOf({ user, username, roles, organisations, mustChangePassword }: Caller) {
  return { id: user, username, roles, organisations, mustChangePassword };
}
