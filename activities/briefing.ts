import { civilDate, type Calendar } from '../domain/calendar';
import type { Activities } from '../domain/world';
import { holidayCalendar } from '../policy/holidays';
import type { Store } from '../store/connect';
import { engineTime } from './engine-time';

/** What a workflow must know of the world when it opens: the working days, and who may hold its seats. */
export function briefingActivity(store: Store): Activities['briefing'] {
  return async ({ city, county }) => {
    const [calendar, organisations] = await Promise.all([
      store.calendars.onTopOf(holidayCalendar),
      store.organisations.inArea(city, county),
    ]);
    return { calendar: sinceLastYear(calendar, engineTime()), organisations };
  };
}

/** No period of a running step began before last year; what is not needed would stand in every history. */
function sinceLastYear(calendar: Calendar, now: number): Calendar {
  const from = Number(civilDate(now).slice(0, 4)) - 1;
  return {
    years: Object.fromEntries(Object.entries(calendar.years).filter(([year]) => Number(year) >= from)),
  };
}
