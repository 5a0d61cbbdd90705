import { taskKinds } from '../forms';
import { planOf, submissionOf, type Node, type StepNode } from '../node';
import { parseSeat } from '../../policy/keys';
import type { Json, RecordedEvent } from '../events';
import type { Task } from '../task';
import { endsChain } from './signed';

/**
 * What can be shown of a closed workflow from its events alone, when its history has expired.
 *
 * What the events do not carry is left out or empty and named in `lacks`; nothing is made up.
 */
export interface ShownAgain {
  readonly node: Node;
  readonly tasks: readonly Task[];
  /** Fields that the events do not carry, of the node and of tasks. */
  readonly lacks: readonly string[];
}

/** @returns nothing where the events do not end, or ended under a version that did not write what is shown */
export function shownAgain(events: readonly RecordedEvent[]): ShownAgain | undefined {
  const last = events.at(-1);
  if (!last || !endsChain(last)) return undefined;
  const node = last.type === 'project-ended' ? objectOf(last.data)['node'] : stepAgain(last);
  if (!node) return undefined;
  const tasks = tasksAgain(events);
  const assigned = events.filter(({ type }) => type === 'task-assigned').length;
  return {
    node: node as Node,
    tasks,
    lacks: [
      ...(tasks.length > 0 ? TASKS_LACK : []),
      ...(tasks.length < assigned ? [`${assigned - tasks.length} tasks, whose seat is not recorded`] : []),
    ],
  };
}

/** Tasks as their events tell of them, whatever has become of them; one that is still open seems closed. */
export function tasksAgain(events: readonly RecordedEvent[]): readonly Task[] {
  return events.filter(({ type }) => type === 'task-assigned').flatMap((one) => taskAgain(one, events));
}

/** Fields of tasks that their events do not carry. */
export const TASKS_LACK = [
  'task.context',
  'task.due',
  'task.notBy',
  'task.paperBy',
  'task.role',
  'task.signOff',
];

function stepAgain(last: RecordedEvent): Node | undefined {
  const { facts, openedAt, closedAt } = objectOf(last.data);
  if (facts === undefined || typeof openedAt !== 'string' || typeof closedAt !== 'string') return undefined;
  const { workflowId, projectId, planYear, county, round = 1 } = last;
  const isPlan = workflowId.startsWith('plan/') && workflowId.split('/').length === 2;
  const isSubmission = workflowId.startsWith('submission/') && workflowId.split('/').length === 2;
  const node: StepNode = {
    node: 'step',
    step: last.step ?? (projectId === undefined ? 'annual-plan' : 'control'),
    round,
    ...(projectId === undefined ? {} : { projectId }),
    ...(planYear === undefined ? {} : { planYear }),
    ...(county === undefined ? {} : { county }),
    status: last.type === 'step-done' ? 'done' : 'closed',
    openedAt,
    closedAt,
    waits: [],
    facts,
    acts: [],
  };
  if (isPlan) return planOf(node);
  return isSubmission ? submissionOf(node) : node;
}

function taskAgain(assigned: RecordedEvent, events: readonly RecordedEvent[]): Task[] {
  const { taskId = '', workflowId, projectId, planYear, county, round = 1, at } = assigned;
  const of = events.filter((event) => event.taskId === taskId);
  const data = objectOf(assigned.data) as { kind?: string; organisation?: string; community?: string };
  const completed = of.findLast(({ type }) => type === 'task-completed');
  const seat = seatOf(assigned, completed);
  if (!seat || data.kind === undefined || data.organisation === undefined) return [];
  const reseated = of.findLast(({ type }) => type === 'task-reseated');
  const organisation = reseated ? String(objectOf(reseated.data)['to']) : data.organisation;
  return [
    {
      id: taskId,
      workflowId,
      kind: data.kind,
      title: taskKinds[data.kind]?.title ?? data.kind,
      step: assigned.step ?? (projectId === undefined ? 'annual-plan' : 'control'),
      round,
      ...(projectId === undefined ? {} : { projectId }),
      ...(planYear === undefined ? {} : { planYear }),
      ...(county === undefined ? {} : { county }),
      ...(data.community === undefined ? {} : { community: data.community }),
      seat,
      organisation,
      notBy: [],
      context: null,
      assignedAt: at,
      overdue: of.some(({ type }) => type === 'task-overdue'),
      suspended: false,
      ...endOf(of, completed),
    },
  ];
}

function seatOf(assigned: RecordedEvent, completed: RecordedEvent | undefined) {
  const text = objectOf(assigned.data)['seat'] ?? completed?.signature?.seat;
  return typeof text === 'string' ? parseSeat(text) : undefined;
}

function endOf(
  events: readonly RecordedEvent[],
  completed: RecordedEvent | undefined,
): Pick<Task, 'status' | 'outcome' | 'closedBecause' | 'closedAt'> {
  if (completed?.by) {
    const { form = null, paper } = objectOf(completed.data) as { form?: Json; paper?: never };
    const { at, by, reason } = completed;
    const late = reason === undefined ? {} : { lateReason: reason };
    return { status: 'completed', outcome: { form, by, at, ...(paper ? { paper } : {}), ...late } };
  }
  const closed = events.findLast(({ type }) => type === 'task-closed');
  return {
    status: 'closed',
    ...(closed ? { closedBecause: closed.reason ?? '', closedAt: closed.at } : {}),
  };
}

function objectOf(data: Json | undefined): { [key: string]: Json } {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? data : {};
}
