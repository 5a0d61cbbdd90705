import { createHash } from 'node:crypto';
import { codeAt, enrolmentUri, fromBase32, newSecret, stepAt, stepOf, toBase32 } from '../../api/auth/totp';

describe('one-time passwords', () => {
  const SECRET = Buffer.from('12345678901234567890');

  // RFC 6238, appendix B.
  test.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at %d s are those of RFC 6238', (seconds, code) => {
    expect(codeAt(SECRET, stepAt(seconds * 1_000), 8)).toBe(code);
  });

  // RFC 4226, appendix D.
  test('by counter are those of RFC 4226', () => {
    const codes = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ');
    expect(codes.map((_, counter) => codeAt(SECRET, counter))).toEqual(codes);
  });

  // RFC 4648, 10.
  test('have secrets in base32 as of RFC 4648', () => {
    expect(toBase32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
    expect(fromBase32('MZXW6YTBOI').toString()).toBe('foobar');
    const bytes = createHash('sha1').update('x').digest();
    expect(fromBase32(toBase32(bytes))).toEqual(bytes);
    expect(newSecret()).toMatch(/^[A-Z2-7]{32}$/);
  });

  test('count in their 30 seconds and those beside, and no others', () => {
    const now = 1_800_000_000_000;
    const accepted = [-2, -1, 0, 1, 2].map((off) => stepOf(codeAt(SECRET, stepAt(now) + off), SECRET, now));
    expect(accepted).toEqual([undefined, ...[-1, 0, 1].map((off) => stepAt(now) + off), undefined]);
    for (const code of ['', '12345', '1234567', 'abcdef', '１２３４５６']) {
      expect(stepOf(code, SECRET, now)).toBeUndefined();
    }
  });

  test('are enrolled by a URI that names house and user', () => {
    const uri = new URL(enrolmentUri('MZXW6YTBOI', 'li.na'));
    expect(uri.protocol).toBe('otpauth:');
    expect(decodeURIComponent(uri.pathname)).toBe('/旧改:li.na');
    expect(uri.searchParams.get('secret')).toBe('MZXW6YTBOI');
    expect(uri.searchParams.get('issuer')).toBe('旧改');
  });
});
