import { createHash, randomUUID } from 'node:crypto';
import { Problem } from '../../../domain/problems';
import type { Store } from '../../../store/connect';
import type { UserRow } from '../../../store/users';
import { rightsIn, valuesOf, type OidcMapping } from './mapping';
import type { OidcSubject } from './provider';

type UserRights = Pick<UserRow, 'seats' | 'systemRole'>;

const USERNAME = /^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$/;

/**
 * The user that a subject of the identity provider is here, with the rights that its claims give now: who has lost
 * them there has lost them here. Nobody becomes a user that was registered here, whatever his name is there.
 * @throws Problem `not-your-seat` if the claims give nothing, or more than one may hold
 */
export async function userOfSubject(store: Store, mapping: OidcMapping, who: OidcSubject): Promise<UserRow> {
  const known = await store.users.ofSubject(who.issuer, who.subject);
  const rights = await rightsHere(store, mapping, who);
  if (known) await store.users.giveRights(known._id, rights ?? { seats: [] });
  if (!rights || known?.disabled) {
    if (known) await store.sessions.endAll(known._id);
    throw noSeat();
  }
  if (known) return { ...withoutRights(known), ...rights };
  return add(store, mapping, who, rights);
}

async function rightsHere(
  store: Store,
  mapping: OidcMapping,
  { claims }: OidcSubject,
): Promise<UserRights | undefined> {
  const { seats, systemRoles } = rightsIn(claims, mapping);
  const registered = await store.organisations.findAll(seats.map(({ organisation }) => organisation));
  const here = seats.filter(({ organisation }) => registered.some(({ id }) => id === organisation));
  const [systemRole, second] = systemRoles;
  // 三员分立: an administrator holds no seat and no second of the three; which of them was meant, nobody guesses.
  if (second !== undefined || (systemRole !== undefined && seats.length > 0)) return undefined;
  if (systemRole !== undefined) return { seats: [], systemRole };
  return here.length > 0 ? { seats: here } : undefined;
}

async function add(
  store: Store,
  mapping: OidcMapping,
  { issuer, subject, claims }: OidcSubject,
  rights: UserRights,
): Promise<UserRow> {
  const row = (username: string): UserRow => ({
    _id: randomUUID(),
    username,
    // No password fits it.
    passwordHash: 'oidc',
    ...rights,
    oidc: { issuer, subject },
    mustChangePassword: false,
    disabled: false,
    sample: false,
    createdAt: new Date(),
  });
  const made = `oidc-${createHash('sha256').update(`${issuer}\0${subject}`).digest('hex').slice(0, 16)}`;
  const [wanted = made] = valuesOf(claims, mapping.username).filter((name) => USERNAME.test(name));
  for (const username of [wanted, made]) {
    const user = row(username);
    if (await store.users.add(user)) return user;
    // Another log-in of the same person may have been first.
    const same = await store.users.ofSubject(issuer, subject);
    if (same) return same;
  }
  throw new Problem('already-exists', { zh: '用户名已被使用', en: 'The user name is taken' });
}

function withoutRights({ seats: _seats, systemRole: _role, ...user }: UserRow) {
  return user;
}

function noSeat(): Problem {
  return new Problem('not-your-seat', {
    zh: '统一身份认证未授予您在本系统的席位，请联系安全管理员',
    en: 'The identity provider gives you no seat here; ask the security administrator',
  });
}
