import { randomBytes } from 'node:crypto';
import type { Store } from '../../store/connect';
import type { ServiceAccountRow } from '../../store/service-accounts';
import { isServiceScope, type Caller } from '../permissions';
import { tokenHash } from './credentials';

/** Keys of other systems: `jgk_<account>_<256 random bits>`, to be recognised wherever one turns up. */
const KEY = /^jgk_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;
const NOTED_EVERY_MS = 60_000;

export interface NewKey {
  readonly id: string;
  readonly key: string;
  readonly keyHash: string;
}

export function newServiceKey(): NewKey {
  const id = randomBytes(6).toString('hex');
  const key = `jgk_${id}_${randomBytes(32).toString('base64url')}`;
  return { id, key, keyHash: tokenHash(key) };
}

export function isServiceKey(token: string): boolean {
  return KEY.test(token);
}

/** Whom a key stands for, unless it has ended. A change of its account counts at the next read. */
export async function callerOfKey(store: Store, key: string, now: Date): Promise<Caller | undefined> {
  const account = await store.serviceAccounts.find(KEY.exec(key)?.[1] ?? '');
  if (!account || account.keyHash !== tokenHash(key) || stateOf(account, now) !== 'active') return undefined;
  if (now.getTime() - (account.lastUsedAt?.getTime() ?? 0) >= NOTED_EVERY_MS) {
    await store.serviceAccounts.used(account._id, now);
  }
  const { organisation } = account;
  const organisations = organisation === undefined ? [] : await store.organisations.findAll([organisation]);
  return {
    kind: 'service',
    scopes: account.scopes.filter(isServiceScope),
    user: `service-${account._id}`,
    username: account.name,
    // It prepares for its organisation what a handler prepares, and decides nothing.
    roles: organisations.length > 0 ? ['handler'] : [],
    organisations,
    mustChangePassword: false,
    secondFactor: 'none',
  };
}

/** Whether an account's key opens anything. */
export function stateOf(
  { revokedAt, expiresAt }: ServiceAccountRow,
  now: Date,
): 'active' | 'expired' | 'revoked' {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt > now ? 'active' : 'expired';
}
