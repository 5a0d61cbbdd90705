import fc from 'fast-check';
import {
  blockingFindings,
  committedFen,
  moneyOf,
  openSite,
  overEstimate,
  readyToComplete,
  worksOutput,
  type SiteState,
} from '../../domain/construction';
import type { Contract } from '../../domain/outputs';
import { paymentCap, paymentRefusals } from '../../domain/works';
import { linyi } from '../../policy/linyi';
import { policySnapshot } from '../../policy/snapshot';

const policy = policySnapshot(linyi);

const contract = (change: Partial<Contract> = {}): Contract => ({
  lot: 'L1',
  kind: 'works',
  way: 'consultation',
  winner: 'builder-1',
  amountFen: 1_000_000,
  advanceFen: 100_000,
  signedOn: '2026-11-20',
  ...change,
});
const site = (contracts = [contract()], estimateFen = 1_200_000): SiteState =>
  openSite(contracts, estimateFen);
const lotOf = (state: SiteState) => {
  const [lot] = state.lots;
  if (!lot) throw new Error('no lot');
  return lot;
};

const asked = { invoice: 'x', requester: 'u' };

describe('a building site', () => {
  it('P2.3.4: whatever is asked for in whatever order, no more is paid than advance and certified progress bear', () => {
    const step = fc.oneof(
      fc.record({ ask: fc.integer({ min: 1, max: 600_000 }) }),
      fc.record({ certify: fc.integer({ min: 0, max: 10_000 }) }),
      fc.record({ pay: fc.nat(5) }),
      fc.record({ refuse: fc.nat(5) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const state = site();
        const lot = lotOf(state);
        for (const one of steps) {
          if ('ask' in one && paymentRefusals(one.ask, moneyOf(state, lot), policy).length === 0) {
            state.payments.push({
              ...asked,
              id: `P${state.payments.length}`,
              lot: 'L1',
              amountFen: one.ask,
              state: 'requested',
            });
          }
          if ('certify' in one) state.certified = Math.max(state.certified, one.certify);
          const pending = state.payments.filter(({ state: now }) => now === 'requested');
          const chosen = 'pay' in one ? pending[one.pay] : undefined;
          const dropped = 'refuse' in one ? pending[one.refuse] : undefined;
          if (dropped) dropped.state = 'refused';
          if (
            chosen &&
            paymentRefusals(chosen.amountFen, moneyOf(state, lot, chosen.id), policy).length === 0
          ) {
            chosen.state = 'paid';
            lot.paidFen += chosen.amountFen;
          }
          expect(lot.paidFen).toBeLessThanOrEqual(paymentCap(moneyOf(state, lot), policy));
          expect(moneyOf(state, lot).paidFen).toBeGreaterThanOrEqual(lot.paidFen);
        }
      }),
    );
  });

  it('P2.3.4: a payment that is asked for counts for the next one, not for itself', () => {
    const state = site();
    state.payments.push({ ...asked, id: 'P1', lot: 'L1', amountFen: 60_000, state: 'certified' });
    state.payments.push({ ...asked, id: 'P2', lot: 'L1', amountFen: 10_000, state: 'refused' });
    expect(moneyOf(state, lotOf(state)).paidFen).toBe(60_000);
    expect(moneyOf(state, lotOf(state), 'P1').paidFen).toBe(0);
  });

  it('P2.3.4: a change is over the estimate from the first fen above it, approved changes counted', () => {
    const state = site();
    expect(overEstimate(state, 200_000)).toBe(false);
    expect(overEstimate(state, 200_001)).toBe(true);
    lotOf(state).approvedChangesFen = 150_000;
    expect(committedFen(state)).toBe(1_150_000);
    expect(overEstimate(state, 50_001)).toBe(true);
    lotOf(state).approvedChangesFen = 300_000;
    expect(overEstimate(state, -1)).toBe(false);
  });

  it('P4.5: public money pays only the reward of what an operator carries out itself', () => {
    const own = contract({ kind: 'operator-works', way: 'operator', advanceFen: 0, rewardFen: 300_000 });
    const state = site([own]);
    state.certified = 10_000;
    expect(paymentCap(moneyOf(state, lotOf(state)), policy)).toBe(240_000);
    expect(committedFen(state)).toBe(1_000_000);
    const { rewardFen: _, ...without } = own;
    const unrewarded = site([without]);
    unrewarded.certified = 10_000;
    expect(paymentCap(moneyOf(unrewarded, lotOf(unrewarded)), policy)).toBe(0);
  });

  const found = (
    kind: 'quality' | 'safety' | 'money' | 'other',
    state: 'open' | 'answered' | 'closed' | 'dismissed',
  ) => ({
    id: `F-${kind}-${state}`,
    kind,
    title: '样例',
    description: '样例',
    finder: 'audit-1',
    finderSeat: { body: 'audit', level: 'county' } as const,
    found: 'builder-1',
    foundSeat: { body: 'contractor', level: 'market' } as const,
    remarks: [],
    disputable: true,
    state,
  });

  it('P2.3.4: quality and safety findings block the report of completion until they are closed, others go on', () => {
    const state = site();
    state.certified = 10_000;
    expect(readyToComplete(state)).toBe(true);
    state.findings.push(
      found('money', 'open'),
      found('other', 'answered'),
      found('quality', 'closed'),
      found('safety', 'dismissed'),
    );
    expect(readyToComplete(state)).toBe(true);
    state.findings.push(found('safety', 'answered'));
    expect(blockingFindings(state)).toHaveLength(1);
    expect(readyToComplete(state)).toBe(false);
    state.findings.pop();
    expect(worksOutput(state, '2027-01-01', '2027-03-01').moneyFindings.map(({ id }) => id)).toEqual([
      'F-money-open',
      'F-other-answered',
    ]);
  });

  it('P2.3.4: the works are not complete while a change is undecided or progress is missing', () => {
    const state = site();
    state.certified = 9_900;
    expect(readyToComplete(state)).toBe(false);
    state.certified = 10_000;
    for (const undecided of ['requested', 'reviewed'] as const) {
      const change = { id: 'C1', lot: 'L1', amountFen: 1, reason: '样例', drawings: 'x', requester: 'u' };
      state.changes.splice(0, 1, { ...change, state: undecided });
      expect(readyToComplete(state)).toBe(false);
    }
    state.changes.splice(0);
    expect(readyToComplete(state)).toBe(true);
  });

  it('P2.4.1: works that the acceptance turned back go on from what was built, changed and paid', () => {
    const state = site();
    lotOf(state).approvedChangesFen = 50_000;
    lotOf(state).paidFen = 700_000;
    const before = worksOutput(state, '2027-01-01', '2027-03-01');
    const again = openSite([contract()], 1_200_000, before);
    expect(again).toMatchObject({ certified: 10_000, startedOn: '2027-01-01' });
    expect(lotOf(again)).toMatchObject({ approvedChangesFen: 50_000, paidFen: 700_000 });
    expect(JSON.parse(JSON.stringify(again))).toEqual(again);
  });
});
