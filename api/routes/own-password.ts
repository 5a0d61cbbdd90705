import { z } from 'zod';
import { Problem } from '../../domain/problems';
import type { Context } from '../context';
import { newPasswordFields, passwordFits } from '../auth/passwords';
import { operation, type AnyOperation } from '../http/operation';

export const newPassword = z
  .string()
  .min(12)
  .max(256)
  .meta({ description: '至少 12 个字符；不得过于常见、包含用户名或与最近 5 次相同' });

/** The password of one's own. */
export function ownPasswordOperations({ store, authenticator, loginGuard }: Context): AnyOperation[] {
  return [
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
      problems: ['rule-violated', 'too-many-requests'],
      handle: async ({ caller, body: { current, next }, request }) => {
        const who = { username: caller.username, address: request.ip };
        const user = await loginGuard.attempt(who, async () => {
          const known = await store.users.find(caller.user);
          if (known && (await passwordFits(known.passwordHash, current))) return known;
          throw new Problem('unauthenticated', { zh: '原密码错误', en: 'Wrong current password' });
        });
        const fields = await newPasswordFields(user, next);
        await store.users.model.updateOne(
          { _id: user._id },
          { $set: { ...fields, mustChangePassword: false } },
        );
        await store.sessions.endAll(user._id);
        authenticator.forgetAll();
        return { status: 204 };
      },
    }),
  ];
}
