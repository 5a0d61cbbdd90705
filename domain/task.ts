import type { z } from 'zod';
import type { Actor } from './actor';
import type { Calendar, CivilDate, Period } from './calendar';
import type { CoSigning } from './co-signing';
import type { Standstill } from './due';
import type { Json } from './events';
import { personalDataRefusals } from './personal-data';
import type { Refusal } from './refusal';
import type { SignOff } from './sign-off';
import type { Signature } from './signing/signature';
import { seatText, type Level, type OfficeRole, type Seat, type SeatText, type Step } from '../policy/keys';

/** The moment at which a rule is asked: the engine's clock, and the calendar as loaded. */
export interface Moment {
  /** Milliseconds since 1970, the engine's. */
  readonly now: number;
  /** The civil date of `now` in Asia/Shanghai. */
  readonly today: CivilDate;
  readonly calendar: Calendar;
}

/** Where a task belongs: a step of a project, the year's plan, or a control of the project. */
export type Stage = Step | 'annual-plan' | 'control';

/** A seat, or any seat of a level. */
export type SeatPattern = SeatText | `*@${Level}`;

/** Whether tasks of this kind are for this seat: the desk assigns them to no other. */
export function isFor({ seats }: Pick<AnyTaskKind, 'seats'>, seat: Seat): boolean {
  return seats.includes(seatText(seat)) || seats.includes(`*@${seat.level}`);
}

/**
 * What can be asked of a person: the form and the rules of one kind of task.
 *
 * The same definition serves the workflow's validator, the API's JSON Schema and the pages. `form` is a strict
 * object without transforms or defaults, so that what was sent is what is recorded. `Context` is plain JSON
 * that the step fixed when it assigned the task (and may refresh); rules see nothing else.
 */
export interface TaskKind<Context, Form extends Record<string, unknown>> {
  /** Stable name, such as `scheme-review`. */
  readonly kind: string;
  readonly title: string;
  readonly titleEn: string;
  readonly step: Stage;
  /** The clause of the policy that asks for it. */
  readonly clause: string;
  /** Who can be asked for it; `*@county`: whichever body of that level policy or an act has named. */
  readonly seats: readonly SeatPattern[];
  /** Only who holds this role in the organisation may do it; anybody in office without it. */
  readonly role?: OfficeRole;
  /** A person's own word and not an organisation's decision: it passes no stages. */
  readonly personal?: true;
  /** The shape; may depend on the context (the items of this plan, the objections received). */
  readonly form: (context: Context) => z.ZodObject<z.core.$ZodLooseShape> & z.ZodType<Form>;
  /** What the shape cannot say. An empty list accepts. */
  readonly rules?: (form: NoInfer<Form>, context: Context, at: Moment) => Refusal[];
  /** A completion of this very task that would be accepted at this moment. */
  readonly example: (context: Context, at: Moment) => NoInfer<Form>;
}

/** A kind whose types have been forgotten: what a registry holds. */
export type AnyTaskKind = TaskKind<never, never>;

/**
 * What a person may begin of themselves while a workflow runs: a finding, a payment request, a withdrawal.
 * Like a task kind, with the seats that may begin it instead of one assigned organisation.
 */
export interface ActKind<Context, Form extends Record<string, unknown>> extends Omit<
  TaskKind<Context, Form>,
  'kind' | 'seats'
> {
  /** Stable name, such as `finding` or `suspension`. */
  readonly act: string;
  /** The system administrator's, who holds no seat; `seats` is empty then. */
  readonly byAdministrator?: true;
  readonly seats: readonly Seat[];
}
export type AnyActKind = ActKind<never, never>;

/** When a task should be done, and why then. */
export interface Due {
  /** End of the last day, RFC 3339. */
  readonly at: string;
  readonly date: CivilDate;
  readonly period: Period;
  /** Day of the event from which the period counts; the period starts on the day after. */
  readonly from: CivilDate;
  readonly basis: string;
  readonly clause?: string;
  /** The period reaches into a year whose holidays are not published yet. */
  readonly provisional: boolean;
}

/** A decision recorded from paper on behalf of an office that decides on paper (代录). */
export interface PaperDecision {
  readonly number: string;
  readonly date: CivilDate;
  /** The scan, an attachment's id. */
  readonly attachment: string;
}

/** A task as the workflow keeps it and as the record projects it: plain JSON. */
export interface Task {
  readonly id: string;
  readonly workflowId: string;
  readonly kind: string;
  readonly title: string;
  readonly step: Stage;
  readonly round: number;
  readonly projectId?: string;
  readonly planYear?: number;
  readonly county?: string;
  /** The community that it concerns, where a step runs per community. */
  readonly community?: string;
  readonly seat: Seat;
  /** The one organisation that must do it. */
  readonly organisation: string;
  /** Only who holds this role there may do it now. */
  readonly role?: OfficeRole;
  /** 经办、审核、签发: how far it has come inside the organisation. */
  readonly signOff?: SignOff;
  /** Organisation that may enter the decision from paper. */
  readonly paperBy?: string;
  /** Users who may not: they submitted what is to be decided. */
  readonly notBy: readonly string[];
  /** 领取、转办: the user who has it; nobody else may decide it until it is released or handed over. */
  readonly holder?: string;
  /** 委派: the delegate answers, the final word is the delegator's. */
  readonly delegation?: Delegation;
  /** 加签: who signs with the holder, and what they have said. */
  readonly coSigning?: CoSigning;
  /** Decided, and not in force before the co-signers have signed. */
  readonly decided?: Outcome;
  /** 补正: since when its own clock stands still, and why. */
  readonly clockStopped?: { readonly on: CivilDate; readonly until: CivilDate; readonly reason: string };
  /** Its step waits for all of these: until they are decided nothing is built on its own decision. */
  readonly together?: readonly string[];
  /** 催办: how often on the last day on which it was urged. */
  readonly urged?: { readonly on: CivilDate; readonly times: number };
  /** When its own clock stood still before. */
  readonly standstills?: readonly Standstill[];
  readonly status: 'open' | 'completed' | 'closed';
  readonly context: Json;
  readonly assignedAt: string;
  readonly due?: Due;
  readonly overdue: boolean;
  /** 升级: the organisations of the superior seat that have been told that it is not done. */
  readonly escalated?: { readonly on: CivilDate; readonly to: readonly string[] };
  /** The clock stands still: the project is suspended. */
  readonly suspended: boolean;
  /** A paper decision that awaits its second person. */
  readonly paperPending?: {
    readonly form: Json;
    readonly paper: PaperDecision;
    readonly by: Actor;
    readonly lateReason?: string;
  };
  readonly outcome?: Outcome;
  /** The same organisation's tasks that were taken as decided with this one. */
  readonly countsFor?: readonly string[];
  /** Why it was closed without an outcome: a return, a withdrawal, another's decision. */
  readonly closedBecause?: string;
  readonly closedAt?: string;
}

export interface Delegation {
  /** The delegator, a user of the organisation; the delegate, another. */
  readonly by: string;
  readonly to: string;
  readonly answer?: { readonly form: Json; readonly at: string };
}

export interface Outcome {
  readonly form: Json;
  readonly by: Actor;
  readonly at: string;
  readonly paper?: PaperDecision;
  /** The reason given for deciding after the due date: a breach, listed for supervision. */
  readonly lateReason?: string;
  /** Taken as decided with this task, by the same organisation in another seat of the same joint decision. */
  readonly sameAs?: string;
}

/** What a person sends to complete a task, beside the form itself. */
export interface Decision {
  readonly taskId: string;
  readonly form: Json;
  readonly lateReason?: string;
  readonly paper?: PaperDecision;
  readonly by: Actor;
  /** 经办、审核、签发: the stage at which it was decided; it counts at no other. */
  readonly stage?: OfficeRole;
  /** SHA-256 of the body as sent. */
  readonly bodyHash: string;
  /** The API's, over task, round, all of this and the Update's id. */
  readonly signature: Signature;
}

/** A permanent attachment that examples refer to; exists in every installation, marked 样例. */
export const SAMPLE_ATTACHMENT = 'sample-attachment';

/** `project/371302-2027-0042/public-notice/1` and 3 → `project.371302-2027-0042.public-notice.1.3` */
export function taskId(workflowId: string, number: number): string {
  return `${workflowId.replaceAll('/', '.')}.${number}`;
}

/** Its number among the tasks of its workflow, from 1. */
export function taskNumber(id: string): number {
  return Number(id.slice(id.lastIndexOf('.') + 1));
}

/** The workflow that owns a task: its id names it. */
export function workflowOfTask(id: string): string {
  return id.slice(0, id.lastIndexOf('.')).replaceAll('.', '/');
}

/**
 * Keeps the types of context, form and rules together while a kind is written down. Whatever its own rules say, a form
 * holds nobody's telephone or identity number: it enters the record for ever.
 */
export function defineTask<Context, Form extends Record<string, unknown>>(
  kind: TaskKind<Context, Form>,
): TaskKind<Context, Form> {
  return { ...kind, rules: impersonal<Context, Form>(kind) };
}

export function defineAct<Context, Form extends Record<string, unknown>>(
  kind: ActKind<Context, Form>,
): ActKind<Context, Form> {
  return { ...kind, rules: impersonal<Context, Form>(kind) };
}

function impersonal<Context, Form extends Record<string, unknown>>({
  clause,
  rules,
}: Pick<TaskKind<Context, Form>, 'clause' | 'rules'>): NonNullable<TaskKind<Context, Form>['rules']> {
  return (form, context, at) => {
    const personal = personalDataRefusals(form, '', clause);
    return personal.length > 0 ? personal : (rules?.(form, context, at) ?? []);
  };
}
