import * as fc from 'fast-check';
import { budgetOf, fundingBySource, withoutCommunity, type CommunityPlan } from '../../domain/plan';
import { ownersMattersOf, planRefusals } from '../../domain/plan-rules';
import { communityPlan, fundedBy, samplePlan } from './sample-plan';
import { named, policy } from './sample-policy';

const refused = (change: Partial<CommunityPlan>) => named(planRefusals(samplePlan(change), policy));
const items = communityPlan('c1').items;

test('P2.1.2: a plan with every basic item chosen and sums that agree is accepted', () => {
  expect(refused({})).toEqual([]);
});

test('P2.1.2: a basic item that is neither chosen nor excused is named', () => {
  const dropped = items.map((item) => (item.no === 7 ? { no: 7, chosen: false } : item));
  const plan = {
    items: dropped,
    budgetFen: 19_000_000,
    funding: [{ source: 'county' as const, amountFen: 19_000_000 }],
  };
  expect(refused(plan)).toEqual(['P2.1.2 communities.0.items.6.reason']);
  const excused = dropped.map((item) => (item.no === 7 ? { ...item, reason: '已于 2019 年完成' } : item));
  expect(refused({ ...plan, items: excused })).toEqual([]);
  expect(refused({ ...plan, items: items.filter(({ no }) => no !== 7) })).toEqual([
    'P2.1.2 communities.0.items',
  ]);
});

test('P1.2: an item outside the 36, or twice, is refused', () => {
  expect(refused({ items: [...items, { no: 37, chosen: true, budgetFen: 0 }] })).toEqual([
    'P1.2 communities.0.items.19.no',
  ]);
  expect(refused({ items: [...items, { no: 1, chosen: true, budgetFen: 0 }] })).toEqual([
    'P1.2 communities.0.items.19.no',
  ]);
});

test('P2.1.2: an item that is not chosen has no budget', () => {
  expect(refused({ items: [...items, { no: 28, chosen: false, budgetFen: 5 }] })).toContain(
    'P2.1.2 communities.0.items.19.budgetFen',
  );
});

test('P2.1.2: sums that differ by one fen are refused, budget and funding each by itself', () => {
  expect(refused({ budgetFen: 20_000_001 })).toEqual([
    'P2.1.2 communities.0.budgetFen',
    'P4.3.1 communities.0.funding',
  ]);
  expect(refused({ funding: [{ source: 'county', amountFen: 19_999_999 }] })).toEqual([
    'P4.3.1 communities.0.funding',
  ]);
});

test('P2.1.2: an amount that is no whole number of fen is refused before any sum', () => {
  expect(refused({ budgetFen: 20_000_000.5 })).toEqual(['P2.1.2 communities.0.budgetFen']);
  expect(refused({ funding: fundedBy({ source: 'city', amountFen: -1 }) })).toEqual([
    'P2.1.2 communities.0.funding.1.amountFen',
  ]);
});

test('P2.1.2: a plan without a community, or with one twice, is refused', () => {
  expect(named(planRefusals(samplePlan({}, { communities: [] }), policy))).toEqual(['P2.1.2 communities']);
  const twice = [communityPlan('c1'), communityPlan('c1')];
  expect(named(planRefusals(samplePlan({}, { communities: twice }), policy))).toEqual([
    'P2.1.2 communities.1.communityId',
  ]);
});

test('P4.3.1: gifts, operators, former owners and society capital name who gives', () => {
  expect(refused({ funding: fundedBy({ source: 'operator', amountFen: 100 }) })).toEqual([
    'P4.3.1 communities.0.funding.1.giver',
  ]);
  expect(refused({ funding: fundedBy({ source: 'operator', amountFen: 100, giver: 'org-power' }) })).toEqual(
    [],
  );
});

test('P4.3.1: special bonds and credit are refused where there is no income', () => {
  expect(refused({ funding: fundedBy({ source: 'special-bond', amountFen: 100 }) })).toEqual([
    'P4.3.1 communities.0.funding.1.source',
  ]);
  expect(
    refused({ funding: fundedBy({ source: 'credit', amountFen: 100, giver: '样例银行' }) }),
  ).toHaveLength(1);
  const income = [{ name: '停车收费', amountFen: 1 }];
  expect(refused({ income, funding: fundedBy({ source: 'special-bond', amountFen: 100 }) })).toEqual([]);
});

test('P4.4: a new public building without an ownership agreement is refused', () => {
  expect(refused({ newBuildings: [{ name: '社区用房' }] })).toEqual([
    'P4.4 communities.0.newBuildings.0.agreement',
  ]);
  expect(refused({ newBuildings: [{ name: '社区用房', agreement: 'attachment-1' }] })).toEqual([]);
});

test('P2.1.3: maintenance funds, public income and common parts ask for the owners first', () => {
  const matters = (change: Partial<CommunityPlan>) => ownersMattersOf(communityPlan('c1', change), policy);
  expect(matters({})).toEqual([]);
  expect(matters({ changesCommonUse: true })).toEqual(['change-common-use']);
  const both = fundedBy(
    { source: 'maintenance-fund', amountFen: 1 },
    { source: 'public-income', amountFen: 1 },
  );
  expect(matters({ funding: both })).toEqual(['use-maintenance-fund', 'use-public-income']);
  expect(matters({ funding: fundedBy({ source: 'maintenance-fund', amountFen: 0 }) })).toEqual([]);
});

/** Budgets split at random over items, other costs and sources, always balanced. */
const balanced = fc
  .record({
    budgets: fc.array(fc.nat(10_000_000_000), { minLength: 19, maxLength: 19 }),
    other: fc.nat(1_000_000_000),
    share: fc.nat(100),
  })
  .map(({ budgets, other, share }) => {
    const budgetFen = budgets.reduce((sum, one) => sum + one, other);
    const county = Math.floor((budgetFen * share) / 100);
    return {
      items: budgets.map((amount, i) => ({ no: i + 1, chosen: true, budgetFen: amount })),
      otherCosts: [{ name: '其他', amountFen: other }],
      budgetFen,
      funding: [
        { source: 'county' as const, amountFen: county },
        { source: 'resident' as const, amountFen: budgetFen - county },
      ],
    };
  });

test('P2.1.2: whatever the amounts, a balanced plan is accepted and one fen more or less is not', () => {
  fc.assert(
    fc.property(balanced, fc.constantFrom(-1, 1), (change, off) => {
      expect(refused(change)).toEqual([]);
      fc.pre(change.budgetFen + off >= 0);
      expect(refused({ ...change, budgetFen: change.budgetFen + off })).toHaveLength(2);
    }),
  );
});

test('P4.3.1: sums by source make the budget, with and without a community that left', () => {
  fc.assert(
    fc.property(fc.array(balanced, { minLength: 2, maxLength: 4 }), (changes) => {
      const plan = samplePlan(
        {},
        { communities: changes.map((change, i) => communityPlan(`c${i}`, change)) },
      );
      for (const one of [plan, withoutCommunity(plan, 'c1')]) {
        const funded = fundingBySource(one).reduce((sum, { amountFen }) => sum + amountFen, 0);
        expect(funded).toBe(budgetOf(one));
        expect(planRefusals(one, policy)).toEqual([]);
      }
      expect(budgetOf(plan) - budgetOf(withoutCommunity(plan, 'c1'))).toBe(changes[1]?.budgetFen);
    }),
  );
});
