import { createPrivateKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  vouched,
  type Certificate,
  type KeyUse,
  type Revocation,
  type Root,
} from '../domain/signing/certificate';
import { signedBytes, type Signature } from '../domain/signing/signature';
import type { Statement } from '../domain/signing/statements';

/** Who signs: a key and the certificate with which a root vouches for it. */
export interface Identity {
  readonly certificate: Certificate;
  readonly privateKey: KeyObject;
}

/** The key that vouches for others. Kept off the machines that run; only `npm run keys` needs it. */
export interface RootIdentity {
  readonly root: Root;
  readonly privateKey: KeyObject;
}

/** How long a signing key may sign. Rotate well before; what it signed stays valid for ever. */
export const VALID_DAYS = 400;
const DAY_MS = 86_400_000;

export function newRoot(): RootIdentity {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { root: { id: `root-${randomBytes(4).toString('hex')}`, publicKey: rawHex(publicKey) }, privateKey };
}

/**
 * A new signing key with its certificate.
 * @param from ms since 1970; an hour before counts too, clocks differ
 */
export function issueIdentity(root: RootIdentity, use: KeyUse, from: number, days = VALID_DAYS): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const unsigned: Omit<Certificate, 'signature'> = {
    keyId: `${use}-${randomBytes(4).toString('hex')}`,
    use,
    publicKey: rawHex(publicKey),
    notBefore: new Date(from - 3_600_000).toISOString(),
    notAfter: new Date(from + days * DAY_MS).toISOString(),
    issuer: root.root.id,
  };
  return { certificate: vouch(root, unsigned), privateKey };
}

export function revoke(root: RootIdentity, keyId: string, revokedAt: string, reason: string): Revocation {
  return vouch<Revocation>(root, { keyId, revokedAt, reason, issuer: root.root.id });
}

/** Signs in the name of whoever holds the identity; microseconds. */
export function signStatement(identity: Identity, statement: Statement): Signature {
  return {
    certificate: identity.certificate,
    at: statement.at,
    value: sign(null, signedBytes(statement), identity.privateKey).toString('hex'),
  };
}

/** PKCS #8, base64: how a private key stands in its file. */
export function exportPrivate(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'der' }).toString('base64');
}

export function importPrivate(text: string): KeyObject {
  return createPrivateKey({ key: Buffer.from(text, 'base64'), type: 'pkcs8', format: 'der' });
}

function vouch<T extends Certificate | Revocation>(root: RootIdentity, unsigned: Omit<T, 'signature'>): T {
  const whole = { ...unsigned, signature: '' } as T;
  return { ...whole, signature: sign(null, vouched(whole), root.privateKey).toString('hex') };
}

/** The 32 bytes of an Ed25519 public key; its DER encoding ends with them. */
function rawHex(publicKey: KeyObject): string {
  return publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
}
