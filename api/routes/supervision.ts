import { z } from 'zod';
import { civilDate, workingDaysRun } from '../../domain/calendar';
import type { Context } from '../context';
import { identifier, instant } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { supervisedBy } from '../permissions';
import { summaryOf } from './task-views';
import { taskSummary } from './views';

const lagging = z
  .object({
    organisation: z.string(),
    name: z.string(),
    overdue: z.int().meta({ description: '逾期未办件数' }),
    oldestDue: instant,
    workingDaysLate: z.int().meta({ description: '最早一件已逾期的工作日' }),
    tasks: z
      .array(taskSummary.extend({ workingDaysLate: z.int() }))
      .optional()
      .meta({ description: '指定单位时列出，按期限先后，至多 200 件' }),
  })
  .meta({ id: 'Lagging' });

/** 督办: who is late with how much, and since when. Suspended tasks have no running clock and are not late. */
export function supervisionOperations({ store, world }: Context): AnyOperation[] {
  return [
    operation({
      method: 'get',
      path: '/supervision',
      name: 'supervise',
      tag: 'tasks',
      summary: '督办列表：逾期未办事项，按单位',
      description: '市级单位、审计和系统管理员查看全市，县区单位查看本县区，其他单位查看本单位。',
      access: 'supervision:read',
      query: z.strictObject({ organisation: identifier.optional() }),
      answers: {
        200: {
          description: '逾期最久的单位在前',
          schema: z.object({ overdue: z.int(), items: z.array(lagging) }),
        },
      },
      handle: async ({ caller, query: { organisation } }) => {
        const within = { ...supervisedBy(caller), only: organisation };
        const [found, { today, calendar }] = await Promise.all([
          store.tasks.overdueBy(within),
          world.moment(),
        ]);
        const names = await store.organisations.findAll(found.map((one) => one.organisation));
        const late = (dueAt: string): number => {
          // A period ends at midnight: the instant already belongs to the next day.
          const lastDay = civilDate(Date.parse(dueAt) - 1);
          return workingDaysRun(calendar, lastDay, today);
        };
        const tasks = organisation === undefined ? undefined : await store.tasks.overdueOf(within);
        const items = found.map(({ organisation: id, overdue, oldestDue }) => ({
          organisation: id,
          name: names.find((one) => one.id === id)?.name ?? id,
          overdue,
          oldestDue,
          workingDaysLate: late(oldestDue),
          ...(tasks
            ? {
                tasks: tasks.map((task) => ({
                  ...summaryOf(task),
                  workingDaysLate: late(task.due?.at ?? oldestDue),
                })),
              }
            : {}),
        }));
        const overdue = items.reduce((sum, one) => sum + one.overdue, 0);
        return { status: 200, body: { overdue, items } };
      },
    }),
  ];
}
