import type { Actor } from './actor';
import { closeOfYearDate } from './calendar';
import type { PolicySnapshot } from '../policy/snapshot';

/** With what `annualPlan` starts: by the schedule, or by an administrator, late with a reason. */
export interface PlanStart {
  readonly year: number;
  readonly city: string;
  /** Codes of counties, zones and management committees that submit a list each. */
  readonly counties: readonly string[];
  readonly policy: PolicySnapshot;
  readonly startedBy?: Actor;
  readonly reason?: string;
}

/** 24:00 of 30 September of the year before, Asia/Shanghai; it never moves for a day off (P2.1.4). In ms. */
export function submissionClose(year: number, policy: Pick<PolicySnapshot, 'dates'>): number {
  return closeOfYearDate(year - 1, policy.dates.submissionClose);
}

/** Joint review ends at 24:00 of this day of the year before (P2.2.1). In ms. */
export function reviewClose(year: number, policy: Pick<PolicySnapshot, 'dates'>): number {
  return closeOfYearDate(year - 1, policy.dates.reviewClose);
}

/** The plan that is open for declaration on a day: next year's until 30 September, then the year after. */
export function yearToDeclare(
  now: number,
  currentYear: number,
  policy: Pick<PolicySnapshot, 'dates'>,
): number {
  return now < submissionClose(currentYear + 1, policy) ? currentYear + 1 : currentYear + 2;
}
