import type { Json } from '../../domain/events';
import type { PlanRow } from '../../store/plans';
import type { SubmissionRow } from '../../store/submissions';
import type { PlanSight } from '../permissions';

/** What everybody who works on plans may know of one; `listed` as far as the projects are theirs. */
const COURSE = ['year', 'phase', 'closesAt', 'reviewClosesAt', 'document', 'empty'];

/** A year's plan as the caller sees it. */
export function planSummaryOf(plan: PlanRow, now: number, sight: PlanSight) {
  const { planYear, phase, status, openedAt, closesAt, facts } = plan;
  const open = status === 'running' && (closesAt === undefined || now < Date.parse(closesAt));
  return { year: planYear, phase, status, openedAt, closesAt, open, facts: factsSeen(facts, sight) };
}

/** Counties' submissions to it, as far as the caller sees them. */
export function submissionsOf(rows: readonly SubmissionRow[], { whole, counties }: PlanSight) {
  return rows
    .filter(({ county }) => whole !== undefined || counties.includes(county))
    .map(({ county, phase, status, projects, facts }) => ({
      county,
      phase,
      status,
      projects: whole === 'course' ? {} : projects,
      facts: whole === 'course' ? {} : facts,
    }));
}

function factsSeen(facts: Json, { whole, counties }: PlanSight): Json {
  if (whole === 'everything' || facts === null || typeof facts !== 'object' || Array.isArray(facts)) {
    return facts;
  }
  const course = Object.fromEntries(Object.entries(facts).filter(([key]) => COURSE.includes(key)));
  const { listed } = facts;
  if (!Array.isArray(listed) || counties.length === 0) return course;
  const own = listed.filter((id) => counties.some((county) => String(id).startsWith(`${county}-`)));
  return { ...course, listed: own };
}
