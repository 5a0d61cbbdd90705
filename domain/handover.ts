/** Handover of what was built (P2.4.5, P4.5). */
import type { Fraction } from '../policy/law';
import { compareShare } from './money';

/** What the owners of a community said to handing the heating facilities to the heat company; area in ㎡. */
export interface HeatingTally {
  readonly totalArea: number;
  readonly totalOwners: number;
  readonly agreeingArea: number;
  readonly agreeingOwners: number;
}

/** More than the ratio of both area and owners (临沂市供热条例 11: 1/2); the ratio itself is not enough. */
export function heatingHandoverAgreed(tally: HeatingTally, ratio: Fraction): boolean {
  const cents = (area: number): number => Math.round(area * 100);
  return (
    compareShare(cents(tally.agreeingArea), cents(tally.totalArea), ratio) > 0 &&
    compareShare(tally.agreeingOwners, tally.totalOwners, ratio) > 0
  );
}
