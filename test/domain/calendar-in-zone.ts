/**
 * Prints what the calendar says on this machine's zone, as JSON; `calendar-zones.test.ts` runs it under several.
 * It stands alone because a zone can only be set before a process starts.
 */
import {
  addCalendarDays,
  addMonths,
  addWorkingDays,
  civilDate,
  endOfDay,
  plusDays,
} from '../../domain/calendar';
import { holidayCalendar } from '../../policy/holidays';

const answers: unknown[] = [];
for (let n = 0; n < 2600; n += 13) {
  const date = plusDays('2020-01-01', n);
  answers.push([
    date,
    endOfDay(date),
    civilDate(endOfDay(date) - 1),
    civilDate(Date.UTC(2020, 0, 1, n % 24) + n * 86_400_000),
    addWorkingDays(holidayCalendar, date, 1 + (n % 20)),
    addCalendarDays(holidayCalendar, date, n % 45),
    addMonths(holidayCalendar, date, n % 7),
  ]);
}
process.stdout.write(JSON.stringify({ offset: new Date(2025, 0, 1).getTimezoneOffset(), answers }));
