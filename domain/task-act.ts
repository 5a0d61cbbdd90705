import type { z } from 'zod';
import type { OfficeRole } from '../policy/keys';
import type { Actor } from './actor';
import type { CivilDate } from './calendar';
import type { Json } from './events';
import { OWN_SUBMISSION, SECOND_PERSON } from './desk-rules';
import {
  CLOCK_STOPPED,
  DECIDED,
  DELEGATE_ANSWERS,
  hasSubmitted,
  heldFrom,
  isAwaitedDelegate,
} from './holding';
import { personalDataRefusals } from './personal-data';
import type { Refusal } from './refusal';
import type { Signature } from './signing/signature';
import type { Task } from './task';

/** What a person does with a task beside completing it, as it is sent to the task's workflow. */
export interface TaskActRequest {
  readonly taskId: string;
  readonly act: string;
  readonly form: Json;
  readonly by: Actor;
  /** 经办、审核、签发: the stage at which it was done. */
  readonly stage?: OfficeRole;
  /** SHA-256 of the body as sent. */
  readonly bodyHash: string;
  /** The API's, over task, round, all of this and the Update's id. */
  readonly signature: Signature;
}

/** Where an act takes place: what it looks at beside the task. Read at the moment of the act. */
export interface Scene {
  /** RFC 3339, the engine's clock. */
  readonly at: string;
  readonly today: CivilDate;
  /** Other organisations that hold the task's seat and have no such task of their own. */
  readonly others: readonly string[];
  /** Every organisation that this workflow knows of. */
  readonly known: readonly string[];
  /** 催办: how often a task may be urged on one day. */
  readonly urgesADay: number;
}

/** Whom an example may name. */
export interface People {
  /** Another person of the caller's organisation. */
  readonly colleague?: string | undefined;
  /** The engine's date, in Asia/Shanghai. */
  readonly today: CivilDate;
}

/** Why an act is refused before its form is looked at. */
export interface ActRefused {
  readonly code: 'not-your-seat' | 'rule-violated';
  readonly zh: string;
  readonly en: string;
}

/**
 * One act on a task: each is one file of this shape, and written once for every step.
 *
 * `may` and `rules` only read. `apply` is synchronous and pure: the task as it is after the act; with the one event it
 * is all that the act does, but for what `workflows/task-acts/` adds.
 */
export interface TaskActKind<Form> {
  /** Stable name, and the last part of its path. */
  readonly act: string;
  /** The event that it becomes. */
  readonly event: string;
  readonly title: string;
  readonly titleEn: string;
  readonly clause: string;
  /** Not only for the organisation that must do the task: whoever sees it may. */
  readonly byAnybody?: true;
  /** The security administrator's, in the stead of somebody who leaves: no path of its own, and offered to nobody. */
  readonly byAdministrator?: true;
  /** With a decided task, not with an open one. */
  readonly ofDecided?: true;
  readonly form: z.ZodType<Form>;
  readonly may: (task: Task, by: Actor) => ActRefused | undefined;
  readonly rules?: (form: NoInfer<Form>, task: Task, by: Actor, scene: Scene) => Refusal[];
  /** A request that would be accepted; nothing where there is nobody whom it could name. */
  readonly example: (task: Task, people: People) => NoInfer<Form> | undefined;
  readonly apply: (task: Task, form: NoInfer<Form>, by: Actor, scene: Scene) => Task;
}

/** Whether such acts are for tasks as this one stands: open, or decided. */
export function isInTime(
  { ofDecided }: Pick<AnyTaskAct, 'ofDecided'>,
  { status }: Pick<Task, 'status'>,
): boolean {
  return status === (ofDecided ? 'completed' : 'open');
}

export type AnyTaskAct = TaskActKind<never>;

/** Whatever its own rules say, a form holds nobody's telephone or identity number: it enters the record for ever. */
export function defineTaskAct<Form>(kind: TaskActKind<Form>): TaskActKind<Form> {
  const rules: NonNullable<TaskActKind<Form>['rules']> = (form, task, by, scene) => {
    const personal = personalDataRefusals(form, '', kind.clause);
    return personal.length > 0 ? personal : (kind.rules?.(form, task, by, scene) ?? []);
  };
  return { ...kind, rules };
}

/** Why the task is not this person's, or nothing: whoever else has it, has it. */
export function notTheirs(task: Task, by: Actor): ActRefused | undefined {
  if (task.paperPending) return violated(SECOND_PERSON);
  if (hasSubmitted(task, by)) return { code: 'not-your-seat', ...OWN_SUBMISSION };
  const held = heldFrom(task, by);
  return held && { code: 'not-your-seat', ...held };
}

/** Likewise, and why whoever has it may not give it to others now: a delegate answers, a decision stands. */
export function notTheirsToGive(task: Task, by: Actor): ActRefused | undefined {
  const theirs = notTheirs(task, by);
  if (theirs) return theirs;
  if (isAwaitedDelegate(task, by)) return violated(DELEGATE_ANSWERS);
  if (task.decided) return violated(DECIDED);
  return task.clockStopped ? violated(CLOCK_STOPPED) : undefined;
}

export function violated(said: { readonly zh: string; readonly en: string }): ActRefused {
  return { code: 'rule-violated', ...said };
}

/** What an act has done to the due date: said in its event. */
export interface DueMove {
  readonly before: CivilDate | null;
  readonly after: CivilDate | null;
  /** The clock stands still until it is resumed. */
  readonly stopped?: true;
}

export function dueMove(before: Pick<Task, 'due'>, after: Pick<Task, 'due' | 'clockStopped'>): DueMove {
  return {
    before: before.due?.date ?? null,
    after: after.due?.date ?? null,
    ...(after.clockStopped ? { stopped: true } : {}),
  };
}
