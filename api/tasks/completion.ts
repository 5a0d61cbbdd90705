import { taskKinds } from '../../domain/forms';
import { Problem } from '../../domain/problems';
import { workflowOfTask, type AnyTaskKind, type Decision, type Task } from '../../domain/task';
import { completeTaskUpdate } from '../../workflows/messages';
import { refuseUnseenFiles } from '../attachments/cited';
import type { Context } from '../context';
import { signedDecision } from '../engine/sign';
import { checkForm } from '../forms/check';
import { splitCompletion, type Envelope } from '../forms/envelope';
import type { Language } from '../http/language';
import { requestHash, updateIdOf } from '../idempotency';
import { actorToDecide, type Caller } from '../permissions';

/** One person's answer to one task, as it was sent. */
export interface Completion {
  readonly caller: Caller;
  readonly id: string;
  readonly body: Envelope & Record<string, unknown>;
  readonly language: Language;
  readonly key: string | undefined;
}

/**
 * The way of a completion: looked up by its key, held against seat and form, signed, sent, and awaited in the record.
 * @returns the task as it is then, durable in engine and record
 * @throws Problem what it is refused with
 */
export async function completeTask(context: Context, completion: Completion): Promise<Task> {
  const { store, decisions, changes, signer, now } = context;
  const { caller, id, body, language, key } = completion;
  const updateId = updateIdOf(caller.user, key);
  const bodyHash = requestHash(`completion ${id}`, body);
  const finding = findTask(context, id);
  finding.catch(() => undefined);
  const { seq } = await decisions.once({ key, updateId, bodyHash }, async () => {
    const task = await finding;
    const { envelope, form } = splitCompletion(body);
    const by = actorToDecide(caller, task);
    if (task.status !== 'open') throw new Problem('task-not-open');
    await refuseUnseenFiles(store, caller, body);
    const decision: Omit<Decision, 'signature'> = {
      taskId: id,
      form: checkForm(kindOf(task).form(task.context as never), form, language),
      by,
      bodyHash,
      ...(envelope.lateReason === undefined ? {} : { lateReason: envelope.lateReason }),
      ...(envelope.paper === undefined ? {} : { paper: envelope.paper }),
    };
    return decisions.send({
      workflowId: workflowOfTask(id),
      update: completeTaskUpdate,
      argument: () => signedDecision(signer, task, decision, updateId, now()),
      updateId,
      bodyHash,
      gone: 'task-not-open',
      taskId: id,
    });
  });
  return changes.taskAfter(id, seq) ?? findTask(context, id);
}

/** @throws Problem `not-found` */
export async function findTask({ store }: Pick<Context, 'store'>, id: string): Promise<Task> {
  const task = await store.tasks.find(id);
  if (!task) throw new Problem('not-found');
  return task;
}

export function kindOf(task: Task): AnyTaskKind {
  const kind = taskKinds[task.kind];
  // A task of a kind that this version no longer knows can be read in the record, not completed here.
  if (!kind) throw new Problem('internal-error');
  return kind;
}
