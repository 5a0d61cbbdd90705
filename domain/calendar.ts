/**
 * Civil days, working days and periods of law, in Asia/Shanghai whatever the machine's zone is.
 *
 * Pure integer arithmetic on day numbers: neither `Intl` nor a local-time method of `Date` is used, so the
 * same result comes out in the workflow sandbox, on every machine and on replay. The offset is a fixed
 * UTC+8, which holds for every instant since 1991-09-15 (summer time before that is no concern of ours).
 *
 * - A period starts on the day after the event (民法典 201).
 * - A period in 工作日 leaves out statutory holidays and counts make-up working days (行政许可法 82).
 * - A period in 日 or 月 is calendar time; if its last day is a day off, it ends on the next working day
 *   (民法典 202, 203).
 * - In a year without a published list, weekdays are working days and the result is `provisional`.
 */

/** A day as `YYYY-MM-DD`, in Asia/Shanghai. */
export type CivilDate = string;

/** The length of a period: working days 工作日, calendar days 日, or months 月. */
export type Period =
  { readonly workingDays: number } | { readonly days: number } | { readonly months: number };

/** One year's arrangement by the State Council office; its list may reach into the December before. */
export interface YearList {
  /** Days off, weekends inside the holiday included. */
  readonly off: readonly CivilDate[];
  /** Weekend days that are worked to make up 调休. */
  readonly work: readonly CivilDate[];
}

/** The published years, keyed by year (`'2026'`). Plain JSON: it crosses into workflows as it is. */
export interface Calendar {
  readonly years: Readonly<Record<string, YearList>>;
}

/** The last day of a period; `provisional` if a year it runs through has no list yet. */
export interface LastDay {
  readonly date: CivilDate;
  readonly provisional: boolean;
}

const DAY_MS = 86_400_000;
const SHANGHAI_MS = 8 * 3_600_000;

/** Whether the text is a day that exists, from 1900 to 2999: `2025-02-29` is not. */
export function isCivilDate(text: unknown): text is CivilDate {
  if (typeof text !== 'string') return false;
  const match = /^((?:19|2\d)\d{2})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

/** The day in Shanghai at this instant (ms since 1970 UTC). */
export function civilDate(ms: number): CivilDate {
  return dateOf(Math.floor((ms + SHANGHAI_MS) / DAY_MS));
}

/** The instant (ms) at which the day begins in Shanghai. */
export function startOfDay(date: CivilDate): number {
  return dayNumber(date) * DAY_MS - SHANGHAI_MS;
}

/** The instant (ms) at which the day ends in Shanghai, 24:00: the next step may open at this instant. */
export function endOfDay(date: CivilDate): number {
  return startOfDay(date) + DAY_MS;
}

/** The instant (ms) at which a date of the year such as `09-30` closes; it is never moved for a day off. */
export function closeOfYearDate(year: number, monthDay: string): number {
  return endOfDay(`${String(year).padStart(4, '0')}-${monthDay}`);
}

/** The day `n` days later (earlier if negative), with no regard to working days. */
export function plusDays(date: CivilDate, n: number): CivilDate {
  return dateOf(dayNumber(date) + n);
}

/** Calendar days from `from` to `to`; negative if `to` is earlier. */
export function daysBetween(from: CivilDate, to: CivilDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** Whether the day is worked; in a year without a list, whether it is a weekday. */
export function isWorkingDay(calendar: Calendar, date: CivilDate): boolean {
  return worked(tables(calendar), dayNumber(date));
}

/** The day on which the `n`-th working day after `from` falls; with n = 0, `from` itself. */
export function addWorkingDays(calendar: Calendar, from: CivilDate, n: number): LastDay {
  const known = tables(calendar);
  let day = dayNumber(from);
  let provisional = false;
  for (let left = whole(n); left > 0;) {
    day += 1;
    provisional ||= !listed(known, day);
    if (worked(known, day)) left -= 1;
  }
  return { date: dateOf(day), provisional };
}

/** The last day of `n` calendar days that start the day after `from`, moved to a working day (民法典 203). */
export function addCalendarDays(calendar: Calendar, from: CivilDate, n: number): LastDay {
  return nextWorkingDay(tables(calendar), dayNumber(from) + whole(n));
}

/**
 * The corresponding day `n` months later, or the month's last day where there is none (民法典 202),
 * moved to a working day (民法典 203).
 */
export function addMonths(calendar: Calendar, from: CivilDate, n: number): LastDay {
  return nextWorkingDay(tables(calendar), dayNumber(sameDayMonthsLater(from, n)));
}

/** The corresponding day `n` months later, not moved. */
export function sameDayMonthsLater(from: CivilDate, n: number): CivilDate {
  const [year, month, day] = parts(from);
  const months = year * 12 + (month - 1) + whole(n);
  const [toYear, toMonth] = [Math.floor(months / 12), (months % 12) + 1];
  return format(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth)));
}

/** The last day of a period that starts on the day after `from`. */
export function lastDay(calendar: Calendar, from: CivilDate, period: Period): LastDay {
  if ('workingDays' in period) return addWorkingDays(calendar, from, period.workingDays);
  if ('days' in period) return addCalendarDays(calendar, from, period.days);
  return addMonths(calendar, from, period.months);
}

/** How many working days lie after `after`, up to and including `until`; 0 if `until` is not later. */
export function workingDaysRun(calendar: Calendar, after: CivilDate, until: CivilDate): number {
  const known = tables(calendar);
  const end = dayNumber(until);
  let run = 0;
  for (let day = dayNumber(after) + 1; day <= end; day += 1) if (worked(known, day)) run += 1;
  return run;
}

interface Tables {
  readonly off: ReadonlySet<number>;
  readonly work: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
}

/** Look-up tables by calendar object: a calendar is a value, never changed in place. */
const compiled = new WeakMap<Calendar, Tables>();

function tables(calendar: Calendar): Tables {
  const before = compiled.get(calendar);
  if (before) return before;
  const lists = Object.values(calendar.years);
  const made: Tables = {
    off: new Set(lists.flatMap((list) => list.off.map(dayNumber))),
    work: new Set(lists.flatMap((list) => list.work.map(dayNumber))),
    years: new Set(Object.keys(calendar.years).map(Number)),
  };
  compiled.set(calendar, made);
  return made;
}

function worked(known: Tables, day: number): boolean {
  if (known.off.has(day)) return false;
  if (known.work.has(day)) return true;
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday !== 0 && weekday !== 6;
}

function listed(known: Tables, day: number): boolean {
  return known.years.has(civil(day)[0]);
}

function nextWorkingDay(known: Tables, from: number): LastDay {
  let day = from;
  while (!worked(known, day)) day += 1;
  return { date: dateOf(day), provisional: !listed(known, day) || !listed(known, from) };
}

function whole(n: number): number {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError(`not a length of time: ${n}`);
  return n;
}

function parts(date: CivilDate): [year: number, month: number, day: number] {
  if (!isCivilDate(date)) throw new RangeError(`not a day: ${String(date)}`);
  return [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10))];
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function format(year: number, month: number, day: number): CivilDate {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function dateOf(day: number): CivilDate {
  return format(...civil(day));
}

/** Days since 1970-01-01 of the proleptic Gregorian calendar; the year is taken to begin in March. */
function dayNumber(date: CivilDate): number {
  const [year, month, day] = parts(date);
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** The inverse of `dayNumber`. */
function civil(day: number): [year: number, month: number, day: number] {
  const z = day + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return [year, month, dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1];
}
