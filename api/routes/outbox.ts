import { z } from 'zod';
import { Problem } from '../../domain/problems';
import { OUTBOX_STATES, type OutboxRow } from '../../store/outbox';
import type { Context } from '../context';
import { pageSchema, paging } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import { outgoing } from './keeping-views';

/** What leaves the house, and what could not: for the system administrator. No address, no text. */
export function outboxOperations({ store }: Context): AnyOperation[] {
  return [
    operation({
      method: 'get',
      path: '/outbox',
      name: 'listOutbox',
      tag: 'administration',
      summary: '对外通知；dead 为多次未送达',
      access: 'outbox:read',
      query: z.strictObject({ state: z.enum(OUTBOX_STATES).default('dead'), ...paging }),
      answers: { 200: { description: '通知，按下次尝试时间', schema: pageSchema(outgoing) } },
      handle: async ({ query }) => {
        const page = await store.outbox.list(query);
        return { status: 200, body: { ...page, items: page.items.map(viewOf) } };
      },
    }),
    operation({
      method: 'post',
      path: '/outbox/{id}/resend',
      name: 'resend',
      tag: 'administration',
      summary: '重发一条未送达的通知',
      access: 'outbox:resend',
      params: z.object({ id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]{2,399}$/) }),
      idempotent: true,
      answers: { 200: { description: '将重新发送', schema: outgoing } },
      problems: ['not-found', 'already-exists'],
      handle: async ({ caller, params: { id }, idempotencyKey: key }) => {
        const target = `POST /outbox/${id}/resend`;
        return once(store, { user: caller.user, key, target, body: {} }, async () => {
          const resent = await store.outbox.resend(id, new Date());
          const row = await store.outbox.find(id);
          if (!row) throw new Problem('not-found');
          if (!resent) {
            throw new Problem('already-exists', {
              zh: '该通知已送达或仍在发送，无须重发',
              en: 'It was sent already, or is still being tried',
            });
          }
          return { status: 200, body: viewOf(row) };
        });
      },
    }),
  ];
}

function viewOf(row: OutboxRow) {
  const { _id, channel, kind, state, attempts, nextAt, lastError, user, webhook, writtenAt, sentAt } = row;
  return {
    id: _id,
    channel,
    kind,
    state,
    attempts,
    nextAt: nextAt.toISOString(),
    lastError,
    user,
    webhook,
    writtenAt: writtenAt.toISOString(),
    sentAt: sentAt?.toISOString(),
  };
}
