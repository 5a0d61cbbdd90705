import { z } from 'zod';
import { textOf } from '../../domain/notification/texts';
import { Problem } from '../../domain/problems';
import type { MessageRow } from '../../store/messages';
import type { Context } from '../context';
import { booleanParam, pageSchema, paging } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { messageView } from './person-views';

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
      answers: {
        200: {
          description: '消息',
          schema: pageSchema(messageView).extend({ unread: z.int().meta({ description: '未读总数' }) }),
        },
      },
      handle: async ({ caller, query }) => {
        const organisations = caller.organisations.map(({ id }) => id);
        const own = { user: caller.user, organisations };
        const [page, unread] = await Promise.all([
          store.messages.list({ ...own, ...query }),
          store.messages.unread(own),
        ]);
        return { status: 200, body: { ...page, items: page.items.map(viewOf), unread } };
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
