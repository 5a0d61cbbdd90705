import fc from 'fast-check';
import { escalationAt, remindersOf, superiorsOf } from '../../domain/alarms';
import { civilDate, isWorkingDay, startOfDay } from '../../domain/calendar';
import { dueOf } from '../../domain/due';
import { nextWorkingMoment, sinceMidnight } from '../../domain/working-hours';
import { holidayCalendar } from '../../policy/holidays';
import { linyi } from '../../policy/linyi';
import { parsePolicy, PolicyRefused } from '../../policy/schema';

const HOURS = { from: '09:00', until: '17:00' };
const at = (date: string, time: string): number => startOfDay(date) + sinceMidnight(time);
const next = (date: string, time: string): number =>
  nextWorkingMoment(holidayCalendar, HOURS, at(date, time));

describe('working hours', () => {
  test('before they begin it waits for the morning, after they end for the next working day', () => {
    expect(next('2025-03-03', '06:30')).toBe(at('2025-03-03', '09:00'));
    expect(next('2025-03-03', '16:59')).toBe(at('2025-03-03', '16:59'));
    expect(next('2025-03-03', '17:00')).toBe(at('2025-03-04', '09:00'));
    expect(next('2025-03-07', '18:00')).toBe(at('2025-03-10', '09:00'));
  });

  test('a holiday is skipped, a make-up Saturday is not', () => {
    expect(next('2023-09-28', '20:00')).toBe(at('2023-10-07', '09:00'));
    expect(next('2025-01-26', '10:00')).toBe(at('2025-01-26', '10:00'));
  });

  test('whatever the instant: never earlier, within hours, on a working day, and none is skipped', () => {
    fc.assert(
      fc.property(fc.integer({ min: at('2020-01-01', '00:00'), max: at('2026-12-01', '00:00') }), (now) => {
        const moment = nextWorkingMoment(holidayCalendar, HOURS, now);
        const since = moment - startOfDay(civilDate(moment));
        expect(moment).toBeGreaterThanOrEqual(now);
        expect(isWorkingDay(holidayCalendar, civilDate(moment))).toBe(true);
        expect(since >= sinceMidnight('09:00') && since < sinceMidnight('17:00')).toBe(true);
        expect(nextWorkingMoment(holidayCalendar, HOURS, moment)).toBe(moment);
      }),
    );
  });
});

describe('reminders', () => {
  const rule = { reminders: [1, 0, -2], hours: HOURS };
  const due = dueOf({ length: { workingDays: 5 }, basis: '样例' }, '2024-02-08', holidayCalendar);

  test('lie on working days around the due date, over a holiday too', () => {
    expect(due.date).toBe('2024-02-21');
    expect(remindersOf(due, rule, holidayCalendar)).toEqual([
      { at: at('2024-02-20', '09:00'), daysBefore: 1 },
      { at: at('2024-02-21', '09:00'), daysBefore: 0 },
      { at: at('2024-02-23', '09:00'), daysBefore: -2 },
    ]);
  });

  test('none lies before the day from which the period counts', () => {
    const [first] = remindersOf(due, { ...rule, reminders: [40] }, holidayCalendar);
    expect(first?.at).toBe(at('2024-02-08', '09:00'));
  });

  test('a city without working hours reminds at the beginning of the day, one without escalation escalates nothing', () => {
    expect(remindersOf(due, { reminders: [1] }, holidayCalendar)[0]?.at).toBe(startOfDay('2024-02-20'));
    expect(escalationAt(due, rule, holidayCalendar)).toBeUndefined();
  });
});

describe('escalation', () => {
  test('goes to the same bureau of the city, else to its housing bureau; the city has nobody above it', () => {
    const { escalation } = linyi;
    if (!escalation) throw new Error('no escalation');
    expect(superiorsOf({ body: 'finance', level: 'county' }, escalation)).toEqual([
      { body: 'finance', level: 'city' },
      { body: 'housing', level: 'city' },
    ]);
    expect(superiorsOf({ body: 'designer', level: 'market' }, escalation)).toEqual([
      { body: 'housing', level: 'county' },
    ]);
    expect(superiorsOf({ body: 'finance', level: 'city' }, escalation)).toEqual([]);
  });

  const pathsOf = (change: object): (string | undefined)[] => {
    try {
      parsePolicy({ ...linyi, ...change });
    } catch (error) {
      if (error instanceof PolicyRefused) return error.refusals.map(({ path }) => path);
      throw error;
    }
    return [];
  };

  test('names seats that there are, and hours that end after they begin', () => {
    const superiors = [{ of: 'finance@county', superior: 'water@city' }];
    expect(pathsOf({ escalation: { afterWorkingDays: 5, superiors } })).toEqual([
      'escalation.superiors.0.superior',
    ]);
    const workingHours = { from: '17:00', until: '09:00' };
    expect(pathsOf({ reminders: { ...linyi.reminders, workingHours } })).toEqual([
      'reminders.workingHours.until',
    ]);
  });

  test('a policy has no place for an approval by default: every such key is refused', () => {
    const automatic = { clause: 'P1.4', after: { workingDays: 5 } };
    expect(pathsOf({ automatic })).toEqual(['']);
    expect(pathsOf({ escalation: { ...linyi.escalation, automatic } })).toEqual(['escalation']);
    const { default: usual } = linyi.periods;
    expect(pathsOf({ periods: { ...linyi.periods, default: { ...usual, automatic } } })).toEqual([
      'periods.default',
    ]);
  });
});
