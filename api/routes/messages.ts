import { z } from 'zod';
import { textOf } from '../../domain/notification/texts';
import { Problem } from '../../domain/problems';
import type { MessageRow } from '../../store/messages';
import type { Context } from '../context';
import { booleanParam, instant, pageSchema, paging } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { notificationKind } from './views';

const messageView = z
  .object({
    id: z.string(),
    kind: notificationKind,
    at: instant,
    subject: z.string(),
    text: z.string(),
    taskId: z.string().optional(),
    projectId: z.string().optional(),
    readAt: instant.optional(),
  })
  .meta({ id: 'Message' });

/** What one is told in the application. */
export function messageOperations({ store }: Context): AnyOperation[] {
  return [
    operation({
      method: 'get',
      path: '/messages',
      name: 'listMessages',
      tag: 'messages',
      summary: '本人消息，最近的在前',
      access: 'messages:own',
      query: z.strictObject({ unread: booleanParam.optional(), ...paging }),
      answers: { 200: { description: '消息', schema: pageSchema(messageView) } },
      handle: async ({ caller, query }) => {
        const organisations = caller.organisations.map(({ id }) => id);
        const page = await store.messages.list({ user: caller.user, organisations, ...query });
        return { status: 200, body: { ...page, items: page.items.map(viewOf) } };
      },
    }),
    operation({
      method: 'post',
      path: '/messages/{id}/read',
      name: 'readMessage',
      tag: 'messages',
      summary: '标为已读',
      access: 'messages:own',
      params: z.object({ id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{2,299}$/) }),
      answers: { 204: { description: '已读' } },
      problems: ['not-found'],
      handle: async ({ caller, params: { id } }) => {
        if (!(await store.messages.read(caller.user, id, new Date()))) throw new Problem('not-found');
        return { status: 204 };
      },
    }),
  ];
}

function viewOf({ _id, kind, about, at, readAt }: MessageRow) {
  const { subject, body } = textOf(kind, about);
  return {
    id: _id,
    kind,
    at: at.toISOString(),
    subject,
    text: body,
    taskId: about.task?.id,
    projectId: about.projectId,
    readAt: readAt?.toISOString(),
  };
}
