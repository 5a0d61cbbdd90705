import * as fc from 'fast-check';
import { compareShare, isFen, partOf, sumFen, yuan, yuanEn } from '../../domain/money';

const fen = fc.nat(9_000_000_000_000);
const fraction = fc.record({ numerator: fc.nat(10_000), denominator: fc.integer({ min: 1, max: 10_000 }) });

test('an amount is a safe integer that is not negative', () => {
  expect([0, 1, 9_007_199_254_740_991].every(isFen)).toBe(true);
  expect([-1, 0.5, NaN, Infinity, 9_007_199_254_740_992, '1', null].some(isFen)).toBe(false);
});

test('a sum that leaves the safe integers throws and is never wrong', () => {
  expect(() => sumFen([Number.MAX_SAFE_INTEGER, 1])).toThrow(RangeError);
  fc.assert(
    fc.property(fc.array(fen, { maxLength: 50 }), (amounts) => {
      expect(BigInt(sumFen(amounts))).toBe(amounts.reduce((sum, one) => sum + BigInt(one), 0n));
    }),
  );
});

test('a part and the rest make the whole, less than one fen apart', () => {
  fc.assert(
    fc.property(fen, fc.nat(100), (amount, percent) => {
      const part = partOf(amount, { numerator: percent, denominator: 100 });
      const rest = partOf(amount, { numerator: 100 - percent, denominator: 100 });
      expect(amount - part - rest).toBeGreaterThanOrEqual(0);
      expect(amount - part - rest).toBeLessThanOrEqual(1);
    }),
  );
});

test('shares are compared as fractions, where floating point would err', () => {
  expect(compareShare(3_002_399_751_580_330, 9_007_199_254_740_991, { numerator: 1, denominator: 3 })).toBe(
    -1,
  );
  fc.assert(
    fc.property(fen, fen, fraction, (part, whole, share) => {
      const exact = BigInt(part) * BigInt(share.denominator) - BigInt(whole) * BigInt(share.numerator);
      expect(Math.sign(compareShare(part, whole, share))).toBe(exact === 0n ? 0 : exact > 0n ? 1 : -1);
    }),
  );
});

test('yuan are written with two decimals, negative ones too', () => {
  expect([yuan(123_450), yuan(5), yuan(-105), yuanEn(100)]).toEqual([
    '1234.50 元',
    '0.05 元',
    '-1.05 元',
    '1.00 yuan',
  ]);
});
