import { personsOf } from '../../domain/actor';
import { settledWithout, stateOf, toBeAsked, withSigner, type CoSigning } from '../../domain/co-signing';
import { coSignature } from '../../domain/forms/co-signature';
import { dueMove } from '../../domain/task-act';
import type { Task } from '../../domain/task';
import type { Seat } from '../../policy/keys';
import type { TaskDesk } from '../task-desk';
import type { Workplace } from '../workplace';

/**
 * What a co-signing does beyond the task that is co-signed: each co-signer has an ordinary task on the same desk, which
 * ends with the co-signed one. Each answer counts within its own handler, so two at once both count.
 */
export class CoSigners {
  constructor(
    private readonly desk: TaskDesk,
    private readonly place: Workplace,
  ) {}

  /** Synchronous: asks whose turn it is, and carries out what has been settled. */
  advance(id: string): void {
    const task = this.desk.state(id);
    const { coSigning } = task;
    if (!coSigning) return;
    this.close(
      { ...coSigning, signers: coSigning.signers.filter(({ state }) => state === 'removed') },
      '已移除加签',
    );
    const state = stateOf(coSigning);
    if (state === 'waiting') return this.ask(task, coSigning);
    this.close(coSigning, state === 'met' ? '加签已满足' : '加签未获同意');
    this.desk.put({ ...task, coSigning: settledWithout(coSigning) });
    if (state === 'met') this.desk.settleDecided(id);
    else this.giveBack(id);
  }

  /** Closes the tasks of those who have not answered. */
  close({ signers }: CoSigning, because: string): void {
    for (const { task, state } of signers) {
      if (task !== undefined && state !== 'agreed' && state !== 'refused') this.desk.closeOne(task, because);
    }
  }

  private ask(task: Task, coSigning: CoSigning): void {
    let asked = coSigning;
    for (const place of toBeAsked(coSigning, task.decided !== undefined)) {
      const signer = coSigning.signers[place];
      if (!signer) continue;
      const { organisation, user } = signer;
      const assigned = this.desk.assignTo(organisation, coSignature, {
        seat: this.seatOf(organisation, task.seat),
        context: {
          task: task.id,
          kind: task.kind,
          title: task.title,
          question: coSigning.question,
          about: task.context,
          ...(task.decided ? { decided: task.decided.form } : {}),
        },
        due: this.desk.ruleOf(task.id),
        dueFrom: task.due?.from,
        notBy: [...new Set([...task.notBy, ...(task.decided ? personsOf(task.decided.by) : [])])],
        holder: user,
        for: task.id,
      });
      asked = withSigner(asked, place, { state: 'asked', task: assigned.id });
    }
    if (asked !== coSigning) this.desk.put({ ...task, coSigning: asked });
  }

  /** Synchronous, within the answer's own handler. */
  answered({ id, context, outcome }: Task): void {
    const { task: of } = context as { task: string };
    const task = this.desk.state(of);
    const place = task.coSigning?.signers.findIndex((signer) => signer.task === id) ?? -1;
    if (!task.coSigning || place < 0) return;
    const { agrees } = outcome?.form as { agrees?: unknown };
    const coSigning = withSigner(task.coSigning, place, { state: agrees === true ? 'agreed' : 'refused' });
    this.desk.put({ ...task, coSigning });
    this.advance(of);
  }

  /** It cannot be met any more: the decision, if there was one, goes back to whoever made it. */
  private giveBack(id: string): void {
    const { decided, ...task } = this.desk.state(id);
    if (!decided) return;
    this.desk.put(task, 'task-decision-given-back', {
      reason: '加签未获同意',
      data: { due: dueMove(task, task) },
    });
  }

  /** Co-signers sign for their organisation; its first body stands for it. */
  private seatOf(organisation: string, otherwise: Seat): Seat {
    const found = this.place.organisations.find(({ id }) => id === organisation);
    const [body] = found?.bodies ?? [];
    return found && body ? { body, level: found.level } : otherwise;
  }
}
