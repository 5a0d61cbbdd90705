import { endOfDay, type Calendar, type CivilDate } from '../domain/calendar';
import { escalationAt, remindersOf, superiorsOf, type AlarmRule, type Reminder } from '../domain/alarms';
import { resumed } from '../domain/forms/task-acts/clock-resumption';
import type { Due } from '../domain/task';
import { dueMove } from '../domain/task-act';
import { nextWorkingMoment } from '../domain/working-hours';
import { seatText } from '../policy/keys';
import type { PolicySnapshot } from '../policy/snapshot';
import type { OpenTask } from './assigned';
import type { TaskDesk } from './task-desk';
import type { Workplace } from './workplace';

/** What rings, and when (ms). */
interface Alarm {
  readonly at: number;
  readonly ring: () => void;
}

interface Known {
  readonly policy: PolicySnapshot;
  readonly due: Due;
  readonly calendar: Calendar;
  readonly reminders: readonly Reminder[];
  readonly escalation: number | undefined;
}

/**
 * The clock of every task on a desk: reminders, the due date, escalation, the end of a stopped clock.
 *
 * Nothing is armed: what rings next is asked of each task, by calendar and policy as they are now, so that nothing
 * that moves a due date or changes hands can leave an alarm behind or lose one. One timer of the engine serves them all.
 * No alarm ever decides anything.
 */
export class TaskAlarms {
  private readonly known = new WeakMap<OpenTask, Known>();
  private readonly rule: () => AlarmRule;

  constructor(
    private readonly place: Workplace,
    private readonly tasks: () => Iterable<OpenTask>,
    private readonly desk: Pick<TaskDesk, 'put' | 'dueAnew'>,
  ) {
    this.rule = () => {
      const { reminders, escalation } = place.policy;
      return { reminders: reminders.task, hours: reminders.workingHours, escalation };
    };
  }

  /** The next instant at which something rings. */
  next(): { at: number; what: string } | undefined {
    let next: { at: number; what: string } | undefined;
    for (const open of this.tasks()) {
      for (const { at } of this.alarmsOf(open)) {
        if (next === undefined || at < next.at) {
          next = { at, what: `${open.state.title} 到期 ${open.state.due?.date ?? ''}` };
        }
      }
    }
    return next;
  }

  /** Rings whatever is due by now. */
  ring(): void {
    const now = Date.now();
    for (const open of this.tasks()) {
      for (const { at, ring } of this.alarmsOf(open)) if (at <= now) ring();
    }
  }

  private alarmsOf(open: OpenTask): Alarm[] {
    const { due, status, overdue, escalated, clockStopped } = open.state;
    if (status !== 'open' || !due) return [];
    if (clockStopped) {
      const { until } = clockStopped;
      return [{ at: endOfDay(until), ring: () => this.runAgain(open, until) }];
    }
    const { reminders, escalation } = this.timesOf(open, due);
    const end: Alarm[] = overdue ? [] : [{ at: Date.parse(due.at), ring: () => this.markOverdue(open, due) }];
    // Those that were missed, while the project was suspended or nothing ran, are one.
    const missed = reminders.filter(({ at }) => at > open.remindedUntil && at <= Date.now()).at(-1);
    const reminder = missed ?? reminders.find(({ at }) => at > open.remindedUntil);
    const remind: Alarm[] = reminder
      ? [{ at: this.inHours(reminder.at), ring: () => this.remind(open, due, reminder) }]
      : [];
    const escalate: Alarm[] =
      escalation === undefined || escalated
        ? []
        : [{ at: this.inHours(escalation), ring: () => this.escalate(open, due) }];
    return [...end, ...remind, ...escalate];
  }

  /** What is late rings within working hours too. */
  private inHours(at: number): number {
    const { hours } = this.rule();
    return hours && at <= Date.now() ? nextWorkingMoment(this.place.calendar, hours, Date.now()) : at;
  }

  private timesOf(open: OpenTask, due: Due): Known {
    const { calendar, policy } = this.place;
    const before = this.known.get(open);
    const isSame = before?.due === due && before.calendar === calendar && before.policy === policy;
    if (isSame) return before;
    const rule = this.rule();
    const above = rule.escalation ? superiorsOf(open.state.seat, rule.escalation) : [];
    const known = {
      policy,
      due,
      calendar,
      reminders: remindersOf(due, rule, calendar),
      escalation: above.length > 0 ? escalationAt(due, rule, calendar) : undefined,
    };
    this.known.set(open, known);
    return known;
  }

  private markOverdue({ state }: OpenTask, due: Due): void {
    const data = { due: due.date, basis: due.basis };
    this.desk.put({ ...state, overdue: true }, 'task-overdue', { data });
  }

  private remind(open: OpenTask, due: Due, { daysBefore }: Reminder): void {
    open.remindedUntil = Date.now();
    this.desk.put(open.state, 'task-reminded', { data: { due: due.date, daysBefore } });
  }

  /** 升级: it stays the task of whoever has it; their superior learns that it is not done. */
  private escalate({ state }: OpenTask, due: Due): void {
    const { escalation } = this.rule();
    if (!escalation) return;
    const { seat, community, organisation } = state;
    const communities = community === undefined ? undefined : [community];
    const above = superiorsOf(seat, escalation).map((superior) => ({
      seat: seatText(superior),
      to: this.place.holdersNow([superior], communities).filter((one) => one !== organisation),
    }));
    const { seat: superior, to } = above.find((one) => one.to.length > 0) ?? { seat: null, to: [] };
    const data = {
      due: due.date,
      basis: due.basis,
      workingDaysLate: escalation.afterWorkingDays,
      superior,
      to,
    };
    this.desk.put({ ...state, escalated: { on: this.place.today(), to } }, 'task-escalated', { data });
  }

  /** 补正: the day until which the clock could stand still has passed. */
  private runAgain({ state: before }: OpenTask, until: CivilDate): void {
    const after = this.desk.dueAnew(resumed(before, until));
    this.desk.put(after, 'task-clock-ran-out', { data: { due: dueMove(before, after) } });
  }
}
