import type { Actor } from '../../domain/actor';
import { civilDate } from '../../domain/calendar';
import { taskActs } from '../../domain/forms/task-acts';
import { Problem } from '../../domain/problems';
import { isInTime, type AnyTaskAct } from '../../domain/task-act';
import { workflowOfTask, type Task } from '../../domain/task';
import { actOnTaskUpdate } from '../../workflows/messages';
import type { Context } from '../context';
import { signedTaskAct } from '../engine/sign';
import { checkForm } from '../forms/check';
import { taskActSchema, type JsonSchema } from '../forms/json-schema';
import type { Language } from '../http/language';
import { requestHash, updateIdOf } from '../idempotency';
import { actorToAct, officeIn, officesOf, seesTask, type Caller } from '../permissions';
import { findTask } from './completion';
import { asSigned, colleaguesFor, peopleNamed, personRefusals, type Colleague } from './persons';

/** An act that this person may do with this task now. */
export interface OfferedAct {
  readonly act: string;
  readonly title: string;
  readonly titleEn: string;
  readonly clause: string;
  readonly href: string;
  readonly form: JsonSchema;
  readonly example?: unknown;
}

/** What the caller may do with the task now beside completing it, and among whom they can choose. */
export async function actsOffered(
  { store, now }: Pick<Context, 'store' | 'now'>,
  caller: Caller,
  task: Task,
): Promise<{ acts: OfferedAct[]; colleagues: Colleague[] }> {
  if (task.status === 'closed' || caller.kind === 'service') return { acts: [], colleagues: [] };
  const offered = Object.values(taskActs).filter(
    (kind) => !kind.byAdministrator && isInTime(kind, task) && isOffered(kind, caller, task),
  );
  if (offered.length === 0) return { acts: [], colleagues: [] };
  const own = officesOf(caller).includes(task.organisation);
  const colleagues = own ? await colleaguesFor(store, caller, task) : [];
  const able = colleagues.find(({ roles }) => task.role === undefined || roles.includes(task.role));
  const acts = offered.map((kind) => {
    const { act, title, titleEn, clause } = kind;
    const example = kind.example(task, { colleague: able?.user, today: civilDate(now()) }) as unknown;
    const href = `/api/v1/tasks/${task.id}/${act}`;
    const form = taskActSchema(kind);
    return { act, title, titleEn, clause, href, form, ...(example === undefined ? {} : { example }) };
  });
  return { acts, colleagues };
}

function isOffered(kind: AnyTaskAct, caller: Caller, task: Task): boolean {
  try {
    return kind.may(task, actorOf(kind, caller, task)) === undefined;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

/**
 * Who, in whose name. What anybody may do who sees the task, they do for their first office.
 * @throws Problem `not-your-seat`
 */
function actorOf({ act, byAnybody, may }: AnyTaskAct, caller: Caller, task: Task): Actor {
  if (!byAnybody) return actorToAct(caller, task, act, (by) => may(task, by) === undefined);
  const office = officeIn(caller, task) ?? officesOf(caller)[0];
  if (office === undefined) throw new Problem('not-your-seat');
  return { user: caller.user, organisation: office };
}

export interface ActOnTask {
  readonly act: string;
  readonly caller: Caller;
  readonly form: unknown;
  readonly key: string | undefined;
  readonly language: Language;
  readonly id: string;
}

/**
 * Does something with a task in the name of the caller's organisation.
 * @returns the task as it is then, durable in engine and record
 */
export async function actOnTask(context: Context, request: ActOnTask): Promise<Task> {
  const { store, decisions, changes, signer, now } = context;
  const { act, id, caller, form, key, language } = request;
  const kind = taskActs[act];
  if (!kind) throw new Problem('not-found');
  const updateId = updateIdOf(caller.user, key);
  const bodyHash = requestHash(`${act} ${id}`, form);
  // Looked up beside the key: an act takes no longer than a decision.
  const finding = findTask(context, id);
  const people = peopleNamed(store, form);
  for (const one of [finding, people]) one.catch(() => undefined);
  const { seq } = await decisions.once({ key, updateId, bodyHash }, async () => {
    const task = await finding;
    const by = actorOf(kind, caller, task);
    if (officeIn(caller, task) === undefined && !(await seesTask(store, caller, task))) {
      throw new Problem('not-your-seat');
    }
    if (!isInTime(kind, task)) throw new Problem('task-not-open');
    const checked = checkForm(kind.form, form, language);
    const refusals = personRefusals(await people, task, act, checked);
    if (refusals.length > 0) throw Problem.refused(refusals);
    const signed = await asSigned(store, task, act, checked);
    return decisions.send({
      workflowId: workflowOfTask(id),
      update: actOnTaskUpdate,
      argument: () =>
        signedTaskAct(signer, task, { taskId: id, act, form: signed, by, bodyHash }, updateId, now()),
      updateId,
      bodyHash,
      gone: 'task-not-open',
      taskId: id,
    });
  });
  return changes.taskAfter(id, seq) ?? findTask(context, id);
}
