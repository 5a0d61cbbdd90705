import { randomInt } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import type { Organisation } from '../../domain/seats';
import { officeRoles } from '../../policy/keys';
import type { SystemRole, UserRow } from '../../store/users';

/** One line of `sample-accounts.json`. */
export interface SampleAccount {
  readonly username: string;
  readonly password: string;
  readonly organisation: string | null;
  readonly body: string | null;
  readonly level: string;
  readonly area: string;
  readonly roles: readonly string[];
}

const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const PASSWORD_LENGTH = 24;

/** 24 characters without look-alikes, some 138 bits. */
export function generatePassword(): string {
  return Array.from({ length: PASSWORD_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/**
 * Slow hashing makes guessing a person's password dear. Nobody guesses 24 random characters however fast the hash is,
 * and five hundred slow ones would hold up the first start by half a minute.
 */
const CHEAP = { memoryCost: 1024, timeCost: 1, parallelism: 1 } as const;

/** Two people for each organisation: what one submits, the other signs; in offices of city and county a section chief too. */
export function organisationAccounts(organisation: Organisation): SampleAccount[] {
  const isOffice = organisation.level === 'city' || organisation.level === 'county';
  const roles = ['handler', 'signatory', ...(isOffice ? ['section-chief'] : [])];
  return roles.map((role, index) => ({
    username: `${organisation.id}-${index + 1}`,
    password: generatePassword(),
    organisation: organisation.id,
    body: organisation.bodies[0] ?? null,
    level: organisation.level,
    area: organisation.area,
    roles: [role],
  }));
}

const ADMINISTRATORS: readonly SystemRole[] = ['system', 'security', 'audit'];

/** Three people, no one holds two of the three (三员分立). */
export function administratorAccounts(city: string): SampleAccount[] {
  return ADMINISTRATORS.map((role) => ({
    username: `sample-${role}-administrator`,
    password: generatePassword(),
    organisation: null,
    body: null,
    level: 'city',
    area: city,
    roles: [`${role}-administrator`],
  }));
}

export async function sampleUser(account: SampleAccount, now: Date): Promise<UserRow> {
  const { username, password, organisation, roles } = account;
  const shared = {
    _id: `u-${username}`,
    username,
    passwordHash: await hash(password, CHEAP),
    mustChangePassword: false,
    disabled: false,
    sample: true,
    createdAt: now,
  };
  if (organisation === null) {
    return { ...shared, seats: [], systemRole: roles[0]?.replace('-administrator', '') as SystemRole };
  }
  return {
    ...shared,
    seats: [{ organisation, role: officeRoles.find((role) => roles.includes(role)) ?? 'handler' }],
  };
}
