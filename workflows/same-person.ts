import { personsOf } from '../domain/actor';
import { decidersOf, isDecidedWith, withBarred, type SamePerson } from '../domain/same-person';
import type { Outcome, Task } from '../domain/task';
import type { OpenTask } from './assigned';
import type { KeptTasks } from './kept-tasks';
import type { TaskDesk } from './task-desk';

/** One joint decision, by identity: its tasks belong together. */
export interface Joint {
  readonly samePerson: SamePerson;
}

/** What the policy says of the same person in several tasks, for every step; follows each change of a task. */
export class SamePersons {
  /** By task: who is kept from it because they have decided another of the same joint decision. */
  readonly barred = new Map<string, readonly string[]>();
  /** Who decided the last task that was decided here. */
  private last: readonly string[] = [];

  constructor(
    private readonly desk: TaskDesk,
    private readonly tasks: () => Iterable<OpenTask>,
  ) {}

  /** Who may not do the next task, because they have done the one before. */
  get before(): readonly string[] {
    return this.last;
  }

  /** In a further run. */
  goOn({ lastBy, tasks }: KeptTasks): void {
    this.last = lastBy;
    for (const { state, barred } of tasks) if (barred) this.barred.set(state.id, barred);
  }

  /** Synchronous. */
  changed({ joint }: Pick<OpenTask, 'joint'>): void {
    if (!joint || joint.samePerson === 'twice') return;
    const ids = [...this.tasks()].filter((one) => one.joint === joint).map((one) => one.state.id);
    for (const id of ids) {
      const others = ids.filter((one) => one !== id).map((one) => this.desk.anyState(one));
      if (joint.samePerson === 'once') this.decideOnce(this.desk.anyState(id), others);
      else this.keepOut(this.desk.anyState(id), others);
    }
  }

  /** Synchronous: it is decided and in force. */
  settled({ by, paper }: Outcome): void {
    this.last = paper ? [] : personsOf(by);
  }

  private decideOnce(open: Task, others: readonly Task[]): void {
    const same = others.find((other) => isDecidedWith(open, other));
    if (same) this.desk.settleWith(open.id, same);
  }

  private keepOut(task: Task, others: readonly Task[]): void {
    if (task.status !== 'open') return;
    const kept = withBarred(task, this.barred.get(task.id) ?? [], others.flatMap(decidersOf));
    if (!kept) return;
    this.barred.set(task.id, kept.barred);
    const { holder, delegation, ...rest } = kept.task;
    const hands = [holder, delegation?.answer ? undefined : delegation?.to];
    const freed = hands.some((one) => one !== undefined && kept.barred.includes(one));
    // Whoever has it could neither decide it nor give it away.
    if (freed) this.desk.put(rest, 'task-freed', { reason: '同一人已就本事项在另一席位作出决定' });
    else this.desk.put(kept.task);
  }
}
