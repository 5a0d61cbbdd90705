import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Time-based one-time passwords, RFC 6238 (HOTP: RFC 4226): SHA-1, 30 seconds, six digits, as every app knows them. */
const STEP_MS = 30_000;
const DIGITS = 6;
/** RFC 4226, 4: as long as the hash. */
const SECRET_BYTES = 20;
/** Steps before and after now that count too: clocks of telephones differ, and people type slowly. */
const TOLERANCE = 1;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The number of the 30 seconds in which this instant lies. */
export function stepAt(ms: number): number {
  return Math.floor(ms / STEP_MS);
}

/** The code of a step; eight digits only for the RFC's examples. */
export function codeAt(secret: Uint8Array, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** The step of which this is the code, of those that count now. */
export function stepOf(code: string, secret: Uint8Array, now: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  let found: number | undefined;
  for (let step = stepAt(now) - TOLERANCE; step <= stepAt(now) + TOLERANCE; step += 1) {
    if (timingSafeEqual(Buffer.from(codeAt(secret, step)), Buffer.from(code))) found = step;
  }
  return found;
}

/** A new secret, as people type it where they cannot scan: base32 (RFC 4648) without padding. */
export function newSecret(): string {
  return toBase32(randomBytes(SECRET_BYTES));
}

/** What an authenticator app scans. */
export function enrolmentUri(secret: string, username: string): string {
  const issuer = encodeURIComponent('旧改');
  const label = `${issuer}:${encodeURIComponent(username)}`;
  return `otpauth://totp/${label}?secret=${secret}&issuer=${issuer}&algorithm=SHA1&digits=6&period=30`;
}

export function toBase32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => ALPHABET[parseInt(five.padEnd(5, '0'), 2)]).join('');
}

export function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2)));
}
