import {
  addWorkingDays,
  isWorkingDay,
  plusDays,
  startOfDay,
  type Calendar,
  type CivilDate,
} from './calendar';
import type { Due } from './task';
import { nextWorkingMoment, type WorkingHours } from './working-hours';
import { parseSeat, seatText, type Level, type Seat, type SeatText } from '../policy/keys';

/** A seat, or the seat of the same body at that level. */
export type SuperiorSeat = SeatText | `*@${Level}`;

/** To whom it goes when a task stays undone: the first that fits and that somebody holds. */
export interface Escalation {
  /** Working days after the due date. */
  readonly afterWorkingDays: number;
  readonly superiors: readonly { readonly of: SuperiorSeat; readonly superior: SuperiorSeat }[];
}

/** When a task is spoken of: what a city has chosen. */
export interface AlarmRule {
  /** Working days before the due date; 0 on its day, negative after it. */
  readonly reminders: readonly number[];
  /** Without them at the beginning of the day. */
  readonly hours?: WorkingHours | undefined;
  readonly escalation?: Escalation | undefined;
}

export interface Reminder {
  /** ms; within working hours. */
  readonly at: number;
  /** As in the rule. */
  readonly daysBefore: number;
}

/** Every reminder of a task, the earliest first. */
export function remindersOf(due: Due, { reminders, hours }: AlarmRule, calendar: Calendar): Reminder[] {
  return reminders
    .map((daysBefore) => ({ at: opening(dayOf(due, daysBefore, calendar), calendar, hours), daysBefore }))
    .sort((a, b) => a.at - b.at);
}

/** When a task that is still undone goes to the superior seat (ms). */
export function escalationAt(
  due: Due,
  { escalation, hours }: AlarmRule,
  calendar: Calendar,
): number | undefined {
  if (!escalation) return undefined;
  return opening(addWorkingDays(calendar, due.date, escalation.afterWorkingDays).date, calendar, hours);
}

/** Superior seats of a seat, the first choice first. */
export function superiorsOf(seat: Seat, { superiors }: Escalation): Seat[] {
  return superiors.flatMap(({ of, superior }) => {
    if (of !== seatText(seat) && of !== `*@${seat.level}`) return [];
    const [body, level] = superior.split('@') as [string, Level];
    return body === '*' ? [{ body: seat.body, level }] : (parseSeat(superior) ?? []);
  });
}

function dayOf(due: Due, daysBefore: number, calendar: Calendar): CivilDate {
  if (daysBefore <= 0) return addWorkingDays(calendar, due.date, -daysBefore).date;
  let day = due.date;
  for (let left = daysBefore; left > 0 && day > due.from;) {
    day = plusDays(day, -1);
    if (isWorkingDay(calendar, day)) left -= 1;
  }
  return day;
}

function opening(day: CivilDate, calendar: Calendar, hours: WorkingHours | undefined): number {
  return hours ? nextWorkingMoment(calendar, hours, startOfDay(day)) : startOfDay(day);
}
