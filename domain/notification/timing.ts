import { civilDate, isWorkingDay, plusDays, startOfDay, type Calendar, type CivilDate } from '../calendar';

/** 08:30 in Shanghai, when offices open. */
const DIGEST_MS = 8.5 * 3_600_000;
/** What comes so shortly before a digest waits for the next: this one may be on its way. */
const TOO_LATE_MS = 60_000;

/** The next digest after an instant: its working day, and when it is sent (ms). */
export function nextDigest(calendar: Calendar, now: number): { date: CivilDate; at: number } {
  for (let date = civilDate(now); ; date = plusDays(date, 1)) {
    const at = startOfDay(date) + DIGEST_MS;
    if (at > now + TOO_LATE_MS && isWorkingDay(calendar, date)) return { date, at };
  }
}

const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 6 * 3_600_000;
/** Altogether a day and a half: a receiver that is away over night, or a Sunday, misses nothing. */
export const MOST_ATTEMPTS = 15;

/**
 * How long to wait after so many attempts have failed: twice as long each time, six hours at most, and up to a fifth
 * more or less, so that what failed together does not come back together.
 * @param chance from 0 to 1
 */
export function pauseAfter(attempts: number, chance: number): number {
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempts - 1));
  return Math.round(pause * (0.8 + 0.4 * chance));
}
