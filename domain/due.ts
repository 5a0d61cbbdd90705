import {
  endOfDay,
  isWorkingDay,
  lastDay,
  plusDays,
  type Calendar,
  type CivilDate,
  type LastDay,
  type Period,
} from './calendar';
import type { PeriodKey } from '../policy/keys';
import type { Due } from './task';

/** A stretch during which the clock stood still; days from `from` to `to`, both included, were not really run. */
export interface Standstill {
  readonly from: CivilDate;
  readonly to: CivilDate;
}

/** A period with the law or rule that gives it. */
export interface PeriodRule {
  /** Which of the policy's periods it is, if it is one as it stands there. */
  readonly key?: PeriodKey | undefined;
  readonly length: Period;
  readonly basis: string;
  readonly clause?: string | undefined;
}

function stood(date: CivilDate, standstills: readonly Standstill[]): boolean {
  return standstills.some(({ from, to }) => from <= date && date <= to);
}

/**
 * The last day of a period of which only the days really run count: a project that is suspended on the third day
 * of its public notice still owes the days that are left (domain.md: suspend, resume).
 * Day of suspension and day of resumption are not counted: neither was run in full.
 */
function lastDayRun(
  calendar: Calendar,
  from: CivilDate,
  period: Period,
  standstills: readonly Standstill[],
): LastDay {
  let last = lastDay(calendar, from, period);
  if (standstills.length === 0) return last;
  // Each day that stood still inside the period moves its end by one counted day; days gained may stand still too.
  let counted = countStood(calendar, from, last.date, period, standstills);
  while (counted > 0) {
    const next =
      'workingDays' in period
        ? nextWorkingDay(calendar, last.date)
        : { date: plusDays(last.date, 1), provisional: last.provisional };
    last = { date: next.date, provisional: last.provisional || next.provisional };
    if (!stood(last.date, standstills)) counted -= 1;
  }
  if ('workingDays' in period || isWorkingDay(calendar, last.date)) return last;
  const rolled = nextWorkingDay(calendar, last.date);
  return { date: rolled.date, provisional: last.provisional || rolled.provisional };
}

function nextWorkingDay(calendar: Calendar, from: CivilDate): LastDay {
  return lastDay(calendar, from, { workingDays: 1 });
}

function countStood(
  calendar: Calendar,
  from: CivilDate,
  until: CivilDate,
  period: Period,
  standstills: readonly Standstill[],
): number {
  let count = 0;
  for (let day = plusDays(from, 1); day <= until; day = plusDays(day, 1)) {
    if (!stood(day, standstills)) continue;
    if (!('workingDays' in period) || isWorkingDay(calendar, day)) count += 1;
  }
  return count;
}

/** When something asked on `from` is due, with its basis. */
export function dueOf(
  rule: PeriodRule,
  from: CivilDate,
  calendar: Calendar,
  standstills: readonly Standstill[] = [],
): Due {
  const { date, provisional } = lastDayRun(calendar, from, rule.length, standstills);
  return {
    at: new Date(endOfDay(date)).toISOString(),
    date,
    period: rule.length,
    from,
    basis: rule.basis,
    ...(rule.clause === undefined ? {} : { clause: rule.clause }),
    provisional,
  };
}

/** `5 个工作日`, `20 日`, `3 个月`. */
export function isSamePeriod(one: Period, other: Period): boolean {
  return periodText(one) === periodText(other);
}

export function periodText(period: Period): string {
  if ('workingDays' in period) return `${period.workingDays} 个工作日`;
  if ('days' in period) return `${period.days} 日`;
  return `${period.months} 个月`;
}
