import { randomBytes, randomUUID } from 'node:crypto';
import type { Request } from 'express';
import type { Store } from '../../store/connect';
import type { SessionRow } from '../../store/sessions';
import { tokenHash } from './credentials';
import type { LoggedIn } from './log-in';

/** How long log-ins last. */
export interface SessionLife {
  /** From log-in to the end, however busy, ms. */
  readonly wholeMs: number;
  /** From the last use to the end, ms. */
  readonly idleMs: number;
}

export const USUAL_LIFE: SessionLife = { wholeMs: 12 * 3_600_000, idleMs: 30 * 60_000 };

/** How often a session's last use is written at most, ms; more often only where it may idle for minutes only. */
const NOTED_EVERY_MS = 60_000;
const LONGEST_AGENT = 200;

export interface Begun {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Begins a session: 256 random bits, of which the store keeps the hash. */
export async function beginSession(
  store: Store,
  { user, secondFactor }: LoggedIn,
  request: Request,
  { wholeMs }: SessionLife,
): Promise<Begun> {
  const token = randomBytes(32).toString('base64url');
  const createdAt = new Date();
  const expiresAt = new Date(createdAt.getTime() + wholeMs);
  const userAgent = request.get('User-Agent')?.slice(0, LONGEST_AGENT);
  await store.sessions.begin({
    _id: tokenHash(token),
    publicId: randomUUID(),
    user: user._id,
    createdAt,
    lastUsedAt: createdAt,
    expiresAt,
    ...(secondFactor === undefined ? {} : { secondFactor }),
    ...(userAgent === undefined ? {} : { userAgent }),
    ...(request.ip === undefined ? {} : { address: request.ip }),
  });
  await store.accessLog.note({
    kind: 'log-in',
    user: user._id,
    of: user._id,
    count: 1,
    requestId: String(request.id),
  });
  return { token, expiresAt };
}

/** Whether a use of the session now should be written down. */
export function isWorthNoting({ lastUsedAt }: SessionRow, now: Date, { idleMs }: SessionLife): boolean {
  return now.getTime() - lastUsedAt.getTime() >= Math.min(NOTED_EVERY_MS, idleMs / 10);
}
