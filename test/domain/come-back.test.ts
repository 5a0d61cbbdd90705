import { changesBehind } from '../../domain/come-back';

describe('whether what the steps between have done still stands', () => {
  const needs = {
    communities: ['c1'],
    surveys: [{ community: 'c1', households: 120, answered: 100, agreeing: 90 }],
    items: [1, 2],
    managementMode: 'professional',
  };

  it('P2.1.1: another count of the same wishes changes nothing', () => {
    const surveys = [{ community: 'c1', households: 120, answered: 110, agreeing: 95 }];
    expect(changesBehind('needs-collection', needs, { ...needs, surveys })).toEqual([]);
  });

  it('P2.1.1: a community that leaves and other items are told, each in its words', () => {
    const after = { ...needs, communities: [], items: [1] };
    expect(changesBehind('needs-collection', needs, after)).toEqual([
      '参加改造的小区有变化',
      '居民需要的改造内容有变化',
    ]);
  });

  it('P2.4.1: of an acceptance every change counts: warranties run from its day', () => {
    const accepted = { acceptedOn: '2028-05-08', residentsPresent: 5, operatorsPending: [] };
    expect(changesBehind('completion-acceptance', accepted, { ...accepted })).toEqual([]);
    expect(
      changesBehind('completion-acceptance', accepted, { ...accepted, acceptedOn: '2028-05-09' }),
    ).toHaveLength(1);
  });
});
