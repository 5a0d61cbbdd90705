import { civilDate, endOfDay, isWorkingDay, startOfDay, type Calendar } from './calendar';

/** When offices are open on a working day, Asia/Shanghai: `09:00`–`17:00`. */
export interface WorkingHours {
  readonly from: string;
  readonly until: string;
}

/** This instant if offices are open then, otherwise the next at which they open (ms). */
export function nextWorkingMoment(calendar: Calendar, { from, until }: WorkingHours, now: number): number {
  for (let at = now; ;) {
    const day = civilDate(at);
    const [opens, closes] = [startOfDay(day) + sinceMidnight(from), startOfDay(day) + sinceMidnight(until)];
    if (isWorkingDay(calendar, day) && at < closes) return Math.max(at, opens);
    at = endOfDay(day);
  }
}

/** `HH:MM` as ms; `24:00` is the end of the day. */
export function sinceMidnight(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}
