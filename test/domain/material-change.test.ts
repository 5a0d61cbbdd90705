import * as fc from 'fast-check';
import { materialChanges } from '../../domain/material-change';
import type { CommunityPlan, Plan } from '../../domain/plan';
import { communityPlan, samplePlan } from './sample-plan';
import { policy } from './sample-policy';

const before = samplePlan();
const changes = (change: Partial<CommunityPlan>, of: Partial<Plan> = {}) =>
  materialChanges(before, samplePlan(change, of), policy);
const { items } = communityPlan('c1');

test('P2.1.3: a plan that stays as it was needs no new notice', () => {
  expect(changes({})).toEqual([]);
});

test('P2.1.3: an item added or dropped needs a new notice', () => {
  expect(changes({ items: [...items, { no: 28, chosen: true, budgetFen: 0 }] })).toEqual(['增加第 28 项']);
  expect(
    changes({ items: items.map((item) => (item.no === 3 ? { ...item, chosen: false } : item)) }),
  ).toEqual(['取消第 3 项']);
});

test('P2.1.3: a total that moves by ten per cent needs a new notice, one fen less does not', () => {
  expect(changes({ budgetFen: 22_000_000 })).toHaveLength(1);
  expect(changes({ budgetFen: 18_000_000 })).toHaveLength(1);
  expect(changes({ budgetFen: 21_999_999 })).toEqual([]);
  expect(changes({ budgetFen: 18_000_001 })).toEqual([]);
});

test('P2.1.3: what residents pay moves by ten per cent, or from nothing: a new notice', () => {
  const paying = (amountFen: number): Partial<CommunityPlan> => ({
    funding: [
      { source: 'county', amountFen: 20_000_000 - amountFen },
      { source: 'resident', amountFen },
    ],
  });
  expect(changes(paying(5_500_000))).toHaveLength(1);
  expect(changes(paying(5_499_999))).toEqual([]);
  expect(materialChanges(samplePlan(paying(0)), samplePlan(paying(1)), policy)).toHaveLength(1);
});

test('P2.1.3: another financing mode, a new building, another community need a new notice', () => {
  expect(changes({}, { mode: 'self-balance' })).toHaveLength(1);
  expect(changes({ newBuildings: [{ name: '社区用房', agreement: 'a' }] })).toEqual([
    '增加公共建筑 社区用房',
  ]);
  expect(changes({}, { communities: [communityPlan('c1'), communityPlan('c2')] })).toEqual(['新增小区 c2']);
});

test('P2.1.3: a community that leaves changes nothing for the others', () => {
  const two = samplePlan({}, { communities: [communityPlan('c1'), communityPlan('c2')] });
  expect(materialChanges(two, before, policy)).toEqual([]);
});

test('P2.1.3: a total is a material change exactly from ten per cent on', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 10_000_000_000 }),
      fc.integer({ min: 0, max: 20_000_000_000 }),
      (old, now) => {
        const found = materialChanges(samplePlan({ budgetFen: old }), samplePlan({ budgetFen: now }), policy);
        expect(found.length > 0).toBe(Math.abs(now - old) * 10 >= old);
      },
    ),
  );
});
