import { civilDate, type Calendar } from '../domain/calendar';
import type { Root } from '../domain/signing/certificate';
import type { Activities } from '../domain/world';
import { holidayCalendar } from '../policy/holidays';
import type { Store } from '../store/connect';
import { engineTime } from './engine-time';

/** What a workflow must know of the world when it opens: the working days, who may hold its seats, whom to believe. */
export function briefingActivity(store: Store, roots: readonly Root[]): Activities['briefing'] {
  return async ({ city, county }) => {
    const [calendar, organisations, revocations] = await Promise.all([
      store.calendars.onTopOf(holidayCalendar),
      store.organisations.inArea(city, county),
      store.revocations.all(),
    ]);
    return {
      calendar: sinceLastYear(calendar, engineTime()),
      organisations,
      trust: { roots, revocations },
    };
  };
}

/** No period of a running step began before last year; what is not needed would stand in every history. */
function sinceLastYear(calendar: Calendar, now: number): Calendar {
  const from = Number(civilDate(now).slice(0, 4)) - 1;
  return {
    years: Object.fromEntries(Object.entries(calendar.years).filter(([year]) => Number(year) >= from)),
  };
}
