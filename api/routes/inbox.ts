import { z } from 'zod';
import type { Context } from '../context';
import { operation, type AnyOperation } from '../http/operation';
import { isAllowed, officesOf, supervisedBy } from '../permissions';

const count = z.int();

/** How much there is to do: what a desk shows before its lists. */
export function inboxOperations({ store }: Context): AnyOperation[] {
  return [
    operation({
      method: 'get',
      path: '/inbox',
      name: 'inbox',
      tag: 'tasks',
      summary: '工作台：待办、我发起的、抄送、督办的件数',
      access: 'inbox:read',
      answers: {
        200: {
          description: '件数',
          schema: z.object({
            open: count,
            overdue: count,
            kinds: z
              .array(z.object({ kind: z.string(), title: z.string(), open: count, overdue: count }))
              .meta({ description: '待办按事项' }),
            submitted: count.meta({ description: '本人提交、他人尚未办结的' }),
            unreadCopies: count,
            supervised: count.optional().meta({ description: '督办范围内逾期未办件数' }),
          }),
        },
      },
      handle: async ({ caller }) => {
        const organisations = officesOf(caller);
        const reader = { user: caller.user, organisations };
        const supervises = isAllowed('supervision:read', caller);
        const [kinds, submitted, copies, late] = await Promise.all([
          store.tasks.openKinds({ organisations, notFor: caller.user }),
          store.tasks.count({ status: 'open', submittedBy: caller.user }),
          store.taskCopies.to(reader, true),
          supervises ? store.tasks.overdueBy(supervisedBy(caller)) : undefined,
        ]);
        const sum = (of: readonly { open?: number; overdue: number }[], what: 'open' | 'overdue') =>
          of.reduce((total, one) => total + (one[what] ?? 0), 0);
        return {
          status: 200,
          body: {
            open: sum(kinds, 'open'),
            overdue: sum(kinds, 'overdue'),
            kinds,
            submitted,
            unreadCopies: copies.length,
            ...(late ? { supervised: sum(late, 'overdue') } : {}),
          },
        };
      },
    }),
  ];
}
