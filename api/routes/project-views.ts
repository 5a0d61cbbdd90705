import type { z } from 'zod';
import type { ProjectNode } from '../../domain/node';
import type { Task } from '../../domain/task';
import type { Sight } from '../permissions';
import type { StepRow } from '../../store/steps';
import type { projectDetail, projectSummary } from './project-schemas';
import { summaryOf } from './task-views';

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
