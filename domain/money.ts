/** Money in fen: safe integers, summed and compared exactly. */
import type { Fraction } from '../policy/law';

/** Whether this is an amount: a safe integer, not negative. */
export function isFen(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The sum; throws RangeError if it leaves the safe integers (90 million million yuan). */
export function sumFen(amounts: readonly number[]): number {
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  if (!Number.isSafeInteger(total)) throw new RangeError('sum of fen is not a safe integer');
  return total;
}

/** The part of an amount, rounded down to the fen: a cap is never rounded in the payee's favour. */
export function partOf(fen: number, ...fractions: readonly Fraction[]): number {
  let [numerator, denominator] = [BigInt(fen), 1n];
  for (const fraction of fractions) {
    numerator *= BigInt(fraction.numerator);
    denominator *= BigInt(fraction.denominator);
  }
  return Number(numerator / denominator);
}

/** Compares part ÷ whole with a fraction, exactly: negative below, 0 equal, positive above. */
export function compareShare(part: number, whole: number, fraction: Fraction): number {
  const difference = BigInt(part) * BigInt(fraction.denominator) - BigInt(whole) * BigInt(fraction.numerator);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** `1234.50 元` */
export function yuan(fen: number): string {
  const sign = fen < 0 ? '-' : '';
  const abs = Math.abs(fen);
  return `${sign}${Math.floor(abs / 100)}.${String(abs % 100).padStart(2, '0')} 元`;
}

/** `1234.50 yuan` */
export function yuanEn(fen: number): string {
  return yuan(fen).replace('元', 'yuan');
}

/** `2/3`, `10 %` where the denominator is 100. */
export function shareText({ numerator, denominator }: Fraction): string {
  return denominator === 100 ? `${numerator}%` : `${numerator}/${denominator}`;
}
