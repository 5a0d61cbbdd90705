import type { Organisation } from '../../domain/seats';
import type { StoodInFor } from '../../domain/stand-in';
import { officeRoles } from '../../policy/keys';
import type { Permission } from './rules';

/** In an organisation: 经办, 科室负责人, 签发. In the system itself: three people, no one holds two of the three. */
export const OFFICE_ROLES = officeRoles;
type OfficeRole = (typeof OFFICE_ROLES)[number];
export const ADMINISTRATOR_ROLES = [
  'system-administrator',
  'security-administrator',
  'audit-administrator',
] as const;
export const ROLES = [...OFFICE_ROLES, ...ADMINISTRATOR_ROLES] as const;
export type Role = (typeof ROLES)[number];

/** Who sends a request. */
export interface Caller {
  /** A person, unless it says otherwise. */
  readonly kind?: 'person' | 'service';
  /** What a service's key is good for: never more than the rules allow its organisation. */
  readonly scopes?: readonly Permission[];
  readonly user: string;
  readonly username: string;
  readonly roles: readonly Role[];
  /** The organisations that the user belongs to; none for administrators. */
  readonly organisations: readonly Organisation[];
  /** Which role in which organisation; without it every role in every one (a service, which has one organisation). */
  readonly seats?: readonly { readonly organisation: string; readonly role: OfficeRole }[];
  /** 代理: whom the caller stands in for today. */
  readonly standsInFor?: readonly StoodInFor[];
  /** The password is a generated one: nothing is allowed before it has been changed. */
  readonly mustChangePassword: boolean;
  /** `required`: the policy of the house asks for one, and the user has none or has not shown it. */
  readonly secondFactor?: 'none' | 'passed' | 'required';
}

/** One of the three: who keeps the system, its users, or its audit. */
export function isAdministrator(caller: Caller): boolean {
  return is(caller, ...ADMINISTRATOR_ROLES);
}

export function is(caller: Caller, ...roles: readonly Role[]): boolean {
  return roles.some((role) => caller.roles.includes(role));
}

/** The organisations in which the caller has this role: who signs for one is not thereby a signatory of another. */
export function heldAs(caller: Caller, role: OfficeRole): Organisation[] {
  const { seats, organisations } = caller;
  if (!is(caller, role)) return [];
  return organisations.filter(
    ({ id }) => seats?.some((seat) => seat.organisation === id && seat.role === role) ?? true,
  );
}

/** Acts for an organisation: administrators do not. */
export function inOffice(caller: Caller): boolean {
  return is(caller, ...OFFICE_ROLES) && caller.organisations.length > 0;
}

/**
 * Two of the three administrators in one person, or one of them in an office (三员分立). Users are not written so, and
 * an identity provider may not make them so: whoever comes with such roles may do nothing.
 */
export function hasRolesApart({ roles }: Pick<Caller, 'roles'>): boolean {
  const administrators = ADMINISTRATOR_ROLES.filter((role) => roles.includes(role)).length;
  return administrators > 1 || (administrators === 1 && OFFICE_ROLES.some((role) => roles.includes(role)));
}
