import {
  concernedUtilities,
  contributionRefusals,
  operatorPlanRefusals,
  promisedFen,
  type OperatorPlan,
  type UtilityFacility,
} from '../../domain/utilities';
import { communityPlan, fundedBy } from './sample-plan';
import { named, policy } from './sample-policy';

const facility: UtilityFacility = {
  name: '供电线路',
  owner: 'operator',
  costFen: 1_000,
  operatorPaysFen: 1_000,
  rewardFen: 0,
};
const plan = (change: Partial<UtilityFacility>, sameDesignAndBuild = true): OperatorPlan => ({
  utility: 'power',
  facilities: [{ ...facility, ...change }],
  sameDesignAndBuild,
});

test('P4.5: an operator pays alone for the facilities that it owns', () => {
  expect(operatorPlanRefusals(plan({}))).toEqual([]);
  expect(named(operatorPlanRefusals(plan({ operatorPaysFen: 900, rewardFen: 100 })))).toEqual([
    'P4.5 facilities.0.rewardFen',
  ]);
  expect(named(operatorPlanRefusals(plan({ operatorPaysFen: 999 })))).toEqual([
    'P4.5 facilities.0.operatorPaysFen',
  ]);
});

test('P4.5: for others, the operator and the reward in place of subsidy make the cost, to the fen', () => {
  expect(operatorPlanRefusals(plan({ owner: 'other', operatorPaysFen: 700, rewardFen: 300 }))).toEqual([]);
  expect(named(operatorPlanRefusals(plan({ owner: 'other', operatorPaysFen: 700, rewardFen: 301 })))).toEqual(
    ['P4.5 facilities.0.operatorPaysFen'],
  );
  expect(
    named(operatorPlanRefusals(plan({ owner: 'other', operatorPaysFen: 1_100, rewardFen: -100 }))),
  ).toEqual(['P4.5 facilities.0']);
});

test('P4.5: utility works are designed and built with the renovation', () => {
  expect(named(operatorPlanRefusals(plan({}, false)))).toEqual(['P4.5 sameDesignAndBuild']);
});

test('P4.5: what the plan books on an operator is what it promises', () => {
  const communities = [
    communityPlan('c1', { funding: fundedBy({ source: 'operator', giver: 'org-power', amountFen: 1_000 }) }),
  ];
  const promise = { operator: 'org-power', promisedFen: promisedFen(plan({})) };
  expect(contributionRefusals(communities, [promise])).toEqual([]);
  expect(named(contributionRefusals(communities, [{ ...promise, promisedFen: 999 }]))).toEqual([
    'P4.5 funding',
  ]);
  expect(named(contributionRefusals(communities, []))).toEqual(['P4.5 funding']);
});

test('P2.1.2: the operators concerned follow from the items that were chosen', () => {
  expect(concernedUtilities([1, 6, 18], policy.items)).toEqual(['water']);
  expect(concernedUtilities([2, 3], policy.items)).toEqual(['power', 'telecom', 'cable-tv']);
  expect(concernedUtilities([6, 7], policy.items)).toEqual([]);
});
