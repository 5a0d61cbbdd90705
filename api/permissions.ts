import { Problem } from '../domain/problems';
import type { Organisation, Place } from '../domain/seats';
import type { Task } from '../domain/task';

/**
 * Who may do what: everything is decided here, and what is not allowed here is denied.
 *
 * The API refuses what can be known without the workflow; whether an organisation holds the seat of a task or an act
 * is decided once more by the workflow, which is the authority.
 */

/** In an organisation: 经办, 签发. In the system itself: three people, no one holds two of the three. */
export const OFFICE_ROLES = ['handler', 'signatory'] as const;
export const ADMINISTRATOR_ROLES = [
  'system-administrator',
  'security-administrator',
  'audit-administrator',
] as const;
export const ROLES = [...OFFICE_ROLES, ...ADMINISTRATOR_ROLES] as const;
export type Role = (typeof ROLES)[number];

/** Who sends a request. */
export interface Caller {
  readonly user: string;
  readonly username: string;
  readonly roles: readonly Role[];
  /** The organisations that the user belongs to; none for administrators. */
  readonly organisations: readonly Organisation[];
  /** The password is a generated one: nothing is allowed before it has been changed. */
  readonly mustChangePassword: boolean;
}

const is = (caller: Caller, ...roles: readonly Role[]): boolean =>
  roles.some((role) => caller.roles.includes(role));
const holds = (caller: Caller, body: string, level: string): boolean =>
  caller.organisations.some((one) => one.level === level && (one.bodies as readonly string[]).includes(body));
const inOffice = (caller: Caller): boolean => is(caller, ...OFFICE_ROLES) && caller.organisations.length > 0;

/** What an operation asks of its caller before anything else is looked at. */
const RULES = {
  /** Everybody who is logged in, even with a password that must be changed first. */
  'session:own': () => true,
  /** Everybody who is logged in. */
  member: () => true,
  /** Whoever acts for an organisation: administrators decide nothing. */
  office: inOffice,
  /** A county's or subdistrict's handler keeps the register and begins projects. */
  'register:write': (caller: Caller) =>
    is(caller, 'handler') &&
    caller.organisations.some(({ level, bodies }) =>
      level === 'county'
        ? bodies.includes('housing') || bodies.includes('government')
        : level === 'subdistrict' || (level === 'city' && bodies.includes('housing')),
    ),
  'project:create': (caller: Caller) =>
    is(caller, 'handler') &&
    caller.organisations.some(({ level, bodies }) =>
      level === 'county'
        ? bodies.includes('housing') || bodies.includes('government')
        : level === 'subdistrict',
    ),
  'project:intake': (caller: Caller) => is(caller, 'handler') && holds(caller, 'housing', 'county'),
  'plan:create': (caller: Caller) =>
    is(caller, 'system-administrator') || (inOffice(caller) && holds(caller, 'housing', 'city')),
  'organisations:write': (caller: Caller) => is(caller, 'system-administrator'),
  'users:read': (caller: Caller) => is(caller, ...ADMINISTRATOR_ROLES),
  'users:create': (caller: Caller) => is(caller, 'system-administrator', 'security-administrator'),
  'users:change': (caller: Caller) => is(caller, 'system-administrator', 'security-administrator'),
  'calendars:write': (caller: Caller) => is(caller, 'system-administrator'),
  'policy:write': (caller: Caller) => is(caller, 'system-administrator'),
} as const satisfies Record<string, (caller: Caller) => boolean>;

export type Permission = keyof typeof RULES;
export type Access = 'public' | Permission;

/** @throws Problem 401 without a caller, 403 without the permission */
export function requireAccess(access: Access, caller: Caller | undefined): void {
  if (access === 'public') return;
  if (!caller) throw new Problem('unauthenticated');
  if (caller.mustChangePassword && access !== 'session:own') {
    throw new Problem('not-your-seat', { zh: '请先修改初始密码', en: 'Change the initial password first' });
  }
  if (!RULES[access](caller)) throw new Problem('not-your-seat');
}

/** Organisations for which the caller decides; administrators decide nothing. */
export function officesOf(caller: Caller): string[] {
  return is(caller, ...OFFICE_ROLES) ? caller.organisations.map(({ id }) => id) : [];
}

export function maySeeTask(caller: Caller, task: Task): boolean {
  const offices = officesOf(caller);
  return (
    offices.includes(task.organisation) || (task.paperBy !== undefined && offices.includes(task.paperBy))
  );
}

/**
 * The organisation in whose name the caller completes the task: the one that must do it, otherwise the one that may
 * record its paper decision.
 * @throws Problem `not-your-seat`
 */
export function officeFor(caller: Caller, task: Task): string {
  const offices = officesOf(caller);
  if (offices.includes(task.organisation)) return task.organisation;
  if (task.paperBy !== undefined && offices.includes(task.paperBy)) return task.paperBy;
  throw new Problem('not-your-seat');
}

/**
 * The organisation of the caller's in whose area all these places lie: only there may anything be entered or begun.
 * @throws Problem `not-your-seat`
 */
export function officeForAll(caller: Caller, places: readonly Omit<Place, 'community'>[]): string {
  const office = caller.organisations.find((one) => places.every((place) => covers(one, place)));
  if (!office) throw new Problem('not-your-seat');
  return office.id;
}

/** Whether any of the places lies in the area of one of the caller's organisations. */
export function coversAny(caller: Caller, places: readonly Omit<Place, 'community'>[]): boolean {
  return caller.organisations.some((one) => places.some((place) => covers(one, place)));
}

function covers({ level, area }: Organisation, place: Omit<Place, 'community'>): boolean {
  if (level === 'city') return area === place.city;
  if (level === 'county') return area === place.county;
  return level === 'subdistrict' && area === place.subdistrict;
}
