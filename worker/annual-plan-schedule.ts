import {
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client';
import type { ScheduleId } from '../domain/schedules';

export const ANNUAL_PLAN_SCHEDULE: ScheduleId = 'annual-plan';

/**
 * The Schedule that starts, each January, the plan of the next year.
 *
 * Overlap: a plan runs for years, and the default would skip the next one while it does. Catch-up: the default window
 * would lose a January on which the system was down. Calling it again brings an existing Schedule up to date and
 * leaves it paused if somebody has paused it.
 */
export async function ensureAnnualPlanSchedule(client: Client, taskQueue: string): Promise<void> {
  const { spec, action, policies } = scheduleFor(taskQueue);
  try {
    await client.schedule.create({
      scheduleId: ANNUAL_PLAN_SCHEDULE,
      spec,
      action,
      ...(policies ? { policies } : {}),
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule
      .getHandle(ANNUAL_PLAN_SCHEDULE)
      .update((before) => ({ ...before, spec, action, ...(policies ? { policies } : {}) }) as never);
  }
}

function scheduleFor(taskQueue: string): Pick<ScheduleOptions, 'spec' | 'action' | 'policies'> {
  return {
    spec: {
      calendars: [{ month: 'JANUARY', dayOfMonth: 1, hour: 9, comment: '次年度改造计划开始申报' }],
      timezone: 'Asia/Shanghai',
    },
    action: {
      type: 'startWorkflow',
      workflowType: 'startNextYearsPlan',
      workflowId: 'start-next-years-plan',
      taskQueue,
      args: [],
    },
    policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL, catchupWindow: '400 days', pauseOnFailure: false },
  };
}
