import type { PlanStart } from '../../domain/annual-plan';
import type { ProjectNode } from '../../domain/node';
import type { ProjectStart } from '../../domain/project';
import type { Candidate } from '../../domain/world';
import type { Engine } from './engine';
import { CITY, community, COUNTY, policy } from './sample';

export const YEAR = 2028;

/** A project that is ready to be put on a list: 样例. */
export const candidate = (n: number): Candidate => ({
  projectId: `${COUNTY}-${YEAR}-000${n}`,
  name: `样例项目${n}`,
  communities: 1,
  households: 100 * n,
  buildings: n,
  floorArea: 10_000,
  budgetFen: 1_000_000_00 * n,
  readyAt: '2027-05-01T00:00:00.000Z',
});

/** Opens the year's plan and waits for the county's list. */
export async function openPlan(engine: Engine, year = YEAR): Promise<void> {
  const start: PlanStart = { year, city: CITY, counties: [COUNTY], policy };
  await engine.start('annualPlan', `plan/${year}`, [start]);
  await engine.eventually(() => engine.record.nodes.has(`submission/${year}-${COUNTY}`), 'the submission');
}

/** Begins a project, as the county's housing bureau does. */
export async function beginProject(engine: Engine, change: Partial<ProjectStart> = {}) {
  const housing = `${COUNTY}-housing`;
  const start: ProjectStart = {
    projectId: `${COUNTY}-${YEAR}-0001`,
    name: '样例项目',
    city: CITY,
    county: COUNTY,
    year: YEAR,
    communities: [community('c1')],
    policy,
    startedBy: { user: `${housing}-1`, organisation: housing },
    ...change,
  };
  const { projectId } = start;
  const workflowId = `project/${projectId}`;
  const handle = await engine.start('renovationProject', workflowId, [start]);
  const node = () => engine.record.nodes.get(workflowId) as ProjectNode | undefined;
  return {
    projectId,
    workflowId,
    handle,
    node,
    housing,
    at: (step: string) => () => node()?.steps.some((one) => one === step) ?? false,
    ended: () => node()?.endedAt !== undefined && engine.record.types(workflowId).includes('project-ended'),
  };
}
