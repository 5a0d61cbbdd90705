import * as fc from 'fast-check';
import {
  ownersAgree,
  ownersVoteRefusals,
  tallyUnits,
  type Count,
  type OwnersTally,
} from '../../domain/owners-vote';
import { ownersMatters, type OwnersMatter } from '../../policy/keys';
import { named, policy } from './sample-policy';

const same = (matter: OwnersMatter, count: Count): OwnersTally => ({ matter, area: count, owners: count });

test('P2.1.3: using maintenance funds needs more than half of the voting area and owners, exactly half is too little', () => {
  expect(ownersAgree(same('use-maintenance-fund', { total: 90, voting: 60, agreeing: 31 }), policy)).toBe(
    true,
  );
  expect(
    named(ownersVoteRefusals(same('use-maintenance-fund', { total: 90, voting: 60, agreeing: 30 }), policy)),
  ).toEqual(['P2.1.3 area.agreeing', 'P2.1.3 owners.agreeing']);
});

test.each(['raise-maintenance-fund', 'rebuild', 'change-common-use'] as const)(
  'P2.1.3: to %s, three quarters of those voting are enough and one less is not',
  (matter) => {
    expect(ownersAgree(same(matter, { total: 90, voting: 60, agreeing: 45 }), policy)).toBe(true);
    expect(ownersAgree(same(matter, { total: 90, voting: 60, agreeing: 44 }), policy)).toBe(false);
  },
);

test('P2.1.3: without two thirds of the area and of the owners voting nothing is decided', () => {
  expect(
    named(ownersVoteRefusals(same('use-maintenance-fund', { total: 90, voting: 59, agreeing: 59 }), policy)),
  ).toEqual(['P2.1.3 area.voting', 'P2.1.3 owners.voting']);
});

test('P2.1.3: both counts must pass: owners alone do not carry a vote against the larger area', () => {
  const tally: OwnersTally = {
    matter: 'use-maintenance-fund',
    area: { total: 100_000, voting: 100_000, agreeing: 40_000 },
    owners: { total: 10, voting: 10, agreeing: 9 },
  };
  expect(ownersVoteRefusals(tally, policy)).toEqual([
    expect.objectContaining({
      path: 'area.agreeing',
      basis: '民法典 278',
      message: expect.stringContaining('400㎡/1000㎡'),
    }),
  ]);
});

test('P2.1.3: one unit is one owner, an owner of several units is one owner', () => {
  const units = [
    { owner: 'a', area: 8_000, vote: 'agree' },
    { owner: 'a', area: 8_000, vote: 'agree' },
    { owner: 'b', area: 9_050, vote: 'oppose' },
    { owner: 'c', area: 7_000 },
    { owner: 'd', area: 6_000, vote: 'abstain' },
  ] as const;
  expect(tallyUnits('end-project', units)).toEqual({
    matter: 'end-project',
    area: { total: 38_050, voting: 31_050, agreeing: 16_000 },
    owners: { total: 4, voting: 3, agreeing: 1 },
  });
});

test('P2.1.3: counts that cannot be are refused before any share is computed', () => {
  expect(named(ownersVoteRefusals(same('rebuild', { total: 10, voting: 11, agreeing: 1 }), policy))).toEqual([
    'P2.1.3 area',
    'P2.1.3 owners',
  ]);
  expect(ownersAgree(same('rebuild', { total: 0, voting: 0, agreeing: 0 }), policy)).toBe(false);
});

const unit = fc.record({
  owner: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  area: fc.integer({ min: 1, max: 20_000 }),
  vote: fc.constantFrom('agree', 'oppose', 'abstain', undefined),
});

test('P2.1.3: nobody votes who is not an owner, nobody agrees who did not vote, by area and by owners', () => {
  fc.assert(
    fc.property(fc.array(unit, { minLength: 1, maxLength: 40 }), (units) => {
      const { area, owners } = tallyUnits('end-project', units);
      for (const { total, voting, agreeing } of [area, owners]) {
        expect(agreeing <= voting && voting <= total).toBe(true);
      }
      expect(area.total).toBe(units.reduce((sum, one) => sum + one.area, 0));
      expect(owners.total).toBe(new Set(units.map((one) => one.owner)).size);
    }),
  );
});

test('P2.1.3: a vote carries exactly if quorum and majority hold as fractions', () => {
  const count = fc
    .tuple(fc.integer({ min: 1, max: 400 }), fc.nat(1000), fc.nat(1000))
    .map(([total, v, a]) => ({ total, voting: v % (total + 1), agreeing: a % ((v % (total + 1)) + 1) }));
  fc.assert(
    fc.property(fc.constantFrom(...ownersMatters), count, count, (matter, area, owners) => {
      const special = ['raise-maintenance-fund', 'rebuild', 'change-common-use'].includes(matter);
      const passes = ({ total, voting, agreeing }: Count) =>
        voting > 0 &&
        3 * voting >= 2 * total &&
        (special ? 4 * agreeing >= 3 * voting : 2 * agreeing > voting);
      expect(ownersAgree({ matter, area, owners }, policy)).toBe(passes(area) && passes(owners));
    }),
  );
});
