import { jointDecisions } from '../../policy/keys';
import { linyi } from '../../policy/linyi';
import { parsePolicy, PolicyRefused } from '../../policy/schema';

function refusedFor(assemblies: unknown): string[] {
  try {
    parsePolicy({ ...linyi, assemblies });
  } catch (error) {
    if (error instanceof PolicyRefused) {
      return error.refusals.map(({ path, clause }) => `${clause ?? '-'} ${path ?? '-'}`);
    }
    throw error;
  }
  return [];
}

const vote = { rule: 'vote', ratio: { numerator: 2, denominator: 3 } };

test('P2.2.1: the joint review needs all three bureaus: no policy makes it any-of or a vote', () => {
  expect(refusedFor({ 'joint-review': { rule: 'any-of' } })).toEqual(['P2.2.1 assemblies.joint-review.rule']);
  expect(refusedFor({ 'joint-review': vote })).toEqual(['P2.2.1 assemblies.joint-review.rule']);
  expect(refusedFor({ 'joint-review': { rule: 'in-sequence' } })).toEqual([]);
});

test('P2.2.3, P2.3.1: joint document and scheme review are of every bureau, and every one is heard', () => {
  expect(refusedFor({ 'joint-document': vote })).toEqual(['P2.2.3 assemblies.joint-document.rule']);
  expect(refusedFor({ 'scheme-review': { rule: 'any-of' } })).toEqual([
    'P2.3.1 assemblies.scheme-review.rule',
  ]);
  expect(refusedFor({ 'scheme-review': { rule: 'all-of', hear: 'until-certain' } })).toEqual([
    'P2.3.1 assemblies.scheme-review.hear',
  ]);
});

test('what the law leaves to the city may be any rule', () => {
  for (const rule of [vote, { rule: 'any-of' }, { rule: 'all-of', hear: 'until-certain' }]) {
    expect(refusedFor({ 'cancellation-consent': rule })).toEqual([]);
  }
});

test('a vote without a ratio, a ratio without a vote, and unknown seats or decisions are refused', () => {
  const of = (rule: object) => refusedFor({ 'cancellation-consent': rule });
  expect(of({ rule: 'vote' })).toEqual(['- assemblies.cancellation-consent']);
  expect(of({ ...vote, rule: 'all-of' })).toEqual(['- assemblies.cancellation-consent']);
  expect(of({ ...vote, vetoes: ['nobody@city'] })).toEqual(['- assemblies.cancellation-consent.vetoes.0']);
  expect(of({ ...vote, vetoes: ['finance@market'] })).toEqual([
    'P1.4 assemblies.cancellation-consent.vetoes.0',
  ]);
  expect(of({ ...vote, weights: { 'finance@market': 2 } })).toEqual([
    'P1.4 assemblies.cancellation-consent.weights.0',
  ]);
  expect(refusedFor({ lottery: { rule: 'all-of' } })).not.toEqual([]);
});

test('Linyi names no rule: every joint decision is all-of, as its policy has it', () => {
  expect(linyi.assemblies ?? {}).toEqual({});
  expect(jointDecisions).toContain('joint-review');
});

test('P2.2.1, P2.2.3, P2.3.1: what each bureau must decide by itself is not decided once for two seats', () => {
  const once = { rule: 'all-of', samePerson: 'once' };
  expect(refusedFor({ 'joint-review': once, 'joint-document': once, 'scheme-review': once })).toEqual([
    'P2.2.1 assemblies.joint-review.samePerson',
    'P2.2.3 assemblies.joint-document.samePerson',
    'P2.3.1 assemblies.scheme-review.samePerson',
  ]);
  expect(
    refusedFor({ 'cancellation-consent': once, 'joint-review': { ...once, samePerson: 'refused' } }),
  ).toEqual([]);
});

test('P2.2.1: once for all joint decisions needs another word for those that each bureau decides by itself', () => {
  const samePerson = { jointly: 'once' };
  expect(() => parsePolicy({ ...linyi, samePerson })).toThrow(PolicyRefused);
  const twice = { rule: 'all-of', samePerson: 'twice' } as const;
  const assemblies = { 'joint-review': twice, 'joint-document': twice, 'scheme-review': twice };
  expect(parsePolicy({ ...linyi, samePerson, assemblies }).samePerson).toEqual(samePerson);
});
