import { personsOf } from '../domain/actor';
import { paperConfirmation } from '../domain/forms/paper';
import type { Decision, PaperDecision, Task } from '../domain/task';
import { TaskClosed, type Answer, type Assigned, type Mark } from './assigned';
import type { TaskDesk } from './task-desk';
import type { Workplace } from './workplace';

type Confirmation = { confirmed: boolean; remarks?: string | undefined };

/**
 * 代录: a decision that an office took on paper is entered by the recorder, and is in force when a second person has
 * confirmed it. The confirmation is an ordinary task, which ends with the one that it is about.
 */
export class PaperEntry {
  /** The confirmation of each task that awaits one. */
  private readonly confirming = new Map<string, string>();

  constructor(
    private readonly desk: TaskDesk,
    private readonly place: Workplace,
  ) {}

  /** Synchronous. @returns the number of the event */
  enter(task: Task, decision: Decision, paper: PaperDecision, mark: Mark): number {
    const { by, form, lateReason } = decision;
    const late = lateReason === undefined ? {} : { lateReason };
    const paperPending = { form, paper, by, ...late };
    const seq = this.desk.put({ ...task, paperPending }, 'paper-decision-entered', {
      by,
      ...(lateReason === undefined ? {} : { reason: lateReason }),
      data: { form, paper, for: task.organisation },
      ...mark,
    });
    const { number, date, attachment } = paper;
    const confirmation = this.desk.assignTo(by.organisation, paperConfirmation, {
      seat: task.seat,
      context: { task: task.id, title: task.title, number, date, attachment, form },
      notBy: personsOf(by),
    });
    this.awaitConfirmation(task.id, confirmation);
    return seq;
  }

  /** Asked just now, or by the run before. */
  awaitConfirmation(of: string, confirmation: Assigned<Confirmation>): void {
    this.confirming.set(of, confirmation.id);
    this.place.spawn(() =>
      confirmation.answer.then(
        (answer) => {
          confirmation.takenUp();
          this.confirmed(of, answer);
        },
        (error: unknown) => {
          if (!(error instanceof TaskClosed)) throw error;
        },
      ),
    );
  }

  /** The task is over: nobody need confirm what was entered for it. */
  ended({ id }: Task): void {
    const confirmation = this.confirming.get(id);
    if (confirmation === undefined) return;
    this.confirming.delete(id);
    this.desk.closeOne(confirmation, '原待办已结束');
  }

  private confirmed(id: string, answer: Answer<Confirmation>): void {
    this.confirming.delete(id);
    const task = this.desk.anyState(id);
    if (task.status !== 'open' || !task.paperPending) return;
    const { form, paper, by, lateReason } = task.paperPending;
    if (!answer.form.confirmed) {
      const { paperPending: _, ...again } = task;
      const { by: second, form: said } = answer;
      this.desk.put(again, 'paper-decision-refused', { by: second, reason: said.remarks ?? '' });
      return;
    }
    const recordedBy = { organisation: by.organisation, user: by.user, confirmedBy: answer.by.user };
    this.desk.settle(
      id,
      {
        form,
        by: { ...by, organisation: task.organisation, recordedBy },
        at: new Date().toISOString(),
        paper,
        ...(lateReason === undefined ? {} : { lateReason }),
      },
      {},
    );
  }
}
