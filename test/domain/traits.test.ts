import type { CommunityPlan } from '../../domain/plan';
import { itemsOf, projectTraits, utilitiesOf } from '../../domain/traits';
import { linyi } from '../../policy/linyi';
import { policySnapshot } from '../../policy/snapshot';

const policy = policySnapshot(linyi);
const community = (items: readonly number[], change: Partial<CommunityPlan> = {}): CommunityPlan => ({
  communityId: 'c1',
  items: items.map((no) => ({ no, chosen: true })),
  otherCosts: [],
  budgetFen: 0,
  funding: [],
  income: [],
  newBuildings: [],
  changesCommonUse: false,
  ...change,
});
const plan = (...communities: CommunityPlan[]) => ({ communities, mode: 'government-guided', members: [] });
const bare = { formalities: [] };

describe('what a project has, that documents are required for', () => {
  it('P2.4.4: a plain project has no trait', () => {
    expect(projectTraits(plan(community([6, 8])), bare, [{ way: 'operator' }], policy)).toEqual([]);
  });

  it.each([
    ['owners-vote', community([6], { funding: [{ source: 'maintenance-fund', amountFen: 1 }] })],
    ['owners-vote', community([6], { changesCommonUse: true })],
    ['new-building', community([6], { newBuildings: [{ name: '样例用房' }] })],
    ['special-bond', community([6], { funding: [{ source: 'special-bond', amountFen: 1 }] })],
    ['operator-works', community([4])],
    ['elevator', community([28])],
  ] as const)('P2.4.4: %s, in whichever community it is', (trait, one) => {
    expect(projectTraits(plan(community([6]), one), bare, [], policy)).toEqual([trait]);
  });

  it('P2.4.4: tendered or procured otherwise, surveyed, with ordinary formalities', () => {
    const contracts = [{ way: 'tender' }, { way: 'inquiry' }] as const;
    const scheme = { surveyor: 's', formalities: ['环评'] };
    expect(projectTraits(plan(community([6])), scheme, contracts, policy)).toEqual([
      'compulsory-tender',
      'other-procurement',
      'ordinary-formalities',
      'surveyed',
    ]);
  });

  it('P2.4.2: the operators concerned are those of the chosen items of all communities, each once', () => {
    const both = plan(community([3, 1]), community([1, 5]));
    expect(itemsOf(both)).toEqual([1, 3, 5]);
    expect(utilitiesOf(both, policy)).toEqual(['water', 'telecom', 'cable-tv', 'power', 'heating']);
  });
});
