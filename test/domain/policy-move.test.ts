import { differencesAhead, policyDifferences } from '../../domain/policy-move';
import { linyi } from '../../policy/linyi';
import type { Policy } from '../../policy/schema';
import { policySnapshot } from '../../policy/snapshot';

const now = policySnapshot(linyi);
const changed = (change: Partial<Policy>) => policySnapshot({ ...linyi, version: '2027.1', ...change });

const longerNotice = changed({
  periods: {
    ...linyi.periods,
    'public-notice': { ...linyi.periods['public-notice'], length: { workingDays: 7 } },
  },
});

test('P2.1.3: a version with a longer notice differs in just that, and until the notice is over', () => {
  expect(policyDifferences(now, longerNotice)).toEqual([
    {
      path: 'periods.public-notice',
      title: '改造方案公示',
      before: now.periods['public-notice'],
      after: { ...now.periods['public-notice'], length: { workingDays: 7 } },
      until: 'public-notice',
    },
  ]);
});

test('a project is touched only by what it still has before it', () => {
  const differences = policyDifferences(now, longerNotice);
  expect(differencesAhead(differences, ['preliminary-plan'])).toHaveLength(1);
  expect(differencesAhead(differences, ['public-notice'])).toHaveLength(1);
  expect(differencesAhead(differences, ['tendering'])).toEqual([]);
  expect(differencesAhead(differences, [])).toHaveLength(1);
});

test('another version that says the same differs in nothing; who holds a seat counts to the end', () => {
  expect(policyDifferences(now, changed({}))).toEqual([]);
  const mapping = {
    area: '371302',
    seat: 'finance@county',
    heldBy: 'finance@city',
    heldIn: '371300',
    note: '样例',
  } as const;
  const moved = policyDifferences(now, changed({ seatMappings: [mapping] }));
  expect(moved.map(({ path }) => path)).toEqual(['seatMappings']);
  expect(differencesAhead(moved, ['property-management'])).toHaveLength(1);
});
