import { condition } from '@temporalio/workflow';
import { dueOf, type PeriodRule } from '../domain/due';
import type { Json } from '../domain/events';
import {
  lateReasonMissing,
  OWN_SUBMISSION,
  PAPER_NOT_NEEDED,
  SECOND_PERSON,
  SUSPENDED,
} from '../domain/desk-rules';
import {
  isFor,
  taskId,
  type AnyTaskKind,
  type Decision,
  type Due,
  type Outcome,
  type Task,
  type TaskKind,
} from '../domain/task';
import { stateOf } from '../domain/co-signing';
import { paperConfirmation } from '../domain/forms/paper';
import { hasSubmitted, heldFrom, isAwaitedDelegate, notYet } from '../domain/holding';
import {
  begunSignOff,
  differsFromDraft,
  NOT_THE_DRAFT,
  passedOn,
  STAGE_MOVED,
  stageOf,
} from '../domain/sign-off';
import { dueMove } from '../domain/task-act';
import { seatText, type Seat } from '../policy/keys';
import type { Receipt } from './messages';
import { fault, refused, requireNone, requireShape } from './faults';
import {
  TaskClosed,
  type Answer,
  type Assigned,
  type Detail,
  type Mark,
  type OpenTask,
  type Request,
} from './assigned';
import { PaperEntry } from './paper-entry';
import { isAwaited, kept, takenOver, Unclaimed, type KeptTasks } from './kept-tasks';
import { SamePersons } from './same-person';
import { TaskActs } from './task-acts';
import { TaskAlarms } from './task-alarms';
import type { Workplace } from './workplace';

export { TaskClosed, type Answer, type Assigned, type Detail, type Request } from './assigned';

/**
 * The one primitive: everything that a person must do is a task on this desk.
 *
 * Contract
 * 1. A task is open until exactly one decision completes it or the step closes it; both are events of the record.
 * 2. The validator refuses without leaving a trace in the history: closed, another's seat, signature, form, rule,
 *    stopped.
 * 3. The handler is synchronous, closes the task before anything else and asks "still open?" once more, because
 *    another Update may have been accepted between validation and handling.
 * 4. What the handler decides does not depend on a form's schema: validators are not replayed, handlers are.
 * 5. Whatever else is done with a task is an act of `task-acts/`: it changes who has it, whom it waits for and its clock.
 * 6. Due dates are absolute and computed from (day of the event, period, standstills, calendar); they are computed
 *    anew when any of these change. A passed due date marks the task; it never refuses and never decides.
 */
export class TaskDesk {
  private readonly tasks = new Map<string, OpenTask>();
  private count = 0;
  private readonly unclaimed = new Unclaimed();
  /** Everything that can be done with a task beside completing it. */
  readonly acts: TaskActs;
  private readonly paper: PaperEntry;
  private readonly samePersons: SamePersons;
  /** Reminders, due dates, escalation. */
  readonly alarms: TaskAlarms;

  constructor(
    private readonly place: Workplace,
    private readonly shared: Pick<
      Task,
      'workflowId' | 'step' | 'round' | 'projectId' | 'planYear' | 'county'
    >,
  ) {
    this.acts = new TaskActs(this, place);
    this.paper = new PaperEntry(this, place);
    this.samePersons = new SamePersons(this, () => this.tasks.values());
    this.alarms = new TaskAlarms(place, () => this.tasks.values(), this);
  }

  /** Assigns one task to one organisation. Waiting for the answer is the caller's: alone, all-of, any-of, vote. */
  assignTo<Context, Form extends Record<string, unknown>>(
    organisation: string,
    kind: TaskKind<Context, Form>,
    request: Request<Context>,
    community?: string,
  ): Assigned<Form> {
    if (!isFor(kind, request.seat)) throw notForSeat(kind.kind, request.seat);
    this.count += 1;
    const id = taskId(this.shared.workflowId, this.count);
    const rule = request.due ?? this.place.defaultDue;
    const paperBy = this.place.paperRecorder(request.seat);
    const stages = kind.personal ? [] : this.place.stagesOf(request.seat, this.shared.step);
    const notBy = this.keptFrom(kind, request.notBy);
    const open: OpenTask = {
      kind: kind as unknown as AnyTaskKind,
      rule,
      // A task so short that its reminder would ring at once is not reminded.
      remindedUntil: Date.now(),
      about: request.about,
      takenUp: false,
      joint: request.joint,
      state: {
        id,
        ...this.shared,
        kind: kind.kind,
        title: kind.title,
        ...(community === undefined ? {} : { community }),
        seat: request.seat,
        organisation,
        ...(kind.role === undefined ? {} : { role: kind.role }),
        ...(paperBy === undefined || paperBy === organisation ? {} : { paperBy }),
        notBy,
        ...begunSignOff(stages, notBy),
        ...(request.holder === undefined ? {} : { holder: request.holder }),
        status: 'open',
        context: request.context as Json,
        assignedAt: new Date().toISOString(),
        due: dueOf(rule, request.dueFrom ?? this.place.today(), this.place.calendar, this.place.standstills),
        overdue: false,
        suspended: this.place.suspended,
      },
    };
    this.tasks.set(id, open);
    this.change(open, {}, 'task-assigned', {
      data: {
        kind: kind.kind,
        organisation,
        seat: seatText(request.seat),
        ...(community === undefined ? {} : { community }),
        due: open.state.due?.date,
        ...(request.holder === undefined ? {} : { holder: request.holder }),
        ...(request.for === undefined ? {} : { for: request.for }),
        ...(stages.length === 0 ? {} : { stages }),
      },
    });
    return this.handed<Form>(open);
  }

  private handed<Form>(open: OpenTask): Assigned<Form> {
    const { id, organisation } = open.state;
    const answer = this.answerOf<Form>(open);
    // A combination may have its outcome before every answer is in; a late rejection then is nobody's business.
    answer.catch(() => undefined);
    return {
      id,
      organisation,
      answer,
      close: (because) => this.close(open, because),
      state: () => ({ task: open.state, answer: answerIn<Form>(open.state) }),
      sitsWith: (tasks) => this.sitsWith(open, tasks),
      takenUp: () => void (open.takenUp = true),
    };
  }

  /** What crosses into a further run. */
  keep(): KeptTasks {
    const { before: lastBy, barred } = this.samePersons;
    return { count: this.count, lastBy, tasks: kept(this.tasks.values(), barred) };
  }

  /** In a further run, before anything is asked of it. */
  goOn(before: KeptTasks): void {
    this.count = before.count;
    this.samePersons.goOn(before);
    const tasks = takenOver(before.tasks);
    for (const open of tasks) {
      const { id, kind, context } = open.state;
      this.tasks.set(id, open);
      this.place.keeper.know(id, () => open.state);
      if (kind !== paperConfirmation.kind) continue;
      this.paper.awaitConfirmation((context as { task: string }).task, this.handed(open));
    }
    this.unclaimed.add(tasks);
  }

  /** A step that goes on in a further run asks again what it has asked before: it gets the same tasks. */
  claim<Form>(kind: string, request: Pick<Request<unknown>, 'seat' | 'about'>): Assigned<Form>[] {
    return this.unclaimed.claim(kind, request).map((open) => this.handed<Form>(open));
  }

  /** Those that stay behind when a further run begins. */
  leftBehind(): Task[] {
    return [...this.tasks.values()].filter((one) => !isAwaited(one)).map(({ state }) => state);
  }

  /** Whoever has submitted it; and who has done the task before it, where the policy says so of this step. */
  private keptFrom(kind: Pick<AnyTaskKind, 'personal'>, notBy: readonly string[] = []): readonly string[] {
    const { consecutive = [] } = this.place.policy.samePerson ?? {};
    if (kind.personal || !consecutive.includes(this.shared.step)) return notBy;
    return [...new Set([...notBy, ...this.samePersons.before])];
  }

  /** Gives an open task another context, because what its rules look at has changed (money paid, progress). */
  refresh<Context>(id: string, context: Context): void {
    const open = this.tasks.get(id);
    if (!open || open.state.status !== 'open') return;
    this.change(open, { context: context as Json });
  }

  /** Reads only. Throws what the Update is refused with. */
  validate(decision: Decision, updateId: string): void {
    const open = this.openTask(decision.taskId);
    if (this.place.stopped) throw fault('needs-repair');
    if (this.place.suspended) {
      throw fault('wrong-step', { detail: SUSPENDED });
    }
    const asHolder = decision.by.organisation === open.state.organisation;
    const asRecorder = decision.paper !== undefined && decision.by.organisation === open.state.paperBy;
    if (!asHolder && !asRecorder) throw fault('not-your-seat');
    if (asHolder && decision.paper !== undefined) {
      throw refused([PAPER_NOT_NEEDED]);
    }
    if (open.state.paperPending !== undefined) throw fault('task-not-open', { detail: SECOND_PERSON });
    this.checkHolding(open.state, decision);
    if (open.state.overdue && !decision.lateReason?.trim())
      throw refused([lateReasonMissing(open.state.due)]);
    // Milliseconds: only what would otherwise count is worth them, and nobody learns more than that it does not.
    this.place.authority.checkDecision(open.state, decision, updateId);
    this.judge(open, decision.form);
  }

  /** Synchronous: the task is closed and its event queued before the handler returns. */
  complete(decision: Decision, updateId: string): Receipt {
    const open = this.openTask(decision.taskId);
    this.checkHolding(open.state, decision);
    const seat = seatText(open.state.seat);
    const { bodyHash, stage } = decision;
    const at = stage === undefined ? { seat } : { seat, stage };
    const mark = { updateId, bodyHash, signature: { ...decision.signature, ...at } };
    const seq = this.take(open, decision, mark);
    return { workflowId: this.shared.workflowId, seq, bodyHash: decision.bodyHash };
  }

  /** @throws ApplicationFailure if another has it, or it cannot be decided before something else has happened */
  private checkHolding(task: Task, { by, paper, stage, form }: Decision): void {
    if (hasSubmitted(task, by)) throw fault('not-your-seat', { detail: OWN_SUBMISSION });
    if (stage !== stageOf(task)) throw fault('wrong-step', { detail: STAGE_MOVED });
    const held = heldFrom(task, by);
    if (held) throw fault('not-your-seat', { detail: held });
    const waits = isAwaitedDelegate(task, by) ? undefined : notYet(task, paper !== undefined);
    if (waits) throw fault('wrong-step', { detail: waits });
    if (!isAwaitedDelegate(task, by) && differsFromDraft(task, form)) throw refused([NOT_THE_DRAFT]);
  }

  private take(open: OpenTask, decision: Decision, mark: Mark): number {
    const { form, by, lateReason, paper } = decision;
    const given = { form, by, at: new Date().toISOString() };
    if (paper) return this.paper.enter(open.state, decision, paper, mark);
    const { delegation, coSigning } = open.state;
    const late = lateReason === undefined ? {} : { lateReason };
    const told = {
      by,
      ...(lateReason === undefined ? {} : { reason: lateReason }),
      ...mark,
      data: { form, due: dueMove(open.state, open.state) },
    };
    if (delegation && isAwaitedDelegate(open.state, by)) {
      const answered = { ...delegation, answer: { form, at: given.at } };
      return this.change(open, { delegation: answered }, 'task-delegate-answered', told);
    }
    const outcome = { ...given, ...late };
    const passed = passedOn(open.state, outcome);
    if (passed)
      return this.put(passed, passed.signOff?.signed.length === 1 ? 'task-drafted' : 'task-endorsed', told);
    if (!coSigning || stateOf(coSigning) === 'met') return this.settle(open.state.id, outcome, mark);
    const seq = this.change(open, { decided: outcome }, 'task-decided', told);
    this.acts.advance(open.state.id);
    return seq;
  }

  /** The task as it is now. @throws ApplicationFailure if it is not open, or was never assigned here */
  state(id: string): Task {
    return this.openTask(id).state;
  }

  /** Whatever has become of it. @throws ApplicationFailure if it was never assigned here */
  anyState(id: string): Task {
    return this.known(id).state;
  }

  /** Replaces what is known of an open task, and tells why. What another act has left out is gone. */
  put(task: Task, type?: string, detail: Detail = {}): number {
    const open = this.known(task.id);
    open.state = task;
    return this.change(open, {}, type, detail);
  }

  /** The decision that awaited co-signers is in force: its own event was signed, this one follows from it. */
  settleDecided(id: string): void {
    const open = this.openTask(id);
    const { decided, ...rest } = open.state;
    if (!decided) return;
    open.state = rest;
    this.settle(id, decided, {});
  }

  /** The same organisation has decided the same in another seat: one signature for both. */
  settleWith(id: string, { id: sameAs, outcome }: Task): void {
    if (!outcome) return;
    const { form, by } = outcome;
    this.settle(id, { form, by, at: new Date().toISOString(), sameAs }, {});
    const { countsFor = [], ...same } = this.anyState(sameAs);
    this.put({ ...same, countsFor: [...countsFor, id] });
  }

  /** A task that is needless now; nothing if it is no longer open. */
  closeOne(id: string, because: string): void {
    const open = this.tasks.get(id);
    if (open) this.close(open, because);
  }

  /** Due dates of one task anew: its own clock has stood still. */
  dueAnew(task: Task): Task {
    const open = this.known(task.id);
    if (!task.due) return task;
    const due = this.dueNow(open.rule, task);
    if (Date.parse(due.at) <= Date.now()) return { ...task, due };
    const { escalated: _, ...again } = task;
    return { ...again, due, overdue: false };
  }

  ruleOf(id: string): PeriodRule {
    return this.place.current(this.openTask(id).rule);
  }

  private dueNow(rule: PeriodRule, { due, standstills = [] }: Task): Due {
    const from = due?.from ?? this.place.today();
    return dueOf(this.place.current(rule), from, this.place.calendar, [
      ...this.place.standstills,
      ...standstills,
    ]);
  }

  all(): Task[] {
    return [...this.tasks.values()].map(({ state }) => state);
  }

  openTasks(): Task[] {
    return this.all().filter(({ status }) => status === 'open');
  }

  /** How many tasks have been assigned here so far. */
  get assigned(): number {
    return this.count;
  }

  /** The earliest due date of the open tasks, RFC 3339. */
  nextDue(): string | undefined {
    const dues = this.openTasks().flatMap(({ due }) => due?.at ?? []);
    return dues.reduce<string | undefined>(
      (first, at) => (first === undefined || at < first ? at : first),
      undefined,
    );
  }

  /** At a step's end: whatever is still open closes, so that nothing of the old round can be decided. */
  closeAll(because: string): void {
    for (const open of this.tasks.values()) this.close(open, because);
  }

  /** Suspension, resumption, a new calendar: every open due date is computed anew. */
  recompute(): void {
    for (const open of this.tasks.values()) {
      const { due, status } = open.state;
      if (status !== 'open' || !due) continue;
      const anew = this.dueAnew(open.state);
      const { suspended } = this.place;
      const moved = !isSameDue(anew.due, due);
      if (!moved && suspended === open.state.suspended) continue;
      open.state = { ...anew, suspended };
      this.change(open, {});
    }
  }

  private openTask(id: string): OpenTask {
    const open = this.known(id);
    if (open.state.status !== 'open') throw fault('task-not-open');
    return open;
  }

  private known(id: string): OpenTask {
    const open = this.tasks.get(id);
    if (!open) throw fault('task-not-open');
    return open;
  }

  /** @throws ApplicationFailure where the form does not fit its schema, or a rule refuses it */
  private judge(open: OpenTask, form: Json): void {
    const context = open.state.context as never;
    requireShape(open.kind.form(context), form);
    requireNone(open.kind.rules?.(form as never, context, this.place.moment()));
  }

  /** It is decided and in force. @returns the number of the event */
  settle(id: string, outcome: Outcome, mark: Partial<Mark>): number {
    const open = this.openTask(id);
    const { form, by, lateReason, paper, sameAs } = outcome;
    this.samePersons.settled(outcome);
    open.state = { ...withoutPending(open.state), status: 'completed', outcome };
    const seq = this.change(open, {}, 'task-completed', {
      by,
      ...(lateReason === undefined ? {} : { reason: lateReason }),
      data: {
        kind: open.state.kind,
        form,
        ...(paper ? { paper } : {}),
        ...(sameAs === undefined ? {} : { sameAs }),
        ...(open.state.overdue ? { breach: open.state.due?.basis } : {}),
      },
      ...mark,
    });
    this.ended(open);
    this.acts.settled(open.state);
    return seq;
  }

  private close(open: OpenTask, because: string): void {
    if (open.state.status !== 'open') return;
    this.change(
      open,
      { status: 'closed', closedBecause: because, closedAt: new Date().toISOString() },
      'task-closed',
      {
        reason: because,
      },
    );
    this.ended(open);
  }

  /** What was asked for its sake ends with it. */
  private ended({ state }: OpenTask): void {
    this.acts.ended(state);
    this.paper.ended(state);
  }

  private change(open: OpenTask, patch: Partial<Task>, type?: string, detail: Detail = {}): number {
    open.state = { ...open.state, ...patch };
    this.place.keeper.touch(open.state.id, () => open.state);
    const { id } = open.state;
    const seq = type === undefined ? 0 : this.place.keeper.tell({ type, taskId: id, ...detail });
    this.samePersons.changed(open);
    return seq;
  }

  private sitsWith(open: OpenTask, together: readonly string[] | undefined): void {
    const { together: _, ...alone } = open.state;
    open.state = alone;
    this.change(open, together === undefined ? {} : { together });
  }

  private async answerOf<Form>(open: OpenTask): Promise<Answer<Form>> {
    // Rejects by itself when the step's scope is cancelled; closing the task is the step's end, not ours.
    await condition(() => open.state.status !== 'open');
    const answer = answerIn<Form>(open.state);
    if (!answer) throw new TaskClosed(open.state.closedBecause ?? '');
    return answer;
  }
}

function answerIn<Form>({ outcome, id, organisation }: Task): Answer<Form> | undefined {
  return outcome && { form: outcome.form as Form, by: outcome.by, at: outcome.at, task: id, organisation };
}

/**
 * A fault of ours: docs/permissions.md says whom each kind is for, and must not lie. No `ApplicationFailure`, so that
 * the workflow waits for mended code and does not fail.
 */
function notForSeat(kind: string, seat: Seat): Error {
  return new Error(`${kind} is not for ${seatText(seat)}`);
}

/** Whether nobody would notice: the day, the law behind it, and whether the day may still move. */
function isSameDue(one: Due | undefined, other: Due): boolean {
  return one?.at === other.at && one.basis === other.basis && one.provisional === other.provisional;
}

function withoutPending(task: Task): Task {
  const { paperPending: _, ...rest } = task;
  return rest;
}
