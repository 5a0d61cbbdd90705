import * as fc from 'fast-check';
import { surveyRefusals, surveyResult } from '../../domain/survey';
import { named, policy } from './sample-policy';

const tally = fc
  .tuple(fc.integer({ min: 1, max: 2000 }), fc.nat(2000), fc.nat(2000))
  .map(([households, a, b]) => ({
    households,
    answered: a % (households + 1),
    agreeing: b % ((a % (households + 1)) + 1),
  }));

test('P2.1.1: two thirds of all households is enough, one household less is not', () => {
  expect(surveyResult({ households: 105, answered: 80, agreeing: 70 }, policy).outcome).toBe('agreed');
  expect(surveyResult({ households: 105, answered: 80, agreeing: 69 }, policy).outcome).toBe('declined');
});

test('P2.1.1: too few answers are no refusal of the residents: the survey is extended or repeated', () => {
  expect(surveyResult({ households: 105, answered: 69, agreeing: 69 }, policy).outcome).toBe('low-turnout');
});

test('P2.1.1: numerators and denominators are kept as they were counted', () => {
  expect(surveyResult({ households: 105, answered: 90, agreeing: 70 }, policy)).toEqual({
    outcome: 'agreed',
    agreeing: { numerator: 70, denominator: 105 },
    turnout: { numerator: 90, denominator: 105 },
  });
});

test('P2.1.1: the outcome is that of exact fractions of all households', () => {
  fc.assert(
    fc.property(tally, (counted) => {
      const { households, answered, agreeing } = counted;
      expect(surveyRefusals(counted)).toEqual([]);
      const expected =
        3 * answered < 2 * households ? 'low-turnout' : 3 * agreeing < 2 * households ? 'declined' : 'agreed';
      expect(surveyResult(counted, policy).outcome).toBe(expected);
    }),
  );
});

test('P2.1.1: one more agreeing household never turns agreement into refusal', () => {
  fc.assert(
    fc.property(tally, (counted) => {
      fc.pre(counted.agreeing < counted.answered && surveyResult(counted, policy).outcome === 'agreed');
      expect(surveyResult({ ...counted, agreeing: counted.agreeing + 1 }, policy).outcome).toBe('agreed');
    }),
  );
});

test.each([
  [{ households: 0, answered: 0, agreeing: 0 }, 'households'],
  [{ households: 10, answered: 11, agreeing: 3 }, 'answered'],
  [{ households: 10, answered: 5, agreeing: 6 }, 'agreeing'],
  [{ households: 10, answered: 5.5, agreeing: 2 }, 'answered'],
  [{ households: 10, answered: 5, agreeing: -1 }, 'agreeing'],
])('P2.1.1: a count that cannot be is refused: %j', (counted, path) => {
  expect(named(surveyRefusals(counted))).toEqual([`P2.1.1 ${path}`]);
});
