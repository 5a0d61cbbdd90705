import { z } from 'zod';
import { allChoices, EMAIL_CHOICES } from '../../domain/notification/choice';
import { NOTIFICATION_KINDS, type NotificationKind } from '../../domain/notification/notification';
import { placeOfEmail } from '../../store/users';
import type { Context } from '../context';
import { emailAddress } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';

const choice = z.strictObject({
  inApp: z.boolean(),
  email: z.enum(EMAIL_CHOICES).meta({ description: 'off 不发，at-once 即时，digest 每个工作日 08:30 汇总' }),
});
const kinds = Object.keys(NOTIFICATION_KINDS) as NotificationKind[];
const everyKind = z
  .strictObject(
    Object.fromEntries(kinds.map((kind) => [kind, choice])) as Record<NotificationKind, typeof choice>,
  )
  .meta({ id: 'NotificationChoices' });

const settings = z
  .object({
    email: z.string().nullable().meta({ description: '加密保存，仅本人和安全管理员可见' }),
    choices: everyKind,
  })
  .meta({ id: 'NotificationSettings' });

/** Each person's own: where e-mail goes, and what of which kind. */
export function notificationChoiceOperations({ store, fieldSeal }: Context): AnyOperation[] {
  async function settingsOf(user: string) {
    const [row, choices] = await Promise.all([store.users.find(user), store.notificationChoices.of(user)]);
    const email = row?.email === undefined ? undefined : fieldSeal.open(row.email, placeOfEmail(user));
    return { email: email ?? null, choices: allChoices(choices) };
  }

  return [
    operation({
      method: 'get',
      path: '/sessions/current/notifications',
      name: 'getNotificationSettings',
      tag: 'messages',
      summary: '本人通知设置',
      access: 'messages:own',
      answers: { 200: { description: '设置', schema: settings } },
      handle: async ({ caller }) => ({ status: 200, body: await settingsOf(caller.user) }),
    }),
    operation({
      method: 'put',
      path: '/sessions/current/notifications',
      name: 'setNotificationSettings',
      tag: 'messages',
      summary: '更改本人通知设置；未列出的保持不变',
      access: 'messages:own',
      body: z
        .strictObject({ email: emailAddress.nullable(), choices: everyKind.partial() })
        .partial()
        .refine((body) => Object.keys(body).length > 0, { message: '未填内容 / empty' }),
      answers: { 200: { description: '已更改', schema: settings } },
      handle: async ({ caller: { user }, body: { email, choices } }) => {
        if (email !== undefined) {
          const sealed = email === null ? undefined : fieldSeal.seal(email, placeOfEmail(user));
          await store.users.setEmail(user, sealed);
        }
        if (choices) {
          const before = await store.notificationChoices.of(user);
          await store.notificationChoices.set(user, { ...before, ...choices } as typeof before);
        }
        return { status: 200, body: await settingsOf(user) };
      },
    }),
  ];
}
