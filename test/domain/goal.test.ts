import * as fc from 'fast-check';
import { goalProgress } from '../../domain/goal';
import { linyi } from '../../policy/linyi';

const register = [
  { county: '371311', completedYear: 1999, renovated: true },
  { county: '371302', completedYear: 1995, renovated: true },
  { county: '371302', completedYear: 1999, renovated: false },
  { county: '371302', completedYear: 2004, renovated: true },
  { county: '371302', completedYear: 2005, renovated: false },
  { county: '371302', renovated: false },
];

test('P1.3: progress is counted for the city and each county, those of unknown year apart', () => {
  const [city, lanshan, luozhuang] = goalProgress(register, linyi.goals);
  expect([city?.county, lanshan?.county, luozhuang?.county]).toEqual([undefined, '371302', '371311']);
  expect(lanshan).toMatchObject({
    unknownYear: 1,
    goals: [
      { completedBefore: 2000, renovated: 1, total: 2, reached: false, by: '2025-12-31' },
      { completedBefore: 2005, renovated: 2, total: 3, reached: false },
    ],
  });
  expect(city?.goals).toMatchObject([
    { renovated: 2, total: 3 },
    { renovated: 3, total: 4 },
  ]);
  expect(luozhuang?.goals.map(({ reached }) => reached)).toEqual([true, true]);
});

test('P1.3: 85 of 100 before 2005 is the goal, 84 is not', () => {
  const of = (renovated: number) =>
    goalProgress(
      Array.from({ length: 100 }, (_, i) => ({ county: 'x', completedYear: 2003, renovated: i < renovated })),
      linyi.goals,
    )[0]?.goals[1]?.reached;
  expect([of(84), of(85)]).toEqual([false, true]);
});

test('P2.1.0: the counties of a register add up to the city', () => {
  const entry = fc.record({
    county: fc.constantFrom('371302', '371311', '371312'),
    completedYear: fc.option(fc.integer({ min: 1980, max: 2010 }), { nil: undefined }),
    renovated: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const [city, ...counties] = goalProgress(entries, linyi.goals);
      expect(counties.reduce((sum, one) => sum + one.unknownYear, 0)).toBe(city?.unknownYear);
      for (const [i, goal] of (city?.goals ?? []).entries()) {
        expect(counties.reduce((sum, one) => sum + (one.goals[i]?.total ?? 0), 0)).toBe(goal.total);
        expect(counties.reduce((sum, one) => sum + (one.goals[i]?.renovated ?? 0), 0)).toBe(goal.renovated);
      }
    }),
  );
});
