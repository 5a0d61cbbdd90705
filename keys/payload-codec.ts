import type { Payload, PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { Keyring } from './keyring';

const { Payload: PayloadMessage } = temporal.api.common.v1;

/** How the engine sees what we send it; its Web UI asks the codec endpoint about payloads of this encoding. */
export const ENCRYPTED = 'binary/encrypted';
export const KEY_ID = 'encryption-key-id';
const CONTEXT = 'temporal';

/** What stands in the place of a payload that cannot be read; validators and signal handlers refuse it. */
const UNDECODABLE = Buffer.from(JSON.stringify({ jiugai: 'undecodable' }));
const MARK = 'jiugai-undecodable';

/**
 * Encrypts everything that goes into the engine's histories (AES-256-GCM), with the key's id beside it.
 *
 * 1. The whole payload is encrypted, its metadata too; what is left to read is the encoding and the key's id.
 * 2. `decode` never throws: an Update or a Signal whose payload cannot be decoded would fail the workflow task for ever,
 *    and whoever reaches the engine could stop any project. Garbage becomes a marked payload that everybody refuses.
 * 3. Payloads from before there was encryption pass through, if they can be read.
 */
export class EncryptingCodec implements PayloadCodec {
  constructor(private readonly keyring: Keyring) {}

  async encode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => this.encrypt(payload));
  }

  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => {
      try {
        if (encodingOf(payload) === ENCRYPTED) return this.decrypt(payload) ?? undecodable();
        return isReadable(payload) ? payload : undecodable();
      } catch {
        return undecodable();
      }
    });
  }

  private encrypt(payload: Payload): Payload {
    const { keyId, bytes } = this.keyring.encrypt(PayloadMessage.encode(payload).finish(), CONTEXT);
    return { metadata: { encoding: Buffer.from(ENCRYPTED), [KEY_ID]: Buffer.from(keyId) }, data: bytes };
  }

  private decrypt({ metadata, data }: Payload): Payload | undefined {
    const keyId = textOf(metadata?.[KEY_ID]);
    const plain = data ? this.keyring.decrypt({ keyId, bytes: data }, CONTEXT) : undefined;
    if (!plain) return undefined;
    const { metadata: own, data: content } = PayloadMessage.decode(plain);
    return { metadata: own, data: content };
  }
}

/** Whether the SDK's converter can make a value of it; it throws where this says no. */
export function isReadable({ metadata, data }: Payload): boolean {
  switch (textOf(metadata?.['encoding'])) {
    case 'binary/null':
      return true;
    case 'binary/plain':
      return data instanceof Uint8Array;
    case 'json/plain':
      return isJson(data);
    default:
      return false;
  }
}

/** Whether the codec has put this in the place of what it could not read. */
export function isUndecodable({ metadata }: Payload): boolean {
  return metadata?.[MARK] !== undefined;
}

function undecodable(): Payload {
  return { metadata: { encoding: Buffer.from('json/plain'), [MARK]: Buffer.from('1') }, data: UNDECODABLE };
}

function isJson(data: Uint8Array | null | undefined): boolean {
  if (!(data instanceof Uint8Array)) return false;
  try {
    JSON.parse(textOf(data));
    return true;
  } catch {
    return false;
  }
}

function encodingOf({ metadata }: Payload): string {
  return textOf(metadata?.['encoding']);
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('utf8') : '';
}
