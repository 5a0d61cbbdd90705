import type { Language } from './language';

const ZONE = 'Asia/Shanghai';

/** `2028-03-01T06:00:00Z` → `2028-03-01 14:00`: civil time of the city, wherever the browser is. */
export function moment(at: string, _language: Language): string {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: ZONE,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return parts.format(new Date(at));
}

/** `2028-03-01T06:00:07Z` → `14:00:07`: for what changes while one looks at it. */
export function clock(at: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, timeStyle: 'medium' }).format(new Date(at));
}

/** `2028-03-01T06:00:00Z` → `2028-03-01`. */
export function day(at: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' }).format(new Date(at));
}
