import type { z } from 'zod';
import { workingDaysRun } from '../../domain/calendar';
import { stateOf } from '../../domain/co-signing';
import { stageOf, type SignOff } from '../../domain/sign-off';
import type { Delegation, Moment, Task } from '../../domain/task';
import type { Context } from '../context';
import { stoodInForAt, type Caller } from '../permissions';
import type { SeenEvent } from '../projects/events';
import type { eventView, signOffView, taskRowView, taskSummary, taskView } from './views';

/** A task as lists show it. */
export function summaryOf(task: Task): z.infer<typeof taskSummary> {
  const { workflowId: _w, notBy: _n, context: _c, outcome: _o, standstills: _s, role: _r, ...rest } = task;
  const {
    paperPending,
    escalated,
    delegation,
    coSigning,
    decided: _d,
    urged: _u,
    together: _t,
    signOff: _o2,
    countsFor: _c2,
    ...shown
  } = rest;
  const stage = task.status === 'open' ? stageOf(task) : undefined;
  return {
    ...shown,
    seat: { ...task.seat },
    due: task.due,
    ...(escalated ? { escalated: { ...escalated, to: [...escalated.to] } } : {}),
    ...(stage === undefined ? {} : { stage }),
    awaitsConfirmation: paperPending !== undefined,
    awaitsCoSigners: coSigning !== undefined && stateOf(coSigning) === 'waiting',
    ...(delegation
      ? { delegation: { by: delegation.by, to: delegation.to, ...answeredAt(delegation) } }
      : {}),
  };
}

function answeredAt({ answer }: Delegation): { answeredAt?: string } {
  return answer ? { answeredAt: answer.at } : {};
}

/** How long until a task is due; days that are over count down from zero. Nothing while its clock stands still. */
function leftUntil(
  { due, suspended, status, clockStopped }: Task,
  { calendar, today }: Pick<Moment, 'calendar' | 'today'>,
): { workingDays: number; days: number } | undefined {
  if (!due || suspended || clockStopped || status !== 'open') return undefined;
  const days = Math.round((Date.parse(due.date) - Date.parse(today)) / DAY_MS);
  // Not `-0`, which JSON does not know.
  const workingDays =
    days >= 0 ? workingDaysRun(calendar, today, due.date) : 0 - workingDaysRun(calendar, due.date, today);
  return { workingDays, days };
}

const DAY_MS = 86_400_000;

/** Tasks as an inbox lists them. */
export async function rowsOf(
  { store, world }: Pick<Context, 'store' | 'world'>,
  caller: Caller,
  tasks: readonly Task[],
): Promise<z.infer<typeof taskRowView>[]> {
  const [names, moment] = await Promise.all([
    store.projects.names(tasks.flatMap(({ projectId }) => projectId ?? [])),
    world.moment(),
  ]);
  return tasks.map((task) => {
    const left = leftUntil(task, moment);
    const projectName = task.projectId === undefined ? undefined : names.get(task.projectId);
    return {
      ...summaryOf(task),
      standInFor: stoodInForAt(caller, task),
      ...(projectName === undefined ? {} : { projectName }),
      ...(left ? { left } : {}),
      ...(task.outcome ? { completedAt: task.outcome.at } : {}),
    };
  });
}

/** A task with what was decided and what its rules look at. */
export function viewOf(task: Task): z.infer<typeof taskView> {
  const { context, outcome, delegation, coSigning, decided } = task;
  return {
    ...summaryOf(task),
    context,
    outcome,
    ...(task.countsFor ? { countsFor: [...task.countsFor] } : {}),
    ...(delegation?.answer ? { delegateAnswer: delegation.answer } : {}),
    ...(coSigning ? { coSigning: { ...coSigning, signers: [...coSigning.signers] } } : {}),
    ...(decided ? { decided } : {}),
  };
}

/** How far it has come inside the organisation: for the organisation's own eyes. */
export function signOffOf({ stages, signed, draft, returned }: SignOff): z.infer<typeof signOffView> {
  return {
    stages: [...stages],
    signed: [...signed],
    ...(draft === undefined ? {} : { draft }),
    ...(returned ? { returned } : {}),
  };
}

export function eventOf(event: SeenEvent): z.infer<typeof eventView> {
  const { updateId: _u, bodyHash: _b, ...shown } = event;
  return { id: `${event.workflowId}#${event.seq}`, ...shown };
}
