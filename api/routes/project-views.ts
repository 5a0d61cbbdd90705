import { z } from 'zod';
import type { ProjectNode } from '../../domain/node';
import { MEASURES } from '../../domain/forms/repair';
import type { Task } from '../../domain/task';
import { bodies, steps } from '../../policy/keys';
import type { Sight } from '../permissions';
import type { StepRow } from '../../store/steps';
import { instant } from '../http/fields';
import { summaryOf } from './task-views';
import { anyJson, taskSummary } from './views';

export const projectStatuses = [
  'running',
  'suspended',
  'waiting',
  'needs-repair',
  'completed',
  'residents-declined',
  'rejected',
  'withdrawn',
  'cancelled',
] as const satisfies readonly ProjectNode['status'][];

const step = z.enum(steps);

export const projectSummary = z
  .object({
    id: z.string(),
    name: z.string(),
    county: z.string(),
    year: z.int(),
    communities: z.array(z.string()),
    status: z.enum(projectStatuses),
    step: step
      .optional()
      .meta({ description: 'The step that is running; the first where several run side by side' }),
    steps: z.array(step),
    rounds: z.partialRecord(step, z.int()),
    dueAt: instant.optional().meta({ description: 'The earliest due date among its open tasks' }),
    startedAt: instant,
    endedAt: instant.optional(),
    reason: z.string().optional(),
    links: z.object({ self: z.string(), events: z.string(), tasks: z.string(), acts: z.string() }),
  })
  .meta({ id: 'ProjectSummary' });

export const projectDetail = projectSummary
  .extend({
    openTasks: z.array(taskSummary),
    waits: z.array(
      z.object({ step: z.string(), what: z.string(), until: z.string(), provisional: z.boolean() }),
    ),
    history: z.array(
      z.object({
        step: z.string(),
        round: z.int(),
        status: z.string(),
        openedAt: instant,
        closedAt: instant.optional(),
        facts: anyJson,
      }),
    ),
    bindings: z.partialRecord(z.enum(bodies), z.string()),
    policyVersion: z.string(),
    document: z.object({ number: z.string(), date: z.string(), year: z.int() }).optional(),
    onPaper: z.array(step),
    outputs: z.record(z.string(), anyJson),
    repairs: z
      .array(z.object({ measure: z.enum(MEASURES), step, reason: z.string(), at: instant }))
      .meta({ description: '应急修复: what was done when the project was stuck' }),
    lost: z.array(step).meta({ description: 'Steps that were ended from outside and wait for repair' }),
  })
  .meta({ id: 'Project' });

export function projectSummaryOf(node: ProjectNode, dueAt?: string): z.infer<typeof projectSummary> {
  const self = `/api/v1/projects/${node.projectId}`;
  return {
    id: node.projectId,
    name: node.name,
    county: node.county,
    year: node.year,
    communities: [...node.communities],
    status: node.status,
    step: node.steps[0],
    steps: [...node.steps],
    rounds: node.rounds,
    dueAt,
    startedAt: node.startedAt,
    endedAt: node.endedAt,
    reason: node.reason,
    links: {
      self,
      events: `${self}/events`,
      tasks: `/api/v1/tasks?status=open&projectId=${node.projectId}`,
      acts: `${self}/acts`,
    },
  };
}

/**
 * @param rounds every round of every step, as they opened
 * @param sight what was entered is shown only to whoever sees everything
 */
export function projectDetailOf(
  node: ProjectNode,
  openTasks: readonly Task[],
  rounds: readonly StepRow[],
  sight: Sight,
): z.infer<typeof projectDetail> {
  const dueAt = openTasks.flatMap(({ due }) => due?.at ?? []).sort()[0];
  return {
    ...projectSummaryOf(node, dueAt),
    openTasks: openTasks.map(summaryOf),
    waits: rounds
      .filter(({ status }) => status === 'running' || status === 'suspended')
      .flatMap((round) => round.waits.map((wait) => ({ step: round.step, ...wait }))),
    history: rounds.map(({ step: of, round, status, openedAt, closedAt, facts }) => ({
      step: of,
      round,
      status,
      openedAt,
      closedAt,
      facts: sight === 'everything' ? facts : {},
    })),
    bindings: node.bindings,
    policyVersion: node.policyVersion,
    document: node.document,
    onPaper: [...node.onPaper],
    outputs: sight === 'everything' ? node.outputs : {},
    repairs: (node.repairs ?? []).map((one) => ({ ...one })),
    lost: [...(node.lost ?? [])],
  };
}
