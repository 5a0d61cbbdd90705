import type { z } from 'zod';
import type { Task } from '../../domain/task';
import type { SeenEvent } from '../projects/events';
import type { eventView, taskSummary, taskView } from './views';

/** A task as lists show it. */
export function summaryOf(task: Task): z.infer<typeof taskSummary> {
  const { workflowId: _w, notBy: _n, context: _c, paperPending, outcome: _o, ...shown } = task;
  return { ...shown, seat: { ...task.seat }, due: task.due, awaitsConfirmation: paperPending !== undefined };
}

/** A task with what was decided and what its rules look at. */
export function viewOf(task: Task): z.infer<typeof taskView> {
  return { ...summaryOf(task), context: task.context, outcome: task.outcome };
}

export function eventOf(event: SeenEvent): z.infer<typeof eventView> {
  const { updateId: _u, bodyHash: _b, ...shown } = event;
  return { id: `${event.workflowId}#${event.seq}`, ...shown };
}
