import { residentsVote, type ResidentsVoteContext } from '../../../domain/forms/control';
import { linyi } from '../../../policy/linyi';
import { policySnapshot } from '../../../policy/snapshot';
import { ACCEPTED, against, exampleOf } from './moment';

const { ratios, ownersMatters } = policySnapshot(linyi);
const contextOf = (ids: readonly string[]): ResidentsVoteContext => ({
  steps: [],
  returnable: [],
  communities: ids.map((id) => ({ id, name: `样例小区${id}` })),
  policy: { ratios, ownersMatters },
});
type Form = ReturnType<typeof residentsVote.example>;
const context = contextOf(['c1']);

function voted(area: [number, number, number], owners: [number, number, number]): Form {
  const count = ([total, voting, agreeing]: [number, number, number]) => ({ total, voting, agreeing });
  const form = exampleOf(residentsVote, context);
  return {
    ...form,
    votes: form.votes.map((vote) => ({ ...vote, area: count(area), owners: count(owners) })),
  };
}
const pathsOf = (form: Form) => against(residentsVote, context, form).refusals.map(({ path }) => path);

describe("the residents' vote", () => {
  it('P2.1.3: the example satisfies 民法典 278, for any number of communities', () => {
    for (const ids of [['c1'], ['c1', 'c2', 'c3']]) {
      const of = contextOf(ids);
      expect(against(residentsVote, of, exampleOf(residentsVote, of))).toEqual(ACCEPTED);
    }
  });

  it('P2.1.3: two thirds of area and owners vote, and more than half of both agree', () => {
    expect(pathsOf(voted([300, 200, 100.01], [300, 200, 101]))).toEqual([]);
    expect(pathsOf(voted([300, 199.99, 150], [300, 200, 150]))).toEqual(['votes.0.area.voting']);
    expect(pathsOf(voted([300, 200, 150], [300, 199, 150]))).toEqual(['votes.0.owners.voting']);
    expect(pathsOf(voted([300, 200, 100], [300, 200, 100]))).toEqual([
      'votes.0.area.agreeing',
      'votes.0.owners.agreeing',
    ]);
  });

  it('P2.1.3: a refusal names the law, the count and the share', () => {
    const [refused] = against(residentsVote, context, voted([300, 199, 150], [300, 200, 150])).refusals;
    expect(refused).toMatchObject({ clause: 'P2.1.3', basis: '民法典 278' });
    expect(refused?.message).toContain('199㎡/300㎡');
    expect(refused?.message).toContain('2/3');
  });

  it('P2.1.3: owners decide community by community; none is left out or counted twice', () => {
    const two = contextOf(['c1', 'c2']);
    const form = exampleOf(residentsVote, context);
    expect(against(residentsVote, two, form).refusals).toMatchObject([
      { path: 'votes', basis: '民法典 278' },
    ]);
    const twice = { ...form, votes: [...form.votes, ...form.votes] };
    expect(against(residentsVote, two, twice).refusals).toHaveLength(2);
  });

  it('a vote without numerators, or with thousandths of a square metre, is refused by the form', () => {
    const form = voted([300.001, 200, 150], [300, 200, 150]);
    expect(against(residentsVote, context, form).issues).toEqual(['votes.0.area.total']);
    expect(
      against(residentsVote, context, { ...form, votes: [{ community: 'c1' }] }).issues.length,
    ).toBeGreaterThan(2);
  });
});
