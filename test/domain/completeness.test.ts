import * as fc from 'fast-check';
import { missingDocuments, requiredDocuments, type ProjectTrait } from '../../domain/completeness';
import { documentConditions, steps } from '../../policy/keys';
import { named, policy } from './sample-policy';

const all = steps.flatMap((step) => (policy.documents[step] ?? []).map(({ key }) => ({ step, key })));
const traits = documentConditions.filter((one): one is ProjectTrait => one !== 'always');

test('P2.4.4: a missing document is named with its step', () => {
  const present = all.filter(({ key }) => key !== 'as-built-drawings');
  const missing = missingDocuments(present, steps, [], policy);
  expect(named(missing)).toEqual(['P2.4.4 documents.completion-acceptance.as-built-drawings']);
  expect(missing[0]?.message).toBe('缺少竣工图');
});

test('P2.4.4: what only some projects need is asked only of them', () => {
  const keys = (of: ProjectTrait[]) =>
    requiredDocuments('preliminary-plan', of, policy).map(({ key }) => key);
  expect(keys([])).toEqual(['plan-text']);
  expect(keys(['new-building'])).toEqual(['plan-text', 'ownership-agreement']);
});

test('P2.4.4: the same document of another step does not count', () => {
  const present = [{ step: 'public-notice' as const, key: 'plan-text' }];
  expect(named(missingDocuments(present, ['preliminary-plan'], [], policy))).toEqual([
    'P2.4.4 documents.preliminary-plan.plan-text',
  ]);
});

test('P2.4.4: final accounts may join later: they are asked only when their step is checked', () => {
  const now = steps.filter((step) => step !== 'final-accounts');
  const present = all.filter(({ step }) => step !== 'final-accounts');
  expect(missingDocuments(present, now, traits, policy)).toEqual([]);
  expect(missingDocuments(present, ['final-accounts'], traits, policy)).toHaveLength(2);
});

test('P2.4.4: a document more never makes an archive less complete', () => {
  fc.assert(
    fc.property(fc.subarray(all), fc.subarray(traits), fc.constantFrom(...all), (present, of, one) => {
      const before = missingDocuments(present, steps, of, policy);
      const after = missingDocuments([...present, one], steps, of, policy);
      expect(before.map(({ path }) => path)).toEqual(expect.arrayContaining(after.map(({ path }) => path)));
      expect(missingDocuments(all, steps, of, policy)).toEqual([]);
    }),
  );
});
