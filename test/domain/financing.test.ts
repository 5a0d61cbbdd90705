import * as fc from 'fast-check';
import { balanceOf } from '../../domain/financing';
import type { Plan } from '../../domain/plan';
import { planRefusals } from '../../domain/plan-rules';
import { fundedBy, samplePlan } from './sample-plan';
import { named, policy } from './sample-policy';

const lent = { funding: fundedBy({ source: 'special-bond' as const, amountFen: 8_000_000 }) };
const refused = (plan: Plan) => named(planRefusals(plan, policy));

test('P3.1: a large-area balance ties in adjacent projects whose surplus closes the gap', () => {
  const plan = (incomeFen: number) =>
    samplePlan(lent, {
      mode: 'large-area-balance',
      members: [{ name: '样例旧厂区', costFen: 30_000_000, incomeFen }],
    });
  expect(refused(plan(38_000_000))).toEqual([]);
  expect(refused(plan(37_999_999))).toEqual(['P3.1 income']);
});

test('P3.2: a cross-area balance must name the projects that it combines', () => {
  const income = [{ name: '停车收费', amountFen: 9_000_000 }];
  expect(refused(samplePlan({ ...lent, income }, { mode: 'cross-area-balance' }))).toEqual(['P3.2 members']);
});

test('P3.3: a self-balance inside the community lives on its own income and ties in nobody', () => {
  const plan = (amountFen: number, members: Plan['members'] = []) =>
    samplePlan({ ...lent, income: [{ name: '停车收费', amountFen }] }, { mode: 'self-balance', members });
  expect(refused(plan(8_000_000))).toEqual([]);
  expect(refused(plan(7_999_999))).toEqual(['P3.3 income']);
  expect(refused(plan(8_000_000, [{ name: '样例', costFen: 0, incomeFen: 0 }]))).toEqual(['P3.3 members']);
});

test('P3.3: a self-balancing mode without any income is refused even if nothing is lent', () => {
  expect(refused(samplePlan({}, { mode: 'self-balance' }))).toEqual(['P3.3 income']);
});

test('P3.4: government-guided mixed funding needs no income, and ties in nobody', () => {
  expect(refused(samplePlan())).toEqual([]);
  expect(refused(samplePlan({}, { members: [{ name: '样例', costFen: 1, incomeFen: 2 }] }))).toEqual([
    'P3.4 members',
  ]);
});

test('P3.5: a mode that the city added asks for society capital, and an unknown mode is refused', () => {
  const mode = 'society-capital-operated';
  expect(refused(samplePlan({}, { mode }))).toEqual(['P3.5 mode']);
  const funding = fundedBy({ source: 'society-capital', amountFen: 5, giver: '样例公司' });
  expect(refused(samplePlan({ funding }, { mode }))).toEqual([]);
  expect(refused(samplePlan({}, { mode: 'magic' }))).toEqual(['P3.5 mode']);
});

test('P4.1: the balance is income of the communities and surplus of the members, less the gap', () => {
  const amounts = fc.record({
    lentFen: fc.nat(20_000_000),
    own: fc.nat(50_000_000),
    cost: fc.nat(50_000_000),
    income: fc.nat(50_000_000),
  });
  fc.assert(
    fc.property(amounts, ({ lentFen, own, cost, income }) => {
      const plan = samplePlan(
        {
          funding: fundedBy({ source: 'special-bond', amountFen: lentFen }),
          income: [{ name: '停车收费', amountFen: own }],
        },
        { mode: 'large-area-balance', members: [{ name: '样例', costFen: cost, incomeFen: income }] },
      );
      const balance = balanceOf(plan, policy);
      expect(balance).toEqual({
        ownIncomeFen: own,
        membersSurplusFen: income - cost,
        gapFen: lentFen,
        surplusFen: own + income - cost - lentFen,
      });
      const accepted = own + income - cost > 0 && balance.surplusFen >= 0;
      expect(refused(plan).includes('P3.1 income')).toBe(!accepted);
    }),
  );
});
