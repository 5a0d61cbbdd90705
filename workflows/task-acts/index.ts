import { stateOf } from '../../domain/co-signing';
import { coSignature } from '../../domain/forms/co-signature';
import { taskActs } from '../../domain/forms/task-acts';
import {
  dueMove,
  isInTime,
  type ActRefused,
  type AnyTaskAct,
  type Scene,
  type TaskActRequest,
} from '../../domain/task-act';
import { refusal } from '../../domain/refusal';
import { STAGE_MOVED, stageOf } from '../../domain/sign-off';
import type { Task } from '../../domain/task';
import { fault, refused, requireNone, requireShape } from '../faults';
import type { Receipt } from '../messages';
import type { TaskDesk } from '../task-desk';
import type { Workplace } from '../workplace';
import { CoSigners } from './co-signers';

const USUAL_URGES = 2;

/**
 * The acts on tasks, as one Update: each is a file of `domain/forms/task-acts/`, written once for every step.
 *
 * Like a decision: the validator refuses without a trace; the handler is synchronous, asks "may they still?" once more,
 * and tells one event, which says what has become of the due date.
 */
export class TaskActs {
  private readonly coSigners: CoSigners;

  constructor(
    private readonly desk: TaskDesk,
    private readonly place: Workplace,
  ) {
    this.coSigners = new CoSigners(desk, place);
  }

  /** Reads only. Throws what the Update is refused with. */
  validate(request: TaskActRequest, updateId: string): void {
    const kind = kindOf(request.act);
    const task = this.stateFor(kind, request.taskId);
    if (this.place.stopped) throw fault('needs-repair');
    this.checkMay(kind, task, request);
    this.place.authority.checkTaskAct(task, request, updateId);
    requireShape(kind.form, request.form);
    requireNone(kind.rules?.(request.form as never, task, request.by, this.scene(task)));
  }

  /** Synchronous. */
  act(request: TaskActRequest, updateId: string): Receipt {
    const kind = kindOf(request.act);
    const before = this.stateFor(kind, request.taskId);
    this.checkMay(kind, before, request);
    const { by, form, bodyHash, stage } = request;
    const signature = { ...request.signature, ...(stage === undefined ? {} : { stage }) };
    const after = this.desk.dueAnew(kind.apply(before, form as never, by, this.scene(before)));
    const { reason } = form as { reason?: string };
    const seq = this.desk.put(after, kind.event, {
      by,
      ...(reason === undefined ? {} : { reason }),
      data: { form, due: dueMove(before, after) },
      updateId,
      bodyHash,
      signature,
    });
    this.advance(request.taskId);
    return { workflowId: after.workflowId, seq, bodyHash };
  }

  /** Asks the co-signers whose turn it is; what they have settled takes effect. */
  advance(id: string): void {
    this.coSigners.advance(id);
  }

  /** It is decided and in force: what was asked for another task's sake has its effect there. */
  settled(task: Task): void {
    if (task.kind === coSignature.kind) this.coSigners.answered(task);
  }

  /** The task is over, so is what was asked for its sake. */
  ended({ coSigning }: Task): void {
    if (coSigning && stateOf(coSigning) !== 'met') this.coSigners.close(coSigning, '主办事项已结束');
  }

  private stateFor(kind: AnyTaskAct, id: string): Task {
    const task = this.desk.anyState(id);
    if (!isInTime(kind, task)) throw fault('task-not-open');
    return task;
  }

  private checkMay(kind: AnyTaskAct, task: Task, { by, stage }: TaskActRequest): void {
    if (!kind.byAnybody && stage !== stageOf(task)) throw fault('wrong-step', { detail: STAGE_MOVED });
    const itsOwn = !kind.byAnybody && !kind.byAdministrator;
    if (itsOwn && by.organisation !== task.organisation) throw fault('not-your-seat');
    const why = kind.may(task, by);
    if (why) throw faultOf(why);
  }

  private scene(task: Task): Scene {
    const { id, kind, seat, community, organisation } = task;
    const isSister = (one: Task): boolean =>
      one.id !== id && one.kind === kind && one.community === community && one.seat.body === seat.body;
    const sisters = this.desk.all().filter(isSister);
    return {
      at: new Date().toISOString(),
      today: this.place.today(),
      others: this.place
        .holdersNow([seat], community === undefined ? undefined : [community])
        .filter((one) => one !== organisation && !sisters.some((sister) => sister.organisation === one)),
      known: this.place.organisations.map((one) => one.id),
      urgesADay: this.place.policy.reminders.urgesADay ?? USUAL_URGES,
    };
  }
}

function kindOf(act: string): AnyTaskAct {
  const kind = taskActs[act];
  if (!kind) throw fault('wrong-step');
  return kind;
}

function faultOf({ code, zh, en }: ActRefused) {
  return code === 'rule-violated' ? refused([refusal(zh, en)]) : fault(code, { detail: { zh, en } });
}
