/** Money and time of the works (P2.3.4): payments, changes, progress, start. All amounts in fen. */
import type { PeriodsOf, RatiosOf } from '../policy/snapshot';
import { addMonths, type Calendar, type CivilDate, type LastDay } from './calendar';
import { isFen, partOf, yuan, yuanEn } from './money';
import { refusal, type Refusal } from './refusal';

/** Certified progress in basis points of the contract, 0…10000, so that no fraction is lost. */
export type BasisPoints = number;
const WHOLE = 10_000;

/** A contract as far as payments look at it. */
export interface ContractMoney {
  readonly contractFen: number;
  /** Sum of approved changes; may be negative. */
  readonly approvedChangesFen: number;
  /** The advance that the contract grants. */
  readonly advanceFen: number;
  /** Progress certified by the supervisor. */
  readonly certified: BasisPoints;
  readonly paidFen: number;
  /** The settled price, once the settlement is reviewed. */
  readonly settledFen?: number | undefined;
}

type Ratios = RatiosOf<'advance-cap' | 'progress-payment' | 'retention'>;
const clause = 'P2.3.4';

/**
 * How much may have been paid in all. Before settlement: the advance still outstanding, offset in step with
 * progress, and the agreed share of the certified value. After it: the settled price less the retention.
 */
export function paymentCap(money: ContractMoney, policy: Ratios): number {
  if (money.settledFen !== undefined) {
    return money.settledFen - partOf(money.settledFen, policy.ratios.retention);
  }
  const certified = { numerator: money.certified, denominator: WHOLE };
  const open = { numerator: WHOLE - money.certified, denominator: WHOLE };
  const advance = Math.min(money.advanceFen, partOf(money.contractFen, policy.ratios['advance-cap']));
  const price = Math.max(0, money.contractFen + money.approvedChangesFen);
  return partOf(advance, open) + partOf(price, certified, policy.ratios['progress-payment']);
}

/** Why a payment may not be made. */
export function paymentRefusals(requestedFen: number, money: ContractMoney, policy: Ratios): Refusal[] {
  if (!isFen(requestedFen) || requestedFen === 0) {
    return [no('amountFen', '付款金额应为正整数（分）', 'must be a whole number of fen above 0')];
  }
  const left = paymentCap(money, policy) - money.paidFen;
  if (requestedFen <= left) return [];
  return [
    no(
      'amountFen',
      `至多可再支付 ${yuan(Math.max(0, left))}，申请 ${yuan(requestedFen)}`,
      `at most ${yuanEn(Math.max(0, left))} may still be paid, ${yuanEn(requestedFen)} is asked for`,
      '财建〔2004〕369号',
    ),
  ];
}

/** An advance agreed in a contract is within the policy's share of the price. */
export function advanceRefusals(
  advanceFen: number,
  contractFen: number,
  policy: RatiosOf<'advance-cap'>,
): Refusal[] {
  const cap = partOf(contractFen, policy.ratios['advance-cap']);
  if (isFen(advanceFen) && advanceFen <= cap) return [];
  return [
    no(
      'advanceFen',
      `预付款不得超过 ${yuan(cap)}`,
      `the advance is at most ${yuanEn(cap)}`,
      '财建〔2004〕369号',
    ),
  ];
}

/** A change that brings the contracts over the approved estimate needs approval (an attachment). */
export function changeRefusals(change: {
  /** May be negative. */
  readonly amountFen: number;
  /** All contracts with the changes approved so far. */
  readonly committedFen: number;
  readonly estimateFen: number;
  readonly approval?: string | undefined;
}): Refusal[] {
  if (!Number.isSafeInteger(change.amountFen))
    return [no('amountFen', '金额应为整数（分）', 'must be a whole number of fen')];
  const after = change.committedFen + change.amountFen;
  if (change.amountFen <= 0 || after <= change.estimateFen || change.approval?.trim()) return [];
  return [
    no(
      'approval',
      `变更后 ${yuan(after)} 超过批准的概算 ${yuan(change.estimateFen)}，应先报批`,
      `${yuanEn(after)} is over the approved estimate of ${yuanEn(change.estimateFen)}: needs approval`,
      '政府投资条例 23',
    ),
  ];
}

/** Progress is certified in steps that never go back. */
export function progressRefusals(before: BasisPoints, after: BasisPoints): Refusal[] {
  if (!Number.isSafeInteger(after) || after < 0 || after > WHOLE) {
    return [no('certified', '进度应为 0 到 10000（万分比）', 'progress is a whole number from 0 to 10000')];
  }
  return after >= before ? [] : [no('certified', '累计进度不得倒退', 'cumulative progress never goes back')];
}

/** Last day to start after the permit, with up to two extensions (建筑法 9). */
export function startBy(
  permit: CivilDate,
  extensions: 0 | 1 | 2,
  calendar: Calendar,
  policy: PeriodsOf<'construction-start' | 'construction-start-extension'>,
): LastDay {
  const months = (key: 'construction-start' | 'construction-start-extension') => {
    const { length } = policy.periods[key];
    return 'months' in length ? length.months : 0;
  };
  return addMonths(
    calendar,
    permit,
    months('construction-start') + extensions * months('construction-start-extension'),
  );
}

function no(path: string, message: string, messageEn: string, basis?: string): Refusal {
  return refusal(message, messageEn, { path, clause, ...(basis ? { basis } : {}) });
}
