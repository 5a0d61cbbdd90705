import { canonicalBytes } from '../events';

/** What a key may sign: the API for people, a worker for what its workflows say to each other. */
export type KeyUse = 'api' | 'worker';

/** A root key vouches for a signing key. Public; travels with everything that the key signs. */
export interface Certificate {
  readonly keyId: string;
  readonly use: KeyUse;
  /** Ed25519, 32 bytes, hex. */
  readonly publicKey: string;
  /** RFC 3339; what was signed outside these bounds does not count. */
  readonly notBefore: string;
  readonly notAfter: string;
  /** Id of the root that signed it. */
  readonly issuer: string;
  /** Ed25519 over the canonical JSON of everything else, 64 bytes, hex. */
  readonly signature: string;
}

/** A root key takes its word back: what the key signed from then on does not count. */
export interface Revocation {
  readonly keyId: string;
  /** RFC 3339; may lie in the past: since when the key is believed to be in other hands. */
  readonly revokedAt: string;
  readonly reason: string;
  readonly issuer: string;
  readonly signature: string;
}

export interface Root {
  readonly id: string;
  /** Ed25519, 32 bytes, hex. */
  readonly publicKey: string;
}

/** Whom to believe: the worker's configuration says so, never an argument. Several roots while one replaces another. */
export interface Trust {
  readonly roots: readonly Root[];
  readonly revocations: readonly Revocation[];
}

/** Ed25519; the sandbox's is pure JavaScript, everybody else's is native. Never throws. */
export type VerifyBytes = (publicKey: string, message: Uint8Array, signature: string) => boolean;

/** What a root signs of a certificate or a revocation: everything but the signature. */
export function vouched(of: Certificate | Revocation): Uint8Array {
  const { signature: _, ...rest } = of;
  return canonicalBytes(rest);
}

/** Whether one of the trusted roots has signed it. */
export function isVouchedFor(of: Certificate | Revocation, trust: Trust, verify: VerifyBytes): boolean {
  const root = trust.roots.find(({ id }) => id === of.issuer);
  return root !== undefined && verify(root.publicKey, vouched(of), of.signature);
}
