import { canonicalBytes } from '../events';
import type { Statement } from './statements';
import {
  isVouchedFor,
  type Certificate,
  type KeyUse,
  type Revocation,
  type Trust,
  type VerifyBytes,
} from './certificate';

/** A statement's signature. It carries its key's certificate, so that years later nobody must look for it. */
export interface Signature {
  readonly certificate: Certificate;
  /** The statement's instant, RFC 3339. */
  readonly at: string;
  /** Ed25519 over the canonical JSON of the statement, 64 bytes, hex. */
  readonly value: string;
}

/** Why a signature does not count. */
export type SignatureFault =
  'unsigned' | 'unknown-root' | 'wrong-use' | 'outside-validity' | 'revoked' | 'altered' | 'out-of-time';

/** Clocks differ and a request may wait for a while; a signature from another day is a replay. */
const SLACK_MS = 15 * 60_000;

export function signedBytes(statement: Statement): Uint8Array {
  return canonicalBytes(statement);
}

/**
 * Holds signatures against a trust. Certificates and revocations are held against their roots once and remembered:
 * in the sandbox each check takes milliseconds.
 */
export class Verifier {
  private readonly vouched = new Map<string, boolean>();

  constructor(
    readonly trust: Trust,
    private readonly verify: VerifyBytes,
  ) {}

  /**
   * @param uses keys of which use may sign this
   * @param received ms since 1970, when it was received: nothing that a key signs counts once it is revoked, whatever
   * instant its holder writes into it; and a person's decision or act must have been signed just before
   * @returns why it does not count, or nothing
   */
  fault(
    statement: Statement,
    signature: Signature | undefined,
    uses: readonly KeyUse[],
    received: number,
  ): SignatureFault | undefined {
    if (!isSignature(signature)) return 'unsigned';
    const { certificate, at, value } = signature;
    if (!this.isVouched(certificate)) return 'unknown-root';
    if (!uses.includes(certificate.use)) return 'wrong-use';
    const instant = Date.parse(at);
    if (!(instant >= Date.parse(certificate.notBefore) && instant < Date.parse(certificate.notAfter))) {
      return 'outside-validity';
    }
    if (this.isRevoked(certificate.keyId, received)) return 'revoked';
    if (statement.at !== at || !this.verify(certificate.publicKey, signedBytes(statement), value)) {
      return 'altered';
    }
    // A start or a message may lie in the engine for as long as no worker runs; each of them counts only once.
    const mustBeFresh = ['decision', 'act', 'task-act'].includes(statement.signs);
    if (mustBeFresh && Math.abs(received - instant) > SLACK_MS) return 'out-of-time';
    return undefined;
  }

  private isRevoked(keyId: string, instant: number): boolean {
    return this.trust.revocations.some(
      (one) => one.keyId === keyId && Date.parse(one.revokedAt) <= instant && this.isVouched(one),
    );
  }

  private isVouched(of: Certificate | Revocation): boolean {
    const key = JSON.stringify(of);
    const known = this.vouched.get(key);
    if (known !== undefined) return known;
    const vouched = isVouchedFor(of, this.trust, this.verify);
    this.vouched.set(key, vouched);
    return vouched;
  }
}

/** What came over the wire may be anything. */
function isSignature(value: unknown): value is Signature {
  if (typeof value !== 'object' || value === null) return false;
  const { certificate, at, value: signed } = value as Partial<Record<keyof Signature, unknown>>;
  if (typeof certificate !== 'object' || certificate === null) return false;
  const { keyId, use, publicKey, notBefore, notAfter, issuer, signature } = certificate as Record<
    string,
    unknown
  >;
  return [at, signed, keyId, use, publicKey, notBefore, notAfter, issuer, signature].every(
    (one) => typeof one === 'string',
  );
}
