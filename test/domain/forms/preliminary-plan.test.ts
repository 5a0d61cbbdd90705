import fc from 'fast-check';
import type { PlanContext } from '../../../domain/forms/plan-context';
import { preliminaryPlan } from '../../../domain/forms/preliminary-plan';
import { linyi } from '../../../policy/linyi';
import { utilities } from '../../../policy/keys';
import { policySnapshot } from '../../../policy/snapshot';
import { ACCEPTED, against, exampleOf } from './moment';

const { items, sources, modes } = policySnapshot(linyi);
const operators = [...utilities, 'telecom' as const].map((utility, i) => ({
  id: `operator-${i}`,
  name: `样例${utility}${i}`,
  utilities: [utility],
}));

const contextOf = (change: Partial<PlanContext> = {}): PlanContext => ({
  communities: [{ id: 'c1', name: '样例小区', households: 120, floorArea: 11_700, wishes: [24] }],
  policy: { items, sources, modes },
  owners: [{ id: 'owner-1', name: '样例建设公司' }],
  operators,
  remarks: [],
  ...change,
});

type Form = ReturnType<typeof preliminaryPlan.example>;
const context = contextOf();
const example = (): Form => exampleOf(preliminaryPlan, context);
const first = (form: Form) => {
  const [community] = form.communities;
  if (!community) throw new Error('no community');
  return community;
};
const refusalsOf = (form: Form, of: PlanContext = context) => against(preliminaryPlan, of, form).refusals;

/** Moves money from the first source to another, so that the sums still agree. */
function paidBy(
  form: Form,
  source: Form['communities'][number]['funding'][number]['source'],
  amountFen: number,
  giver?: string,
): Form {
  const community = first(form);
  const [budget] = community.funding;
  if (!budget) throw new Error('no funding');
  budget.amountFen -= amountFen;
  community.funding.push({ source, amountFen, ...(giver === undefined ? {} : { giver }) });
  return form;
}

describe('the form of the preliminary plan', () => {
  it('P2.1.2: the example is a plan that every rule accepts, for any communities, wishes and operators', () => {
    const communities = fc.uniqueArray(
      fc.record({
        id: fc.stringMatching(/^c[0-9]{1,6}$/),
        name: fc.constant('样例小区'),
        households: fc.integer({ min: 1, max: 5_000 }),
        floorArea: fc.integer({ min: 0, max: 50_000_000 }).map((n) => n / 100),
        wishes: fc.uniqueArray(fc.integer({ min: 1, max: 36 })),
      }),
      { minLength: 1, maxLength: 4, selector: ({ id }) => id },
    );
    fc.assert(
      fc.property(communities, fc.subarray(operators), (some, serving) => {
        const of = contextOf({ communities: some, operators: serving });
        expect(against(preliminaryPlan, of, exampleOf(preliminaryPlan, of))).toEqual(ACCEPTED);
      }),
      { numRuns: 60 },
    );
  });

  it('P1.2: an item outside of annex 2 and an item twice are refused', () => {
    const unknown = example();
    first(unknown).items.push({ no: 37, chosen: true, budgetFen: 0 });
    expect(against(preliminaryPlan, context, unknown).issues).toEqual(['communities.0.items.20.no']);
    const twice = example();
    first(twice).items.push({ no: 1, chosen: true, budgetFen: 0 });
    expect(refusalsOf(twice)).toMatchObject([{ clause: 'P1.2', path: 'communities.0.items.20.no' }]);
  });

  it('P2.1.2: a basic item is chosen or has a reason', () => {
    const without = example();
    const [item] = first(without).items;
    if (!item) throw new Error('no item');
    const [cost] = first(without).otherCosts;
    if (cost) cost.amountFen += item.budgetFen ?? 0;
    first(without).items[0] = { no: item.no, chosen: false };
    expect(refusalsOf(without)[0]).toMatchObject({ clause: 'P2.1.2', path: 'communities.0.items.0.reason' });
    first(without).items[0] = { no: item.no, chosen: false, reason: '样例：管网已于上年更新' };
    // Water no longer concerned: its operator cannot be booked either.
    expect(refusalsOf(without)).toMatchObject([{ clause: 'P4.5' }]);
  });

  it('P2.1.2: one fen too much in the budget or in the funding is refused', () => {
    const dear = example();
    first(dear).budgetFen += 1;
    expect(refusalsOf(dear).map(({ clause, path }) => [clause, path])).toEqual([
      ['P2.1.2', 'communities.0.budgetFen'],
      ['P4.3.1', 'communities.0.funding'],
    ]);
  });

  it('P2.1.2: a community without its own plan is refused, 一小区一策', () => {
    const two = contextOf({
      communities: [
        ...context.communities,
        { id: 'c2', name: '样例二区', households: 9, floorArea: 900, wishes: [] },
      ],
    });
    expect(refusalsOf(example(), two)).toMatchObject([{ clause: 'P2.1.2', path: 'communities' }]);
  });

  it('P4.3.1: bonds and credit without income are refused; with income they need its forecast', () => {
    const bond = paidBy(example(), 'special-bond', 100);
    expect(refusalsOf(bond).map(({ clause, path }) => [clause, path])).toEqual([
      ['P4.3.1', `communities.0.funding.${first(bond).funding.length - 1}.source`],
      ['P4.3.1', 'documents.income-forecast'],
    ]);
    first(bond).income.push({ name: '样例：停车收费', amountFen: 10_000 });
    bond.documents['income-forecast'] = 'sample-attachment';
    expect(refusalsOf(bond)).toEqual([]);
  });

  it('P4.3.1: a gift names who gives', () => {
    expect(refusalsOf(paidBy(example(), 'gift', 100))).toMatchObject([{ clause: 'P4.3.1' }]);
    expect(refusalsOf(paidBy(example(), 'gift', 100, '样例企业'))).toEqual([]);
  });

  it('P4.4: a new public building without an ownership agreement is refused, in the plan and in its documents', () => {
    const built = example();
    first(built).newBuildings.push({ name: '样例：养老服务用房' });
    expect(refusalsOf(built)).toMatchObject([
      { clause: 'P4.4', path: 'communities.0.newBuildings.0.agreement' },
      { clause: 'P4.4', path: 'documents.ownership-agreement' },
    ]);
    first(built).newBuildings[0] = { name: '样例：养老服务用房', agreement: 'sample-attachment' };
    built.documents['ownership-agreement'] = 'sample-attachment';
    expect(refusalsOf(built)).toEqual([]);
  });

  it('P4.5: money is booked only on an operator that a chosen item concerns', () => {
    expect(refusalsOf(paidBy(example(), 'operator', 100, '样例公司'))).toMatchObject([{ clause: 'P4.5' }]);
  });

  it('P4.5: a reward goes to an operator, once, and is paid from the public money of the plan', () => {
    const unknown = { ...example(), rewards: [{ operator: 'nobody', amountFen: 1 }] };
    expect(refusalsOf(unknown)).toMatchObject([{ clause: 'P4.5', path: 'rewards.0.operator' }]);
    const twice = {
      ...example(),
      rewards: [1, 2].map((amountFen) => ({ operator: 'operator-0', amountFen })),
    };
    expect(refusalsOf(twice)).toMatchObject([{ clause: 'P4.5', path: 'rewards.1.operator' }]);
    const dear = { ...example(), rewards: [{ operator: 'operator-0', amountFen: 900_000_000_000 }] };
    expect(refusalsOf(dear)).toMatchObject([{ clause: 'P4.5', path: 'rewards' }]);
    const right = { ...example(), rewards: [{ operator: 'operator-0', amountFen: 1_000 }] };
    expect(refusalsOf(right)).toEqual([]);
  });

  it.each([
    ['P3.1', 'large-area-balance'],
    ['P3.2', 'cross-area-balance'],
  ])(
    '%s: the mode %s names the projects tied in, and their surplus covers what must be earned back',
    (clause, mode) => {
      const alone: Form = { ...paidBy(example(), 'society-capital', 1_000, '样例公司'), mode };
      expect(refusalsOf(alone).map((one) => one.clause)).toEqual([clause, clause]);
      const poor = { ...alone, members: [{ name: '样例：相邻旧厂区', costFen: 5_000, incomeFen: 5_999 }] };
      expect(refusalsOf(poor)).toMatchObject([{ clause, path: 'income' }]);
      const balanced = {
        ...alone,
        members: [{ name: '样例：相邻旧厂区', costFen: 5_000, incomeFen: 6_000 }],
      };
      expect(refusalsOf(balanced)).toEqual([]);
    },
  );

  it('P3.3: self-balance inside the community needs income there, and ties in nobody', () => {
    const self: Form = { ...example(), mode: 'self-balance' };
    expect(refusalsOf(self)).toMatchObject([{ clause: 'P3.3', path: 'income' }]);
    first(self).income.push({ name: '样例：便民市场租金', amountFen: 1 });
    expect(refusalsOf(self)).toEqual([]);
    const tied = { ...self, members: [{ name: '样例', costFen: 0, incomeFen: 1 }] };
    expect(refusalsOf(tied)).toMatchObject([{ clause: 'P3.3', path: 'members' }]);
  });

  it('P3.4: the government-guided mode needs no income and ties in nobody', () => {
    const tied = { ...example(), members: [{ name: '样例', costFen: 0, incomeFen: 1 }] };
    expect(tied.mode).toBe('government-guided');
    expect(refusalsOf(tied)).toMatchObject([{ clause: 'P3.4', path: 'members' }]);
  });

  it('P3.5: a further mode of the configuration asks for society capital', () => {
    const further: Form = { ...example(), mode: 'society-capital-operated' };
    expect(refusalsOf(further)).toMatchObject([{ clause: 'P3.5', path: 'mode' }]);
    expect(refusalsOf({ ...paidBy(further, 'society-capital', 1, '样例公司') })).toEqual([]);
  });

  it('P4.1: investment and future income are part of every plan', () => {
    const { income: _, ...without } = first(example());
    const form = { ...example(), communities: [without] };
    expect(against(preliminaryPlan, context, form).issues).toEqual(['communities.0.income']);
  });

  it('an owner who is no candidate, an unknown field and a fraction of a fen are refused by the form', () => {
    const wrong = { ...example(), owner: 'nobody', also: 1 };
    first(wrong as Form).budgetFen = 0.5;
    expect(against(preliminaryPlan, context, wrong).issues.sort()).toEqual([
      '',
      'communities.0.budgetFen',
      'owner',
    ]);
  });
});
