import * as fc from 'fast-check';
import {
  accountsRefusals,
  finalAccountsBy,
  settlementReviewBy,
  settlementReviewDays,
  type FinalAccounts,
} from '../../domain/settlement';
import { calendar, named, policy } from './sample-policy';

test.each([
  [5_000_000, 20],
  [5_000_000.01, 30],
  [20_000_000, 30],
  [50_000_000, 45],
  [50_000_000.01, 60],
])('P2.4.3: a settlement of %d yuan is reviewed within %i days', (yuan, days) => {
  expect(settlementReviewDays(Math.round(yuan * 100), policy)).toBe(days);
});

test('P2.4.3: the review ends on a working day, counted from the day after', () => {
  expect(settlementReviewBy('2025-09-11', 400_000_000, calendar, policy).date).toBe('2025-10-09');
});

test('P2.4.3: a higher amount never has less time', () => {
  const fen = fc.nat(10_000_000_000);
  fc.assert(
    fc.property(fen, fen, (a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      expect(settlementReviewDays(low, policy)).toBeLessThanOrEqual(settlementReviewDays(high, policy));
    }),
  );
});

test('P2.4.3: final accounts are due three months after completion, five with the extension', () => {
  expect(finalAccountsBy('2025-03-10', false, calendar, policy).date).toBe('2025-06-10');
  expect(finalAccountsBy('2025-03-10', true, calendar, policy).date).toBe('2025-08-11');
});

const accounts: FinalAccounts = {
  budgetFen: 100_000_000,
  contracts: [
    {
      lot: 'works',
      contractFen: 90_000_000,
      approvedChangesFen: 0,
      settledFen: 90_000_000,
      paidFen: 87_300_000,
    },
  ],
  otherCostsFen: 5_000_000,
  totalFen: 95_000_000,
  sources: [{ source: 'county', plannedFen: 95_000_000, paidInFen: 95_000_000, spentFen: 92_300_000 }],
};
const refused = (change: Partial<FinalAccounts>) =>
  named(accountsRefusals({ ...accounts, ...change }, policy));
const contract = (change: Partial<FinalAccounts['contracts'][number]>) => ({
  contracts: [{ ...accounts.contracts[0], ...change }] as FinalAccounts['contracts'],
});
const source = (change: Partial<FinalAccounts['sources'][number]>) => ({
  sources: [{ ...accounts.sources[0], ...change }] as FinalAccounts['sources'],
});

test('P2.4.3: accounts that agree with budget, contracts and payments are accepted', () => {
  expect(refused({})).toEqual([]);
});

test('P2.4.3: a settled price other than contract and changes is explained', () => {
  const more = contract({ contractFen: 89_000_000 });
  expect(refused(more)).toEqual(['P2.4.3 contracts.0.reason']);
  expect(refused(contract({ contractFen: 89_000_000, reason: '签证增加' }))).toEqual([]);
  expect(refused(contract({ contractFen: 89_000_000, approvedChangesFen: 1_000_000 }))).toEqual([]);
});

test('P2.4.3: more than the settled price less the retention is not paid', () => {
  expect(refused(contract({ paidFen: 87_300_001 }))).toEqual(['P2.4.3 contracts.0.paidFen']);
});

test('P2.4.3: a total that differs from its lines by one fen is refused', () => {
  expect(refused({ totalFen: 95_000_001 })).toEqual(['P2.4.3 totalFen']);
});

test('P2.4.3: a total over the budget needs an approval', () => {
  expect(refused({ budgetFen: 94_999_999 })).toEqual(['P2.4.3 overBudgetApproval']);
  expect(refused({ budgetFen: 94_999_999, overBudgetApproval: 'attachment-1' })).toEqual([]);
});

test('P4.3.1: paid in other than planned is explained, and no source spends more than was paid in', () => {
  expect(refused(source({ plannedFen: 96_000_000 }))).toEqual(['P2.4.3 sources.0.reason']);
  expect(refused(source({ plannedFen: 96_000_000, reason: '省级资金未到位' }))).toEqual([]);
  expect(refused(source({ paidInFen: 92_000_000, reason: '…' }))).toEqual(['P2.4.3 sources.0.spentFen']);
});

test('P2.4.3: amounts that are no whole fen are refused by themselves', () => {
  expect(refused({ totalFen: 1.5 })).toEqual(['P2.4.3 totalFen']);
});
