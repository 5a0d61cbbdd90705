import { z } from 'zod';
import { civilDate } from '../../domain/calendar';
import type { ProjectNode } from '../../domain/node';
import { forecast, type Running } from '../../domain/outlook/forecast';
import { OUTCOMES } from '../../domain/outlook/outcomes';
import type { Task } from '../../domain/task';
import type { Step } from '../../policy/keys';
import type { Policy } from '../../policy/schema';
import type { StepRow } from '../../store/steps';
import type { Context } from '../context';
import { projectId } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { projectSeenBy, reachOf } from '../permissions';
import { outlookView } from './project-schemas';

/** Stuck where, whose clock, what next: for everybody who sees how the project stands. */
export function outlookOperations({ store, world }: Context): AnyOperation[] {
  /** The version with which the project began; the one in force where it is kept nowhere. */
  async function policyOf({ policyVersion }: ProjectNode): Promise<Policy> {
    const inForce = await world.policy();
    if (inForce.version === policyVersion) return inForce;
    const versions = await store.policies.versions(inForce.id);
    return versions.find(({ policy }) => policy.version === policyVersion)?.policy ?? inForce;
  }

  return [
    operation({
      method: 'get',
      path: '/projects/{id}/outlook',
      name: 'getOutlook',
      tag: 'projects',
      summary: '项目进展：等待谁、期限及依据、可能的结果、后续预计',
      access: 'projects:read',
      params: z.object({ id: projectId }),
      answers: { 200: { description: '进展与预计', schema: outlookView } },
      handle: async ({ caller, params: { id } }) => {
        const { project, sight } = await projectSeenBy(store, caller, id);
        // What is asked of others is theirs; how the project stands is everybody's who has a part in it.
        const own = sight === 'own-part' ? reachOf(caller).parties : undefined;
        const [{ items: tasks }, rounds, policy, { today, calendar }] = await Promise.all([
          store.tasks.list({ projectId: id, status: 'open', limit: 200 }),
          store.steps.ofProject(id),
          policyOf(project),
          world.moment(),
        ]);
        const live = rounds.filter(({ status }) => status === 'running' || status === 'suspended');
        const { periods } = policy;
        const closes = closesOf(policy, project.year);
        const steps = forecast(runningOf(project, live, tasks), { calendar, today, periods, closes });
        const seen = own ? tasks.filter(({ organisation }) => own.includes(organisation)) : tasks;
        return { status: 200, body: outlookOf(project, policy, { tasks: seen, rounds: live, steps }) };
      },
    }),
  ];
}

/** A plan's submissions and their review close in the year before (P2.1.4, P2.2.1). */
function closesOf({ dates }: Policy, year: number): Partial<Record<Step, string>> {
  return {
    'county-submission': `${year - 1}-${dates.submissionClose}`,
    'joint-review': `${year - 1}-${dates.reviewClose}`,
  };
}

function runningOf(project: ProjectNode, rounds: readonly StepRow[], tasks: readonly Task[]): Running[] {
  if (project.endedAt !== undefined) return [];
  return project.steps.map((step) => {
    const round = rounds.findLast((one) => one.step === step);
    const dues = [
      ...tasks.filter((task) => task.step === step).flatMap(({ due }) => due ?? []),
      ...(round?.waits ?? []).map(({ until, provisional }) => ({ date: until.slice(0, 10), provisional })),
    ].sort((one, other) => (one.date < other.date ? -1 : 1));
    const last = dues.at(-1);
    return {
      step,
      openedOn: civilDate(Date.parse(round?.openedAt ?? project.startedAt)),
      ...(last ? { dueOn: last.date } : {}),
      provisional: last?.provisional ?? false,
      suspended: project.status === 'suspended',
    };
  });
}

function outlookOf(
  project: ProjectNode,
  policy: Policy,
  {
    tasks,
    rounds,
    steps: forecasted,
  }: { tasks: readonly Task[]; rounds: readonly StepRow[]; steps: ReturnType<typeof forecast> },
): z.infer<typeof outlookView> {
  const running = project.endedAt === undefined ? project.steps : [];
  const last = forecasted.filter(({ step: of }) => OUTCOMES[of][0].end === 'completed');
  const known = last.length > 0 && last.every(({ until }) => until !== undefined);
  return {
    projectId: project.projectId,
    status: project.status,
    awaited: tasks.map(
      ({ id, title, step: of, seat, organisation, assignedAt, due, overdue, suspended }) => ({
        task: id,
        title,
        step: of,
        seat: { ...seat },
        organisation,
        since: assignedAt,
        due,
        overdue,
        suspended,
      }),
    ),
    waits: rounds.flatMap((round) => round.waits.map((wait) => ({ step: round.step, ...wait }))),
    outcomes: running.flatMap((of) =>
      OUTCOMES[of].map(({ steps: to, ...outcome }) => ({
        step: of,
        ...outcome,
        ...(to === undefined ? {} : { steps: [...to] }),
      })),
    ),
    returns: returnsOf(project, policy),
    forecast: forecasted.map((one) => ({ ...one, periods: one.periods.map((period) => ({ ...period })) })),
    ...(known
      ? {
          completesBy: last
            .map(({ until }) => until ?? '')
            .sort()
            .at(-1),
        }
      : {}),
  };
}

/** The workflow says to which steps it can be turned back now; the policy, who may. */
function returnsOf({ acts, steps: running }: ProjectNode, { returnRights }: Policy) {
  const act = acts.find((one) => one.act === 'return');
  const { returnable = [] } = (act?.context ?? {}) as { returnable?: readonly Step[] };
  const rights = returnRights.filter(({ from }) => from.some((one) => running.includes(one)));
  return returnable.map((to) => ({
    to,
    seats: [...new Set(rights.filter((right) => right.to.includes(to)).flatMap(({ seats }) => seats))],
  }));
}
