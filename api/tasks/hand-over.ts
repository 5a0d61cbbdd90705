import type { Actor } from '../../domain/actor';
import { handOver, partOf } from '../../domain/forms/task-acts/hand-over';
import { Problem, PROBLEMS, type ProblemCode } from '../../domain/problems';
import { refusal } from '../../domain/refusal';
import { workflowOfTask, type Task } from '../../domain/task';
import type { UserRow } from '../../store/users';
import { actOnTaskUpdate } from '../../workflows/messages';
import type { Context } from '../context';
import { signedTaskAct } from '../engine/sign';
import { asProblem } from '../http/foreign-errors';
import { requestHash, updateIdOf } from '../idempotency';

const AT_ONCE = 4;

export interface HandOver {
  /** The security administrator who does it. */
  readonly by: string;
  readonly leaver: string;
  readonly successor: UserRow;
  readonly reason: string;
  readonly key: string | undefined;
}

/** What has become of one task. */
export interface HandedOver {
  readonly task: string;
  readonly kind: string;
  /** 200: the successor has it. */
  readonly status: number;
  readonly code?: ProblemCode;
  readonly detail?: string;
}

/** Open tasks in which somebody who leaves has a part of their own. */
export async function inHandsOf({ store }: Pick<Context, 'store'>, leaver: string): Promise<Task[]> {
  return (await store.tasks.inHandsOf(leaver)).filter((task) => partOf(task, leaver) !== undefined);
}

/**
 * 离岗移交: each task becomes the successor's by an act of its own, signed and in its record. What cannot be handed over
 * stays and is told, and the next attempt finds just that.
 */
export async function handOverAll(context: Context, request: HandOver): Promise<HandedOver[]> {
  const tasks = await inHandsOf(context, request.leaver);
  const outcomes: HandedOver[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let i = next++; i < tasks.length; i = next++) {
      const task = tasks[i];
      if (task) outcomes[i] = await outcomeOf(context, request, task);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcomes;
}

async function outcomeOf(context: Context, request: HandOver, task: Task): Promise<HandedOver> {
  const { id, kind } = task;
  try {
    await handOverOne(context, request, task);
    return { task: id, kind, status: 200 };
  } catch (error) {
    const problem = asProblem(error);
    const { status } = PROBLEMS[problem.code];
    if (status === 500) context.log.error({ err: error }, 'a task could not be handed over');
    const detail = problem.refusals?.[0]?.message ?? problem.detail?.zh;
    return { task: id, kind, status, code: problem.code, ...(detail === undefined ? {} : { detail }) };
  }
}

async function handOverOne(
  { decisions, signer, now }: Context,
  { by: administrator, leaver, successor, reason, key: sent }: HandOver,
  task: Task,
): Promise<void> {
  const part = partOf(task, leaver);
  if (!part) return;
  const { as, organisation } = part;
  const role = as === 'holder' ? task.role : undefined;
  const able = successor.seats.some(
    (seat) => seat.organisation === organisation && (role === undefined || seat.role === role),
  );
  if (!able) throw Problem.refused([NOT_ABLE]);
  const { act } = handOver;
  const form = { user: successor._id, reason };
  const by: Actor = { user: administrator, for: leaver, organisation };
  const key = sent === undefined ? undefined : `${sent} ${task.id}`;
  const updateId = updateIdOf(administrator, key);
  const bodyHash = requestHash(`${act} ${task.id}`, form);
  await decisions.once({ key, updateId, bodyHash }, () =>
    decisions.send({
      workflowId: workflowOfTask(task.id),
      update: actOnTaskUpdate,
      argument: () =>
        signedTaskAct(signer, task, { taskId: task.id, act, form, by, bodyHash }, updateId, now()),
      updateId,
      bodyHash,
      gone: 'task-not-open',
      taskId: task.id,
    }),
  );
}

const NOT_ABLE = refusal(
  '接任人不在该单位，或不具备该事项要求的角色',
  'The successor is not in that organisation, or lacks the role that the task asks for',
  { path: 'successor', clause: 'P1.4' },
);
