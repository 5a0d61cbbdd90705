import { z } from 'zod';
import type { UserRow } from '../../../store/users';
import { OFFICE_ROLES } from '../../permissions';

const claimName = z.string().min(1).max(200);
const seat = z.strictObject({ organisation: z.string().min(1), role: z.enum(OFFICE_ROLES) });
const systemRole = z.enum(['system', 'security', 'audit']);

/**
 * What claims of the identity provider mean here; a file of the house.
 *
 * ```json
 * {
 *   "username": "preferred_username",
 *   "seats": "jiugai_seats",
 *   "rules": [
 *     { "claim": "groups", "value": "lanshan-housing-signs", "seat": { "organisation": "371302-housing", "role": "signatory" } },
 *     { "claim": "groups", "value": "it-security", "systemRole": "security" }
 *   ],
 *   "secondFactor": ["otp", "mfa"]
 * }
 * ```
 */
export const oidcMapping = z.strictObject({
  /** The claim with the user's name here; where it is taken or is none, one is made of the subject. */
  username: claimName.default('preferred_username'),
  /** A claim that lists seats itself, each as `<organisation>:<role>`. */
  seats: claimName.optional(),
  /** A claim that is, or lists, this value gives a seat or one of the three administrators' roles. */
  rules: z
    .array(
      z.union([
        z.strictObject({ claim: claimName, value: z.string().min(1), seat }),
        z.strictObject({ claim: claimName, value: z.string().min(1), systemRole }),
      ]),
    )
    .default([]),
  /** Values of `amr` (RFC 8176) that say that the provider has asked for a second factor. */
  secondFactor: z.array(z.string().min(1)).default(['mfa', 'otp', 'hwk', 'sc']),
});
export type OidcMapping = z.output<typeof oidcMapping>;
export type Claims = Readonly<Record<string, unknown>>;

/** What claims say that their subject may act as; nothing that they do not say. */
export interface Rights {
  readonly seats: UserRow['seats'];
  readonly systemRoles: readonly NonNullable<UserRow['systemRole']>[];
}

export function rightsIn(claims: Claims, { seats: listed, rules }: OidcMapping): Rights {
  const named = listed === undefined ? [] : valuesOf(claims, listed).flatMap((text) => seatOf(text) ?? []);
  const given = rules.filter(({ claim, value }) => valuesOf(claims, claim).includes(value));
  const seats = [...named, ...given.flatMap((rule) => ('seat' in rule ? [rule.seat] : []))];
  const roles = given.flatMap((rule) => ('systemRole' in rule ? [rule.systemRole] : []));
  return { seats: distinct(seats), systemRoles: [...new Set(roles)] };
}

export function hasSecondFactor(claims: Claims, { secondFactor }: OidcMapping): boolean {
  return valuesOf(claims, 'amr').some((method) => secondFactor.includes(method));
}

/** A claim is one text or a list of texts; everything else says nothing. */
export function valuesOf(claims: Claims, name: string): string[] {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return (Array.isArray(value) ? (value as unknown[]) : [value]).filter((one) => typeof one === 'string');
}

function seatOf(text: string): z.infer<typeof seat> | undefined {
  const cut = text.lastIndexOf(':');
  return seat.safeParse({ organisation: text.slice(0, cut), role: text.slice(cut + 1) }).data;
}

function distinct(seats: readonly z.infer<typeof seat>[]): z.infer<typeof seat>[] {
  return [...new Map(seats.map((one) => [`${one.organisation}:${one.role}`, one])).values()];
}
