import { EMPTY_HEAD, headAfter, link, type ChainHead, type RecordedEvent } from '../../domain/events';
import type { Node, RecordBatch, StepNode } from '../../domain/node';
import type { Task } from '../../domain/task';

export const ORIGIN = EMPTY_HEAD.hash;

/** A chain of `count` events of one workflow; `what` makes chains differ. */
export function chain(workflowId: string, count: number, what = 'task-reminded'): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  let head: ChainHead = { seq: 0, hash: ORIGIN };
  for (let n = 1; n <= count; n += 1) {
    const event = link(head, {
      workflowId,
      at: new Date(Date.UTC(2027, 0, 4) + n * 1000).toISOString(),
      type: what,
      projectId: '371302-2027-0001',
      data: { n },
    });
    events.push(event);
    head = headAfter(event);
  }
  return events;
}

export function task(workflowId: string, number: number, change: Partial<Task> = {}): Task {
  return {
    id: `${workflowId.replaceAll('/', '.')}.${number}`,
    workflowId,
    kind: 'notice-posting',
    title: '张贴公示',
    step: 'public-notice',
    round: 1,
    projectId: '371302-2027-0001',
    seat: { body: 'subdistrict', level: 'subdistrict' },
    organisation: '371302-s1',
    notBy: [],
    status: 'open',
    context: {},
    assignedAt: '2027-01-04T01:00:00.000Z',
    due: {
      at: '2027-01-11T16:00:00.000Z',
      date: '2027-01-11',
      period: { workingDays: 5 },
      from: '2027-01-04',
      basis: '临政办字〔2020〕81号 二(一)3',
      provisional: false,
    },
    overdue: false,
    suspended: false,
    ...change,
  };
}

export function stepNode(change: Partial<StepNode> = {}): StepNode {
  return {
    node: 'step',
    step: 'public-notice',
    round: 1,
    projectId: '371302-2027-0001',
    status: 'running',
    openedAt: '2027-01-04T01:00:00.000Z',
    waits: [],
    facts: {},
    acts: [],
    ...change,
  };
}

/** A batch of these events, as the workflow would send it when the last of them was the newest. */
export function batchOf(
  workflowId: string,
  events: readonly RecordedEvent[],
  rest: { tasks?: readonly Task[]; node?: Node; head?: ChainHead } = {},
): RecordBatch {
  const last = events.at(-1);
  return {
    workflowId,
    origin: ORIGIN,
    head: rest.head ?? (last ? headAfter(last) : { seq: 0, hash: ORIGIN }),
    events,
    tasks: rest.tasks ?? [],
    node: rest.node ?? stepNode(),
  };
}
