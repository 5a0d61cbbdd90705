/**
 * Statutory holidays and make-up working days as published each autumn by the State Council office.
 *
 * A year is added by adding its list; until then its due dates are computed on weekdays and marked
 * provisional. 2027 was not yet published when this was written.
 */
import type { Calendar } from '../domain/calendar';
import lists from './holidays-2020-2026.json';

export const holidayCalendar: Calendar = { years: lists };
