import type { Actor } from '../domain/actor';
import type { CivilDate } from '../domain/calendar';
import type { PeriodRule } from '../domain/due';
import type { RecordedEvent } from '../domain/events';
import type { AnyTaskKind, Task } from '../domain/task';
import type { Seat } from '../policy/keys';
import type { Joint } from './same-person';

/** What passes between the desk and the steps: what they ask for, what they hold, what they get. */

/** What someone answered, with who and when: what a step goes on with. */
export interface Answer<Form> {
  readonly form: Form;
  readonly by: Actor;
  readonly at: string;
  readonly task: string;
  readonly organisation: string;
}

export interface Request<Context> {
  readonly seat: Seat;
  readonly context: Context;
  /** Period within which it is due, counted from today; a task without one has the policy's default. */
  readonly due?: PeriodRule | undefined;
  /** Day of the event from which the period counts, where that is not today. */
  readonly dueFrom?: CivilDate | undefined;
  /** Only for these communities of the project (their subdistrict, their neighbourhood). */
  readonly communities?: readonly string[] | undefined;
  /** Only this one of the organisations that hold the seat. */
  readonly organisation?: string | undefined;
  /** These hold the seat, each a task: an act has named several (contracts of several lots, managers of two areas). */
  readonly named?: readonly string[] | undefined;
  /** Users who may not do it: they submitted what is to be decided. */
  readonly notBy?: readonly string[] | undefined;
  /** Only this person of the organisation. */
  readonly holder?: string | undefined;
  /** The task for whose sake it is asked: a co-signature's. */
  readonly for?: string | undefined;
  /** What it is about, where a step asks the same of the same seat about several things at a time: a lot, a finding. */
  readonly about?: string | undefined;
  /** The decision that it takes part in together with others. */
  readonly joint?: Joint | undefined;
}

/** One assigned task, as the step that assigned it sees it. */
export interface Assigned<Form> {
  readonly id: string;
  readonly organisation: string;
  /** Rejects with a cancellation if the step ends first, and with `TaskClosed` if the task is closed by `close`. */
  readonly answer: Promise<Answer<Form>>;
  close(because: string): void;
  /** How it stands now; a decision that was retracted is no answer. */
  state(): { readonly task: Task; readonly answer: Answer<Form> | undefined };
  /** Its step waits for all of these: until then nothing is built on its decision. Nothing: it has been built on. */
  sitsWith(tasks: readonly string[] | undefined): void;
  /** Its step goes on with the answer now: a further run of the workflow need not know it. */
  takenUp(): void;
}

/** The step closed the task without an answer: another one's decision made it needless. */
export class TaskClosed extends Error {
  override readonly name = 'TaskClosed';
}

/** By which request an event came about, and the signature that proves it. */
export type Mark = Required<Pick<RecordedEvent, 'updateId' | 'bodyHash' | 'signature'>>;

/** What an event says beside its type and its task. */
export type Detail = { by?: Actor; reason?: string; data?: unknown } & Partial<Mark>;

export interface OpenTask {
  state: Task;
  readonly kind: AnyTaskKind;
  readonly rule: PeriodRule;
  readonly joint?: Joint | undefined;
  /** Reminders up to this instant (ms) have rung, or were past when it was assigned. */
  remindedUntil: number;
  readonly about?: string | undefined;
  /** Its step has gone on with the answer. */
  takenUp: boolean;
}
