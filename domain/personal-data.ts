/**
 * Residents' names, telephone and identity numbers (个人信息保护法): how little of them is shown, and how they are kept
 * out of texts that others read and that stay for ever.
 */
import { refusal, type Refusal } from './refusal';

const BASIS = '个人信息保护法 6、25';

/** A mobile number, however it is grouped; with or without 86 before it. */
const MOBILE = /(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/;
/** An identity number: six digits of place, a date of birth, three digits and a check. Mistyped ones count too. */
const IDENTITY =
  /(?<!\d)\d{6}[ -]?(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dXx](?!\d)/;
/** Ids and checksums are no texts: a few of their digits look like a telephone number by chance. */
const MACHINE_TEXT = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,})$/i;

/** Whether a text holds a mobile or an identity number. Full-width digits count. */
export function holdsPersonalNumber(text: string): boolean {
  if (MACHINE_TEXT.test(text)) return false;
  const plain = text.normalize('NFKC');
  return MOBILE.test(plain) || IDENTITY.test(plain);
}

/**
 * Refuses telephone and identity numbers anywhere in what somebody has written: forms enter the record, which is for
 * ever, and what is published must not say who somebody is.
 * @param clause of what is written
 */
export function personalDataRefusals(written: unknown, path = '', clause?: string): Refusal[] {
  if (typeof written === 'string') {
    if (!holdsPersonalNumber(written)) return [];
    return [
      refusal('请勿填写个人的电话号码或身份证号码', 'no telephone or identity numbers of persons', {
        ...(path === '' ? {} : { path }),
        ...(clause === undefined ? {} : { clause }),
        basis: BASIS,
      }),
    ];
  }
  if (written === null || typeof written !== 'object') return [];
  return Object.entries(written).flatMap(([key, inner]) =>
    personalDataRefusals(inner, path === '' ? key : `${path}.${key}`, clause),
  );
}

/** `样例` → `样*`; of a longer name the first character too. */
export function maskedName(name: string): string {
  const [first = '', ...rest] = name.trim();
  return `${first}${'*'.repeat(Math.max(1, Math.min(rest.length, 2)))}`;
}

/** `138****1234`, `3713**********1234`; of anything else the first character, so that one sees that there is something. */
export function maskedContact(contact: string): string {
  const plain = contact.normalize('NFKC').replaceAll(/[\s-]/g, '');
  if (/^1[3-9]\d{9}$/.test(plain)) return `${plain.slice(0, 3)}****${plain.slice(-4)}`;
  if (/^\d{17}[\dXx]$/.test(plain)) return `${plain.slice(0, 4)}${'*'.repeat(10)}${plain.slice(-4)}`;
  const [first = ''] = plain;
  return `${first}****`;
}
