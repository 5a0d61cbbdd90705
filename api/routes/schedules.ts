import { z } from 'zod';
import { SCHEDULES, isScheduleId, type ScheduleId } from '../../domain/schedules';
import { Problem } from '../../domain/problems';
import type { Context } from '../context';
import { identifier, publicLine } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import { describeSchedule, patchSchedule, type Patch } from '../system/schedules';
import { scheduleView } from './keeping-views';

const ACTS = [
  { act: 'pause', path: 'pause', name: 'pauseSchedule', summary: '暂停定时任务', done: '已暂停' },
  { act: 'resume', path: 'resumption', name: 'resumeSchedule', summary: '恢复定时任务', done: '已恢复' },
  { act: 'run', path: 'run', name: 'runSchedule', summary: '立即执行一次', done: '已执行' },
] as const satisfies readonly { readonly act: Patch['act']; readonly [text: string]: string }[];

/** What the system does by itself on certain days, and only what the product itself has set up. */
export function scheduleOperations(context: Context): AnyOperation[] {
  const { store, mode } = context;

  /** The engine of a rehearsal has no Schedules: its clock starts the plans. */
  function requireSchedules(): void {
    if (mode !== 'rehearsal') return;
    throw new Problem('not-in-rehearsal', {
      zh: '演练没有定时任务：拨快时钟时，年度计划随之开启',
      en: 'A rehearsal has no Schedules: its clock opens the plans as it is advanced',
    });
  }

  return [
    operation({
      method: 'get',
      path: '/schedules',
      name: 'listSchedules',
      tag: 'administration',
      summary: '定时任务：做什么、是否暂停及原因、今后和最近的执行',
      access: 'schedules:read',
      answers: { 200: { description: '定时任务', schema: z.object({ items: z.array(scheduleView) }) } },
      problems: ['not-in-rehearsal'],
      handle: async () => {
        requireSchedules();
        const ids = Object.keys(SCHEDULES) as ScheduleId[];
        return { status: 200, body: { items: await Promise.all(ids.map((id) => viewOf(context, id))) } };
      },
    }),
    ...ACTS.map(({ act, path, name, summary, done }) =>
      operation({
        method: 'post',
        path: `/schedules/{id}/${path}`,
        name,
        tag: 'administration',
        summary,
        access: 'schedules:write',
        params: z.object({ id: identifier }),
        body: z.strictObject({ reason: publicLine(200) }),
        idempotent: true,
        answers: { 200: { description: done, schema: scheduleView } },
        problems: ['not-found', 'not-in-rehearsal'],
        handle: async ({ caller, params: { id }, body, idempotencyKey: key }) => {
          requireSchedules();
          const target = `POST /schedules/${id}/${path}`;
          return once(store, { user: caller.user, key, target, body }, async () => {
            if (!isScheduleId(id)) throw new Problem('not-found');
            await patchSchedule(context, id, { act, reason: body.reason });
            return { status: 200, body: await viewOf(context, id) };
          });
        },
      }),
    ),
  ];
}

async function viewOf(context: Context, id: ScheduleId) {
  return { id, ...SCHEDULES[id], ...(await describeSchedule(context, id)) };
}
