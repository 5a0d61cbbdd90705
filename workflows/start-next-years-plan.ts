import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { workflowInfo } from '@temporalio/workflow';
import { civilDate } from '../domain/calendar';
import type { Json } from '../domain/events';
import { outside } from './outside';

const scheduledStartKey = defineSearchAttributeKey(
  'TemporalScheduledStartTime',
  SearchAttributeType.DATETIME,
);

/**
 * What the Schedule starts each January: the annual plan of the next year.
 *
 * The year is that of the scheduled time, not of now: a January missed while the system was down is caught up with
 * its own year. It only starts the plan and ends, because a Schedule gives its actions ids of its own making, while
 * the plan's id must read `plan/2028` and be there once.
 */
export async function startNextYearsPlan(): Promise<Json> {
  const { typedSearchAttributes, startTime } = workflowInfo();
  const scheduled = typedSearchAttributes.get(scheduledStartKey) ?? startTime;
  const year = Number(civilDate(scheduled.getTime()).slice(0, 4));
  return outside.startPlan({ year: year + 1 });
}
