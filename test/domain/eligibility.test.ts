import { eligibilityRefusals, type CommunityFacts } from '../../domain/eligibility';
import { named, policy } from './sample-policy';

const eligible: CommunityFacts = {
  name: '样例小区',
  households: 105,
  buildings: 3,
  floorArea: 13_000,
  completedOn: '2005-12-31',
  landOwnership: 'state',
  location: 'city',
  demolishAndRebuild: false,
  deficiencies: ['屋面渗漏'],
};
const refused = (change: Partial<CommunityFacts>) =>
  named(eligibilityRefusals({ ...eligible, ...change }, policy));

test('P1.1: a community completed on 2005-12-31 on state land in the city with deficiencies is eligible', () => {
  expect(refused({})).toEqual([]);
  expect(refused({ completedOn: undefined, completedYear: 2005, location: 'county-town' })).toEqual([]);
});

test.each<[string, Partial<CommunityFacts>]>([
  ['completedOn', { completedOn: '2006-01-01' }],
  ['completedOn', { completedOn: '2005-02-30' }],
  ['completedYear', { completedOn: undefined, completedYear: 2006 }],
  ['landOwnership', { landOwnership: 'collective' }],
  ['location', { location: 'other' }],
  ['demolishAndRebuild', { demolishAndRebuild: true }],
  ['deficiencies', { deficiencies: [] }],
])('P1.1: a failed condition is named: %s of %j', (path, change) => {
  expect(refused(change)).toEqual([`P1.1 ${path}`]);
});

test('P1.1: what is unknown is refused as unknown, each condition by itself', () => {
  const { name, households, buildings, floorArea } = eligible;
  const found = eligibilityRefusals({ name, households, buildings, floorArea }, policy);
  expect(named(found)).toEqual(
    ['completedYear', 'landOwnership', 'location', 'demolishAndRebuild', 'deficiencies'].map(
      (path) => `P1.1 ${path}`,
    ),
  );
  for (const one of found)
    expect(one).toMatchObject({ message: expect.stringContaining('未登记'), basis: expect.any(String) });
});
