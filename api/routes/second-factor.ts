import { z } from 'zod';
import { Problem } from '../../domain/problems';
import { refusal } from '../../domain/refusal';
import type { UserRow } from '../../store/users';
import type { Context } from '../context';
import { sessionOf } from '../auth/credentials';
import { wrongCode } from '../auth/log-in';
import { passwordFits } from '../auth/passwords';
import { needsSecondFactor } from '../auth/second-factor';
import { identifier } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import type { Caller } from '../permissions';

export const secondFactorCode = z.string().min(6).max(32).meta({ description: '六位动态口令，或一个恢复码' });
const proof = z.strictObject({
  password: z.string().min(1).max(256).optional().meta({ description: '本地账号必填' }),
  code: secondFactorCode.optional().meta({ description: '已绑定的必填' }),
});

/** The second factor of one's own, and its removal by the security administrator where it was lost. */
export function secondFactorOperations(context: Context): AnyOperation[] {
  const { store, authenticator, loginGuard, secondFactors: factors, secondFactor: rule = 'none' } = context;

  async function own(caller: Caller): Promise<UserRow> {
    const user = await store.users.find(caller.user);
    if (!user) throw new Problem('unauthenticated');
    return user;
  }

  /** Whoever sits down at an unlocked screen has a session; to change what guards it he needs more. */
  async function reassured(
    user: UserRow,
    { password, code }: z.infer<typeof proof>,
    address: string | undefined,
  ) {
    await loginGuard.attempt({ username: user.username, address }, async () => {
      const local = user.oidc === undefined;
      if (local && !(await passwordFits(user.passwordHash, password ?? ''))) throw wrongPassword();
      if (!(await factors.isEnrolled(user._id))) return;
      if (code === undefined) throw new Problem('second-factor-required');
      if (!(await factors.accepts(user._id, code))) throw wrongCode();
    });
  }

  return [
    operation({
      method: 'get',
      path: '/sessions/current/second-factor',
      name: 'secondFactor',
      tag: 'sessions',
      summary: '本人动态口令的状态',
      access: 'session:own',
      answers: {
        200: {
          description: '状态',
          schema: z.object({
            enrolled: z.boolean(),
            required: z.boolean(),
            recoveryCodesLeft: z.int(),
          }),
        },
      },
      handle: async ({ caller }) => {
        const row = await store.secondFactors.find(caller.user);
        const enrolled = row?.secret !== undefined;
        const required = needsSecondFactor(rule, await own(caller));
        const recoveryCodesLeft = enrolled ? row.recoveryCodes.length : 0;
        return { status: 200, body: { enrolled, required, recoveryCodesLeft } };
      },
    }),
    operation({
      method: 'post',
      path: '/sessions/current/second-factor',
      name: 'offerSecondFactor',
      tag: 'sessions',
      summary: '绑定动态口令（第一步）：取得密钥',
      description:
        'Shown once. It counts after a code of it has been confirmed; one that is in use counts until then.',
      access: 'session:own',
      body: proof,
      answers: {
        201: {
          description: '密钥只显示这一次',
          schema: z.object({
            secret: z.string(),
            uri: z.string().meta({ description: '供扫描，otpauth://' }),
          }),
        },
      },
      problems: ['second-factor-required', 'too-many-requests'],
      handle: async ({ caller, body, request }) => {
        const user = await own(caller);
        await reassured(user, body, request.ip);
        return { status: 201, body: await factors.offer(user) };
      },
    }),
    operation({
      method: 'post',
      path: '/sessions/current/second-factor/confirmation',
      name: 'confirmSecondFactor',
      tag: 'sessions',
      summary: '绑定动态口令（第二步）：以口令确认',
      description: 'Ends the other sessions of the user. The recovery codes are shown once.',
      access: 'session:own',
      body: z.strictObject({ code: secondFactorCode }),
      answers: {
        200: {
          description: '已绑定；恢复码只显示这一次',
          schema: z.object({ recoveryCodes: z.array(z.string()) }),
        },
      },
      problems: ['too-many-requests'],
      handle: async ({ caller, body: { code }, request }) => {
        const who = { username: caller.username, address: request.ip };
        const recoveryCodes = await loginGuard.attempt(who, async () => {
          const codes = await factors.confirm(caller.user, code);
          if (!codes) throw wrongCode();
          return codes;
        });
        await store.sessions.shown(sessionOf(request));
        await store.sessions.endOthers(caller.user, sessionOf(request));
        authenticator.forgetAll();
        return { status: 200, body: { recoveryCodes } };
      },
    }),
    operation({
      method: 'post',
      path: '/sessions/current/second-factor/proof',
      name: 'showSecondFactor',
      tag: 'sessions',
      summary: '以动态口令确认本次登录',
      description: 'For a session that was begun without it, as by a log-in at the city’s identity provider.',
      access: 'session:own',
      body: z.strictObject({ code: secondFactorCode }),
      answers: { 204: { description: '已确认' } },
      problems: ['too-many-requests'],
      handle: async ({ caller, body: { code }, request }) => {
        await loginGuard.attempt({ username: caller.username, address: request.ip }, async () => {
          if (!(await factors.accepts(caller.user, code))) throw wrongCode();
        });
        await store.sessions.shown(sessionOf(request));
        authenticator.forget(sessionOf(request));
        return { status: 204 };
      },
    }),
    operation({
      method: 'post',
      path: '/sessions/current/second-factor/removal',
      name: 'removeSecondFactor',
      tag: 'sessions',
      summary: '解除本人的动态口令',
      access: 'session:own',
      body: proof,
      answers: { 204: { description: '已解除' } },
      problems: ['second-factor-required', 'rule-violated', 'too-many-requests'],
      handle: async ({ caller, body, request }) => {
        const user = await own(caller);
        if (needsSecondFactor(rule, user)) throw Problem.refused([mandatory()]);
        await reassured(user, body, request.ip);
        await store.secondFactors.remove(caller.user);
        return { status: 204 };
      },
    }),
    operation({
      method: 'delete',
      path: '/users/{id}/second-factor',
      name: 'removeUsersSecondFactor',
      tag: 'administration',
      summary: '用户遗失动态口令：解除',
      description: 'Ends the sessions of the user, who enrols anew if he must have one.',
      access: 'users:change',
      params: z.object({ id: identifier }),
      answers: { 204: { description: '已解除' } },
      handle: async ({ caller, params: { id } }) => {
        if (id === caller.user) {
          throw new Problem('not-your-seat', {
            zh: '不能解除本人的动态口令，请由另一管理员办理',
            en: 'Nobody removes their own; ask another administrator',
          });
        }
        if (!(await store.users.find(id))) throw new Problem('not-found');
        await store.secondFactors.remove(id);
        await store.sessions.endAll(id);
        authenticator.forgetAll();
        return { status: 204 };
      },
    }),
  ];
}

function wrongPassword(): Problem {
  return new Problem('unauthenticated', { zh: '密码错误', en: 'Wrong password' });
}

function mandatory() {
  return refusal('本单位规定须绑定动态口令', 'The house requires a second factor of you', {
    basis: 'GB/T 22239-2019 8.1.4.1 身份鉴别',
  });
}
