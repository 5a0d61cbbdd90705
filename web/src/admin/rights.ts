import type { Permission } from '../../../api/permissions';

/** Each page of the administration, and what of it one must be allowed: the API says what one may. */
export const ADMINISTRATION = {
  organisations: ['organisations:write'],
  users: ['users:read'],
  policy: ['policy:write'],
  calendars: ['calendars:write'],
  import: ['organisations:write', 'users:create', 'register:write'],
  outgoing: ['outbox:read', 'webhooks:read'],
  schedules: ['schedules:read'],
  system: ['system:read'],
  'access-log': ['access-log:read'],
} as const satisfies Record<string, readonly Permission[]>;

export type AdminPage = keyof typeof ADMINISTRATION;

/** The pages for whoever may do this, in the order of the navigation. */
export function pagesFor(may: readonly Permission[]): AdminPage[] {
  return (Object.keys(ADMINISTRATION) as AdminPage[]).filter((page) =>
    ADMINISTRATION[page].some((one) => may.includes(one)),
  );
}
