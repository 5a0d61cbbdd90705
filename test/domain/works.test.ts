import * as fc from 'fast-check';
import {
  advanceRefusals,
  changeRefusals,
  paymentCap,
  paymentRefusals,
  progressRefusals,
  startBy,
  type ContractMoney,
} from '../../domain/works';
import { calendar, named, policy } from './sample-policy';

const money: ContractMoney = {
  contractFen: 100_000_000,
  approvedChangesFen: 0,
  advanceFen: 30_000_000,
  certified: 0,
  paidFen: 0,
};

test('P2.3.4: before any progress only the advance may be paid, and not more of it than the policy allows', () => {
  expect(paymentCap(money, policy)).toBe(30_000_000);
  expect(paymentCap({ ...money, advanceFen: 60_000_000 }, policy)).toBe(30_000_000);
  expect(named(paymentRefusals(30_000_001, money, policy))).toEqual(['P2.3.4 amountFen']);
  expect(paymentRefusals(30_000_000, money, policy)).toEqual([]);
});

test('P2.3.4: at half the works, half the advance is offset and 80 % of half the price is payable', () => {
  expect(paymentCap({ ...money, certified: 5_000 }, policy)).toBe(15_000_000 + 40_000_000);
  expect(paymentCap({ ...money, certified: 5_000, approvedChangesFen: 10_000_000 }, policy)).toBe(
    15_000_000 + 44_000_000,
  );
});

test('P2.3.4: at full progress the advance is offset: 80 % of the price and no more', () => {
  expect(paymentCap({ ...money, certified: 10_000 }, policy)).toBe(80_000_000);
});

test('P2.4.3: after settlement the price less the retention of 3 % may be paid', () => {
  expect(paymentCap({ ...money, certified: 10_000, settledFen: 90_000_000 }, policy)).toBe(87_300_000);
});

test('P2.3.4: what was paid counts, and nothing is no payment', () => {
  const half = { ...money, certified: 5_000, paidFen: 50_000_000 };
  expect(paymentRefusals(5_000_000, half, policy)).toEqual([]);
  expect(named(paymentRefusals(5_000_001, half, policy))).toEqual(['P2.3.4 amountFen']);
  expect(named(paymentRefusals(0, half, policy))).toEqual(['P2.3.4 amountFen']);
  expect(named(paymentRefusals(0.5, half, policy))).toEqual(['P2.3.4 amountFen']);
});

const anyMoney = fc.record({
  contractFen: fc.integer({ min: 1, max: 100_000_000_000 }),
  approvedChangesFen: fc.nat(10_000_000_000),
  advanceFen: fc.nat(100_000_000_000),
  certified: fc.nat(10_000),
  paidFen: fc.constant(0),
});

test('P2.3.4: the cap never exceeds the price, and never falls as progress grows', () => {
  fc.assert(
    fc.property(anyMoney, fc.nat(10_000), (some, more) => {
      const cap = paymentCap(some, policy);
      expect(Number.isSafeInteger(cap) && cap >= 0).toBe(true);
      expect(cap).toBeLessThanOrEqual(some.contractFen + some.approvedChangesFen);
      const later = Math.min(10_000, some.certified + more);
      // Two parts are rounded down, so a fen may be lost on the way.
      expect(paymentCap({ ...some, certified: later }, policy)).toBeGreaterThanOrEqual(cap - 1);
    }),
  );
});

test('P2.3.4: an advance above 30 % of the contract is refused', () => {
  expect(advanceRefusals(30_000_000, 100_000_000, policy)).toEqual([]);
  expect(named(advanceRefusals(30_000_001, 100_000_000, policy))).toEqual(['P2.3.4 advanceFen']);
});

test('P2.3.4: a change that goes over the approved estimate needs approval, one that saves does not', () => {
  const change = { amountFen: 10, committedFen: 95, estimateFen: 100 };
  expect(named(changeRefusals(change))).toEqual(['P2.3.4 approval']);
  expect(changeRefusals({ ...change, approval: 'attachment-1' })).toEqual([]);
  expect(changeRefusals({ ...change, amountFen: 5 })).toEqual([]);
  expect(changeRefusals({ ...change, amountFen: -5, committedFen: 200 })).toEqual([]);
});

test('P2.3.4: certified progress never goes back and ends at the whole', () => {
  expect(progressRefusals(4_000, 4_000)).toEqual([]);
  expect(named(progressRefusals(4_000, 3_999))).toEqual(['P2.3.4 certified']);
  expect(named(progressRefusals(4_000, 10_001))).toEqual(['P2.3.4 certified']);
});

test('P2.3.4: works start within three months of the permit, extended twice at most', () => {
  expect(startBy('2025-03-10', 0, calendar, policy).date).toBe('2025-06-10');
  expect(startBy('2025-03-10', 2, calendar, policy).date).toBe('2025-12-10');
});
