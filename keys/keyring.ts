import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { FieldSeal } from '../domain/field-seal';

/** 32 bytes and the name under which everything that they encrypt remembers them. */
export interface SymmetricKey {
  readonly id: string;
  readonly key: Buffer;
}

/** What was encrypted: nonce, ciphertext and tag in one, and the key that did it. */
export interface Encrypted {
  readonly keyId: string;
  readonly bytes: Buffer;
}

const CIPHER = 'aes-256-gcm';
/** Random; under one key safe for 2³² messages (NIST SP 800-38D, 8.3), which a city does not reach in decades. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const REREAD_AFTER_MS = 1_000;
const SEALED = /^sealed:([a-z0-9-]{1,64}):([A-Za-z0-9_-]+)$/;

/**
 * AES-256-GCM under several keys: the first encrypts, all decrypt. Rotation puts a new key before the old ones, which
 * stay for what they have encrypted.
 *
 * Whatever is encrypted is bound to a context; bytes that were altered or stand elsewhere do not decrypt.
 */
export class Keyring implements FieldSeal {
  private keys: readonly SymmetricKey[];
  private byId: ReadonlyMap<string, Buffer>;
  private rereadAt = -Infinity;

  /**
   * @param purpose part of every context, so that one keyring's bytes are nothing to another
   * @param reread asked when a key is met that is not here, at most once a second: somebody may have rotated
   * @throws TypeError without a key, or with one that is not of 32 bytes
   */
  constructor(
    private readonly purpose: string,
    keys: readonly SymmetricKey[],
    private readonly reread?: () => readonly SymmetricKey[],
  ) {
    this.keys = checked(keys);
    this.byId = indexed(keys);
  }

  /** Of all keys, the one that encrypts first. */
  get ids(): readonly string[] {
    return this.keys.map(({ id }) => id);
  }

  encrypt(plain: Uint8Array, context: string): Encrypted {
    const { id, key } = this.first();
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(this.bound(context));
    const bytes = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    return { keyId: id, bytes };
  }

  /** Nothing where the key is unknown, the bytes are not its own or belong elsewhere; never throws. */
  decrypt({ keyId, bytes }: { keyId: string; bytes: Uint8Array }, context: string): Buffer | undefined {
    const key = this.keyOf(keyId);
    if (!key || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const ends = bytes.length - TAG_BYTES;
    try {
      const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(this.bound(context));
      decipher.setAuthTag(bytes.subarray(ends));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, ends)), decipher.final()]);
    } catch {
      return undefined;
    }
  }

  seal(text: string, context: string): string {
    const { keyId, bytes } = this.encrypt(Buffer.from(text, 'utf8'), context);
    return `sealed:${keyId}:${bytes.toString('base64url')}`;
  }

  open(sealed: string, context: string): string | undefined {
    const parts = SEALED.exec(sealed);
    if (!parts) return undefined;
    const [, keyId = '', text = ''] = parts;
    return this.decrypt({ keyId, bytes: Buffer.from(text, 'base64url') }, context)?.toString('utf8');
  }

  isCurrent(sealed: string): boolean {
    return SEALED.exec(sealed)?.[1] === this.first().id;
  }

  private first(): SymmetricKey {
    return this.keys[0] as SymmetricKey;
  }

  private keyOf(id: string): Buffer | undefined {
    const known = this.byId.get(id);
    if (known || !this.reread || Date.now() - this.rereadAt < REREAD_AFTER_MS) return known;
    this.rereadAt = Date.now();
    try {
      this.keys = checked(this.reread());
      this.byId = indexed(this.keys);
    } catch {
      // The file is being replaced or is gone: what was read before still serves.
    }
    return this.byId.get(id);
  }

  private bound(context: string): Buffer {
    return Buffer.from(`${this.purpose}\0${context}`, 'utf8');
  }
}

/** @param what first part of its id: `payload-1a2b3c4d` */
export function newSymmetricKey(what: string): SymmetricKey {
  return { id: `${what}-${randomBytes(4).toString('hex')}`, key: randomBytes(KEY_BYTES) };
}

function checked(keys: readonly SymmetricKey[]): readonly SymmetricKey[] {
  if (keys.length === 0) throw new TypeError('A keyring needs a key');
  for (const { id, key } of keys) {
    if (key.length !== KEY_BYTES) throw new TypeError(`The key ${id} is not of ${KEY_BYTES} bytes`);
  }
  return keys;
}

function indexed(keys: readonly SymmetricKey[]): ReadonlyMap<string, Buffer> {
  return new Map(keys.map(({ id, key }) => [id, key]));
}
