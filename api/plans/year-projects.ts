import { sumFen } from '../../domain/money';
import { STEP_ORDER } from '../../domain/project';
import { furthestOf, type YearProject } from '../../domain/year-figures';
import type { Step } from '../../policy/keys';
import type { Store } from '../../store/connect';
import type { CountedRow } from '../../store/projects';
import { reachOf, seenProjects, type Caller } from '../permissions';
import { groupedBy } from '../../domain/grouped';

const DAY = 24 * 3_600_000;

type CountedPlan = NonNullable<CountedRow['plan']>[number];

/**
 * The projects of a year that the caller sees, as figures count them. Money is that of the plans in force, and only of
 * projects of which the caller sees everything; lateness is that of the tasks that it may see.
 */
export async function yearProjects(
  { projects, steps, tasks }: Pick<Store, 'projects' | 'steps' | 'tasks'>,
  caller: Caller,
  year: number,
  now: number,
): Promise<YearProject[]> {
  const { whole, areas, parties } = reachOf(caller);
  const seen = await seenProjects({ projects, tasks }, caller);
  const rows: readonly CountedRow[] = await projects.counted(year, seen);
  const isWhole = (row: CountedRow): boolean =>
    whole !== undefined || row.areas.some((area) => areas.includes(area));
  const ids = rows.map(({ projectId }) => projectId);
  const [wholly, partly] = [rows.filter(isWhole), rows.filter((row) => !isWhole(row))].map((some) =>
    some.map(({ projectId }) => projectId),
  ) as [string[], string[]];
  const [stayed, late, ownLate] = await Promise.all([
    steps.stays(ids),
    tasks.overdueIn(wholly),
    tasks.overdueIn(partly, parties),
  ]);
  const staysBy = groupedBy(stayed, ({ projectId }) => projectId);
  const lateBy = groupedBy([...late, ...ownLate], ({ projectId }) => projectId);
  return rows.map((row) => {
    const { projectId, name, county, status, steps: running, rounds, onPaper, plan } = row;
    const come = furthestOf([...(Object.keys(rounds) as Step[]), ...running, ...onPaper]);
    const furthest = status === 'completed' ? STEP_ORDER.at(-1) : come;
    const money = plan !== undefined && whole !== 'course' && isWhole(row) ? plan : undefined;
    return {
      projectId,
      name,
      county,
      status,
      steps: running,
      ...(furthest === undefined ? {} : { furthest }),
      ...(money === undefined ? {} : { budgetFen: sumFen(money.map(({ budgetFen }) => budgetFen)) }),
      funding: fundingOf(money ?? []),
      overdue: Object.fromEntries((lateBy.get(projectId) ?? []).map(({ step, tasks: many }) => [step, many])),
      stays: staysOf(staysBy.get(projectId) ?? [], now),
    };
  });
}

function fundingOf(plans: readonly CountedPlan[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { source, amountFen } of plans.flatMap(({ funding }) => funding))
    sums[source] = (sums[source] ?? 0) + amountFen;
  return sums;
}

interface Stayed {
  readonly step: string;
  readonly openedAt: string;
  readonly closedAt?: string;
}

function staysOf(rounds: readonly Stayed[], now: number): YearProject['stays'] {
  const steps = [...groupedBy(rounds, ({ step }) => step)];
  return steps.flatMap(([step, all]) => {
    if (!(STEP_ORDER as readonly string[]).includes(step)) return [];
    const ms = all.reduce(
      (sum, { openedAt, closedAt }) => sum + (closedAt ? Date.parse(closedAt) : now) - Date.parse(openedAt),
      0,
    );
    const ended = all.every(({ closedAt }) => closedAt !== undefined);
    return [{ step: step as Step, days: Math.max(0, Math.floor(ms / DAY)), ended }];
  });
}
