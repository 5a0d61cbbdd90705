import { createHash } from 'node:crypto';
import type { Request } from 'express';

/** Only the hash of a token is stored: who reads the store cannot log in. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** The token with which a request comes. */
export function tokenOf(request: Request): string | undefined {
  return /^Bearer ([A-Za-z0-9_-]{20,200})$/.exec(request.get('Authorization') ?? '')?.[1];
}

/** The session with which a request comes, by its token's hash; of a request that was let in. */
export function sessionOf(request: Request): string {
  return tokenHash(tokenOf(request) ?? '');
}
