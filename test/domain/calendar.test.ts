import * as fc from 'fast-check';
import { LegalHoliday } from 'tyme4ts';
import chineseDays from 'chinese-days/dist/chinese-days.json';
import {
  addCalendarDays,
  addMonths,
  addWorkingDays,
  civilDate,
  closeOfYearDate,
  daysBetween,
  endOfDay,
  isCivilDate,
  isWorkingDay,
  lastDay,
  plusDays,
  startOfDay,
  workingDaysRun,
} from '../../domain/calendar';
import lists from '../../policy/holidays-2020-2026.json';
import { calendar } from './sample-policy';

const FIRST = '2020-01-01';
const LAST = '2026-12-31';
const years = Object.keys(lists);
const allDays = Array.from({ length: daysBetween(FIRST, LAST) + 1 }, (_, i) => plusDays(FIRST, i));
const listedDay = fc.integer({ min: 0, max: allDays.length - 1 }).map((i) => allDays[i] ?? FIRST);
/** Any day from 1900 to 2997. */
const anyDay = fc.integer({ min: 0, max: 401_000 }).map((n) => plusDays('1900-01-01', n));

function isWeekend(date: string): boolean {
  return [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
}

describe('working days of the published lists', () => {
  test('each year has as many working days as the published arrangement gives', () => {
    const counts = years.map((year) =>
      workingDaysRun(calendar, `${Number(year) - 1}-12-31`, `${year}-12-31`),
    );
    expect(counts).toEqual([249, 250, 249, 249, 251, 248, 248]);
  });

  test.each([
    ['2020-01-23', '2020-02-07'],
    ['2023-09-28', '2023-10-11'],
    ['2024-02-08', '2024-02-21'],
    ['2025-03-03', '2025-03-10'],
    ['2026-09-30', '2026-10-13'],
  ])('P2.1.3: a notice posted on %s has its fifth working day on %s', (posted, fifth) => {
    expect(addWorkingDays(calendar, posted, 5)).toEqual({ date: fifth, provisional: false });
  });

  test('every day from 2020 to 2026 is worked or free as chinese-days lists it', () => {
    const { holidays, workdays } = chineseDays as Record<'holidays' | 'workdays', Record<string, string>>;
    const differing = allDays.filter((date) => {
      const theirs = date in workdays || (!isWeekend(date) && !(date in holidays));
      return theirs !== isWorkingDay(calendar, date);
    });
    expect(differing).toEqual([]);
  });

  test('every day from 2020 to 2026 is worked or free as tyme4ts lists it', () => {
    const differing = allDays.filter((date) => {
      const [year, month, day] = date.split('-').map(Number) as [number, number, number];
      const theirs = LegalHoliday.fromYmd(year, month, day)?.isWork() ?? !isWeekend(date);
      return theirs !== isWorkingDay(calendar, date);
    });
    expect(differing).toEqual([]);
  });

  test('a list that reaches into the December before holds there', () => {
    const reaching = { years: { '2027': { off: ['2026-12-31'], work: ['2026-12-26'] } } };
    expect(isWorkingDay(reaching, '2026-12-31')).toBe(false);
    expect(isWorkingDay(reaching, '2026-12-26')).toBe(true);
  });
});

describe('years without a list', () => {
  test('a due date in 2027 is computed on weekdays and marked provisional', () => {
    expect(addWorkingDays(calendar, '2027-02-04', 5)).toEqual({ date: '2027-02-11', provisional: true });
  });

  test('a period that runs over the new year into 2027 is provisional, one that ends before is not', () => {
    expect(addWorkingDays(calendar, '2026-12-24', 5)).toEqual({ date: '2026-12-31', provisional: false });
    expect(addWorkingDays(calendar, '2026-12-28', 5)).toEqual({ date: '2027-01-04', provisional: true });
  });

  test('once the list is loaded, the same period ends on the right day and is no longer provisional', () => {
    const loaded = { years: { ...calendar.years, '2027': { off: ['2027-01-01', '2027-01-04'], work: [] } } };
    expect(addWorkingDays(loaded, '2026-12-28', 5)).toEqual({ date: '2027-01-06', provisional: false });
  });

  test('calendar days that end in a year without a list are provisional', () => {
    expect(addCalendarDays(calendar, '2026-12-20', 20)).toEqual({ date: '2027-01-11', provisional: true });
  });
});

describe('calendar days and months', () => {
  test('a period in days whose last day is a holiday ends on the next working day', () => {
    expect(addCalendarDays(calendar, '2025-09-11', 20).date).toBe('2025-10-09');
    expect(addCalendarDays(calendar, '2025-03-03', 20).date).toBe('2025-03-24');
  });

  test('a period in days that ends on a make-up working day is not moved', () => {
    expect(addCalendarDays(calendar, '2025-09-25', 3).date).toBe('2025-09-28');
  });

  test('a period in months ends on the corresponding day, or the last day of a shorter month', () => {
    expect(addMonths(calendar, '2025-03-10', 3).date).toBe('2025-06-10');
    expect(addMonths(calendar, '2024-11-30', 3).date).toBe('2025-02-28');
    expect(addMonths(calendar, '2023-11-30', 3).date).toBe('2024-02-29');
  });

  test('a period in months whose last day is free ends on the next working day', () => {
    expect(addMonths(calendar, '2025-07-01', 3).date).toBe('2025-10-09');
  });

  test('P2.1.4: 30 September closes at 24:00 in Shanghai and is never moved', () => {
    expect(new Date(closeOfYearDate(2028, '09-30')).toISOString()).toBe('2028-09-30T16:00:00.000Z');
    expect(isWorkingDay(calendar, '2028-09-30')).toBe(false);
  });
});

describe('days that exist', () => {
  test.each([
    '2025-02-29',
    '2025-13-01',
    '2025-00-10',
    '2025-04-31',
    '1900-02-29',
    '2025-1-1',
    '25-01-01',
    '2025-01-01T00',
    '',
    '二〇二五',
  ])('%s is no day', (text) => {
    expect(isCivilDate(text)).toBe(false);
  });

  test('an impossible date is never computed with', () => {
    expect(() => addWorkingDays(calendar, '2025-02-29', 1)).toThrow(RangeError);
    expect(() => addWorkingDays(calendar, '2025-02-28', -1)).toThrow(RangeError);
    expect(() => addWorkingDays(calendar, '2025-02-28', 1.5)).toThrow(RangeError);
  });

  test('exactly the days that the machine calendar knows are days', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1900, max: 2999 }),
        fc.integer({ min: 0, max: 14 }),
        fc.integer({ min: 0, max: 33 }),
        (y, m, d) => {
          const text = `${y}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
          const machine = new Date(Date.UTC(y, m - 1, d));
          const exists =
            machine.getUTCFullYear() === y && machine.getUTCMonth() === m - 1 && machine.getUTCDate() === d;
          return isCivilDate(text) === exists;
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('properties', () => {
  test('a day begins at midnight in Shanghai, and every instant of it belongs to it', () => {
    fc.assert(
      fc.property(anyDay, fc.integer({ min: 0, max: 86_399_999 }), (date, ms) => {
        expect(new Date(startOfDay(date) + 8 * 3_600_000).toISOString()).toBe(`${date}T00:00:00.000Z`);
        expect(civilDate(startOfDay(date) + ms)).toBe(date);
        expect(civilDate(endOfDay(date))).toBe(plusDays(date, 1));
        expect(civilDate(endOfDay(date) - 1)).toBe(date);
      }),
    );
  });

  test('the last of n working days is a working day with exactly n of them in between', () => {
    fc.assert(
      fc.property(listedDay, fc.integer({ min: 1, max: 60 }), (from, n) => {
        const { date } = addWorkingDays(calendar, from, n);
        expect(isWorkingDay(calendar, date)).toBe(true);
        expect(workingDaysRun(calendar, from, date)).toBe(n);
      }),
    );
  });

  test('working days add up: m and then n are m + n', () => {
    fc.assert(
      fc.property(listedDay, fc.nat(40), fc.nat(40), (from, m, n) => {
        const first = addWorkingDays(calendar, from, m).date;
        expect(addWorkingDays(calendar, first, n).date).toBe(addWorkingDays(calendar, from, m + n).date);
      }),
    );
  });

  test('a later start never gives an earlier end, whatever the unit', () => {
    const period = fc.oneof(
      fc.nat(40).map((workingDays) => ({ workingDays })),
      fc.nat(90).map((days) => ({ days })),
      fc.nat(12).map((months) => ({ months })),
    );
    fc.assert(
      fc.property(listedDay, fc.nat(30), period, (from, later, length) => {
        const [early, late] = [
          lastDay(calendar, from, length),
          lastDay(calendar, plusDays(from, later), length),
        ];
        expect(early.date <= late.date).toBe(true);
      }),
    );
  });

  test('days and months end on a working day, never before the plain count', () => {
    fc.assert(
      fc.property(listedDay, fc.nat(120), (from, days) => {
        const { date } = lastDay(calendar, from, { days });
        expect(isWorkingDay(calendar, date)).toBe(true);
        expect(date >= plusDays(from, days)).toBe(true);
      }),
    );
  });

  test('a period is provisional exactly if a day of it lies in a year without a list', () => {
    const around2027 = fc.integer({ min: -40, max: 40 }).map((n) => plusDays('2026-12-31', n));
    fc.assert(
      fc.property(around2027, fc.integer({ min: 1, max: 30 }), (from, n) => {
        const { date, provisional } = addWorkingDays(calendar, from, n);
        expect(provisional).toBe(date > LAST);
      }),
    );
  });
});
