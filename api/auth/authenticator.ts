import type { Request } from 'express';
import { civilDate } from '../../domain/calendar';
import type { Store } from '../../store/connect';
import type { UserRow } from '../../store/users';
import type { Caller, Role } from '../permissions';
import { credentialOf, requireOwnPage, tokenHash } from './credentials';
import type { LoggedIn } from './log-in';
import { needsSecondFactor, type SecondFactorRule } from './second-factor';
import { callerOfKey, isServiceKey } from './service-keys';
import { isWorthNoting, type SessionLife } from './session-life';
import { stoodInFor } from './stand-ins';

/** How long a session that was read is believed, ms: a log-out elsewhere or a changed role counts after that. */
const BELIEVED_MS = 3_000;
const KEPT = 5_000;

const SYSTEM_ROLES = {
  system: 'system-administrator',
  security: 'security-administrator',
  audit: 'audit-administrator',
} as const satisfies Record<NonNullable<UserRow['systemRole']>, Role>;

/**
 * A page that nobody has touched for a while says so when it asks again by itself: that is no use of the session, which
 * ends as if the page were closed. What changes something is always somebody's.
 */
function isUnattended({ method, headers }: Request): boolean {
  return method === 'GET' && headers['x-unattended'] === 'true';
}

export function rolesOf(user: UserRow): Role[] {
  const office = new Set<Role>(user.seats.map(({ role }) => role));
  return [...office, ...(user.systemRole === undefined ? [] : [SYSTEM_ROLES[user.systemRole]])];
}

/** Tells who sends a request, by the token of its header or cookie: one read of session (or key), user and organisations, briefly believed. */
export class Authenticator {
  private readonly seen = new Map<string, { caller: Caller; until: number }>();

  constructor(
    private readonly store: Store,
    private readonly life: SessionLife,
    private readonly rule: SecondFactorRule,
    /** The engine's clock, ms: whom somebody stands in for is a matter of civil days. */
    private readonly now: () => number,
  ) {}

  async callerOf(request: Request): Promise<Caller | undefined> {
    const credential = credentialOf(request);
    if (!credential) return undefined;
    // Programs have no cookies: a key in one was put there by somebody else.
    if (credential.by === 'cookie' && isServiceKey(credential.token)) return undefined;
    const caller = await this.callerOfToken(credential.token, isUnattended(request));
    if (caller) requireOwnPage(request, credential);
    return caller;
  }

  private async callerOfToken(token: string, unattended: boolean): Promise<Caller | undefined> {
    const hash = tokenHash(token);
    const known = this.seen.get(hash);
    if (known && known.until > Date.now()) return known.caller;
    this.seen.delete(hash);
    const caller = await (isServiceKey(token)
      ? callerOfKey(this.store, token, new Date())
      : this.read(hash, unattended));
    if (caller) this.remember(hash, caller);
    return caller;
  }

  /** Ends a session here at once. */
  forget(hash: string): void {
    this.seen.delete(hash);
  }

  /** A user's rights have changed: nobody is believed any longer. */
  forgetAll(): void {
    this.seen.clear();
  }

  /** What the user may act as; also for the answer to a log-in. */
  async callerFor({ user, secondFactor }: LoggedIn): Promise<Caller> {
    const ids = [...new Set(user.seats.map(({ organisation }) => organisation))];
    const organisations = ids.length === 0 ? [] : await this.store.organisations.findAll(ids);
    const missing = secondFactor === 'missing' || needsSecondFactor(this.rule, user);
    return {
      kind: 'person',
      user: user._id,
      username: user.username,
      roles: rolesOf(user),
      organisations,
      seats: user.seats,
      standsInFor: await stoodInFor(this.store, user._id, civilDate(this.now())),
      mustChangePassword: user.mustChangePassword,
      secondFactor: secondFactor === 'shown' ? 'passed' : missing ? 'required' : 'none',
    };
  }

  private async read(hash: string, unattended: boolean): Promise<Caller | undefined> {
    // Sessions live by the machine's clock: advancing a rehearsal's must not log everybody out.
    const now = new Date();
    const session = await this.store.sessions.find(hash, { now, idleMs: this.life.idleMs });
    if (!session) return undefined;
    if (!unattended && isWorthNoting(session, now, this.life)) await this.store.sessions.used(hash, now);
    const user = await this.store.users.find(session.user);
    if (!user || user.disabled) return undefined;
    return this.callerFor({ user, secondFactor: session.secondFactor });
  }

  private remember(hash: string, caller: Caller): void {
    if (this.seen.size >= KEPT) this.seen.clear();
    this.seen.set(hash, { caller, until: Date.now() + BELIEVED_MS });
  }
}
