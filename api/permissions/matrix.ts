import { parseSeat, type SeatText } from '../../policy/keys';
import { OFFICE_ROLES, ROLES, type Caller, type Role } from './caller';
import { isAllowed, type Access, type Permission } from './rules';

/** Whom the table of docs/permissions.md sets side by side. */
export const COLUMNS = [...ROLES, 'service', 'visitor'] as const;
export type Column = (typeof COLUMNS)[number];

/** Whom of a column a rule lets in: everybody, nobody, or those of these seats. */
export type Cell = 'all' | 'none' | readonly SeatText[];

/**
 * Asks the rules themselves, with a caller for each seat.
 * @param seats every seat that the policy knows
 */
export function cellOf(access: Access, column: Column, seats: readonly SeatText[]): Cell {
  if (access === 'public') return 'all';
  if (column === 'visitor') return 'none';
  if (column !== 'service' && !isOffice(column)) {
    return isAllowed(access, callerOf(column)) ? 'all' : 'none';
  }
  const allowed = seats.filter((seat) =>
    isAllowed(access, column === 'service' ? serviceOf(seat, access) : callerOf(column, seat)),
  );
  if (allowed.length === 0) return 'none';
  return allowed.length === seats.length ? 'all' : allowed;
}

function isOffice(role: Role): boolean {
  return (OFFICE_ROLES as readonly Role[]).includes(role);
}

function callerOf(role: Role, seat?: SeatText): Caller {
  const held = seat && parseSeat(seat);
  const organisations = held
    ? [{ id: 'o', name: 'o', bodies: [held.body], level: held.level, area: 'a' }]
    : [];
  return { user: 'u', username: 'u', roles: [role], organisations, mustChangePassword: false };
}

/** A service with just the scope that it needs. */
function serviceOf(seat: SeatText, scope: Permission): Caller {
  return { ...callerOf('handler', seat), kind: 'service', scopes: [scope] };
}
