import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { Problem } from '../../domain/problems';

/** Only the hash of a token is stored: who reads the store cannot log in. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The token with which a request comes: programs send a header, pages of ours a cookie. */
export interface Credential {
  readonly token: string;
  readonly by: 'header' | 'cookie';
}

const TOKEN = /^[A-Za-z0-9_-]{20,200}$/;

/** A header goes before a cookie; whoever sends a header that is no token is nobody. */
export function credentialOf(request: Request): Credential | undefined {
  const header = request.get('Authorization');
  if (header !== undefined) {
    const token = header.startsWith('Bearer ') ? header.slice('Bearer '.length) : '';
    return TOKEN.test(token) ? { token, by: 'header' } : undefined;
  }
  const token = cookieIn(request, sessionCookieName(request));
  return token !== undefined && TOKEN.test(token) ? { token, by: 'cookie' } : undefined;
}

/** The session with which a request comes, by its token's hash; of a request that was let in. */
export function sessionOf(request: Request): string {
  return tokenHash(credentialOf(request)?.token ?? '');
}

/** Under https a name that no other host and no plain connection can have set. */
function sessionCookieName({ secure }: Pick<Request, 'secure'>): string {
  return secure ? '__Host-jiugai' : 'jiugai';
}

/** A `Set-Cookie` that scripts cannot read and other sites cannot make a browser send; without a token it ends it. */
export function sessionCookie(request: Request, token?: string, expiresAt = new Date(0)): string {
  const rest = ['Path=/', 'HttpOnly', 'SameSite=Strict', ...(request.secure ? ['Secure'] : [])];
  return [`${sessionCookieName(request)}=${token ?? ''}`, `Expires=${expiresAt.toUTCString()}`, ...rest].join(
    '; ',
  );
}

export function cookieIn(request: Request, name: string): string | undefined {
  for (const pair of (request.get('Cookie') ?? '').split(';')) {
    const [key = '', ...value] = pair.split('=');
    if (key.trim() === name) return value.join('=').trim();
  }
  return undefined;
}

/** What a page must send beside its cookie to change anything: nobody makes it who has not the session's token. */
export function csrfTokenOf(token: string): string {
  return createHmac('sha256', token).update('csrf').digest('base64url');
}

const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A browser sends a cookie wherever the request comes from; a header only our own pages can add. Where the origin
 * itself was looked at (`engineUi`), it is not needed.
 * @throws Problem `csrf-token-required`
 */
export function requireOwnPage(request: Request, { token, by }: Credential): void {
  if (by === 'header' || SAFE.has(request.method) || request.res?.locals['fromOwnPage'] === true) return;
  const given = Buffer.from(request.get('X-CSRF-Token') ?? '');
  const right = Buffer.from(csrfTokenOf(token));
  if (given.length !== right.length || !timingSafeEqual(given, right))
    throw new Problem('csrf-token-required');
}
