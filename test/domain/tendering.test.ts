import * as fc from 'fast-check';
import {
  afterFailure,
  awardRefusals,
  bondRefusals,
  committeeRefusals,
  compulsoryLots,
  priceRefusals,
  procurementRefusals,
  tenderFailed,
  type Lot,
  type ProcurementChoice,
} from '../../domain/tendering';
import { named, policy } from './sample-policy';

const MILLION = 100_000_000;

test('P2.3.3: works from 4 million, goods from 2 million, services from 1 million yuan must be tendered', () => {
  const lots: Lot[] = [
    { id: 'works', kind: 'works', estimateFen: 4 * MILLION },
    { id: 'goods', kind: 'materials', goods: '电梯', estimateFen: 2 * MILLION },
    { id: 'supervision', kind: 'supervision', estimateFen: MILLION },
    { id: 'design', kind: 'design', estimateFen: MILLION - 1 },
  ];
  expect(compulsoryLots(lots, policy)).toEqual(['works', 'goods', 'supervision']);
});

test('P2.3.3: like purchases are summed, unlike goods are not', () => {
  const split: Lot[] = [
    { id: 'a', kind: 'works', estimateFen: 2 * MILLION },
    { id: 'b', kind: 'works', estimateFen: 2 * MILLION },
    { id: 'pipes', kind: 'materials', goods: '管材', estimateFen: 1.5 * MILLION },
    { id: 'lamps', kind: 'materials', goods: '灯具', estimateFen: 1.5 * MILLION },
  ];
  expect(compulsoryLots(split, policy)).toEqual(['a', 'b']);
});

test('P2.3.3: splitting a purchase never lifts the duty to tender', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2 * MILLION), { minLength: 1, maxLength: 8 }), (parts) => {
      const whole = parts.reduce((sum, part) => sum + part, 0);
      const lots = parts.map((estimateFen, i): Lot => ({ id: `${i}`, kind: 'works', estimateFen }));
      const oneLot: Lot[] = [{ id: 'whole', kind: 'works', estimateFen: whole }];
      expect(compulsoryLots(lots, policy).length > 0).toBe(compulsoryLots(oneLot, policy).length > 0);
    }),
  );
});

const choice: ProcurementChoice = {
  kind: 'works',
  way: 'negotiation',
  ground: '低于限额',
  compulsory: false,
  failures: 0,
};
const refused = (change: Partial<ProcurementChoice>) => named(procurementRefusals({ ...choice, ...change }));

test('P2.3.3: another way than a tender is recorded with its ground', () => {
  expect(refused({})).toEqual([]);
  expect(refused({ ground: ' ' })).toEqual(['P2.3.3 ground']);
  expect(refused({ way: 'tender', ground: undefined, compulsory: true })).toEqual([]);
});

test('P2.3.3: above the threshold another way opens only after two failed tenders, with approval', () => {
  expect(refused({ compulsory: true, failures: 1 })).toEqual(['P2.3.3 way']);
  expect(refused({ compulsory: true, failures: 2 })).toEqual(['P2.3.3 approval']);
  expect(refused({ compulsory: true, failures: 2, approval: 'attachment-1' })).toEqual([]);
});

test('P2.3.5: utility works may be done by the operator, with its ground, whatever they cost; other works not', () => {
  expect(refused({ kind: 'operator-works', way: 'operator', compulsory: true })).toEqual([]);
  expect(refused({ kind: 'operator-works', way: 'operator', ground: undefined })).toEqual(['P2.3.3 ground']);
  expect(refused({ way: 'operator' })).toEqual(['P2.3.5 way']);
});

test('P2.3.3: with two bidders a tender has failed; it is held again, and after the second failure another way is open', () => {
  expect([tenderFailed(2), tenderFailed(3)]).toEqual([true, false]);
  expect([afterFailure(1), afterFailure(2)]).toEqual(['tender-again', 'other-way']);
});

test.each([
  [5, 4, []],
  [7, 5, []],
  [6, 4, ['committee.members']],
  [3, 2, ['committee.members']],
  [5, 3, ['committee.experts']],
  [5, 6, ['committee.experts']],
])('P2.3.3: a committee of %i with %i experts', (members, experts, paths) => {
  expect(named(committeeRefusals({ members, experts }, policy))).toEqual(
    paths.map((path) => `P2.3.3 ${path}`),
  );
});

test('P2.3.3: a bid bond above 2 % or a performance bond above 10 % is refused', () => {
  const bonds = {
    estimateFen: 100_000_000,
    bidBondFen: 2_000_000,
    contractFen: 90_000_000,
    performanceBondFen: 9_000_000,
  };
  expect(bondRefusals(bonds, policy)).toEqual([]);
  expect(
    named(bondRefusals({ ...bonds, bidBondFen: 2_000_001, performanceBondFen: 9_000_001 }, policy)),
  ).toEqual(['P2.3.3 bidBondFen', 'P2.3.3 performanceBondFen']);
});

test('P2.3.3: the first-ranked candidate wins, another one only with a reason', () => {
  const award = { candidates: ['a', 'b', 'c'], winner: 'a', openObjections: 0 };
  expect(awardRefusals(award)).toEqual([]);
  expect(named(awardRefusals({ ...award, winner: 'b' }))).toEqual(['P2.3.3 winner']);
  expect(awardRefusals({ ...award, winner: 'b', reason: '第一名放弃中标' })).toEqual([]);
  expect(awardRefusals({ ...award, winner: 'x', reason: '…' })).toHaveLength(1);
});

test('P2.3.3: nobody wins while an objection is not answered', () => {
  expect(awardRefusals({ candidates: ['a'], winner: 'a', openObjections: 1 })).toHaveLength(1);
});

test('P2.3.3: a price over the budget needs re-approval', () => {
  expect(priceRefusals(100, 100)).toEqual([]);
  expect(named(priceRefusals(101, 100))).toEqual(['P2.3.3 amountFen']);
  expect(priceRefusals(101, 100, 'attachment-1')).toEqual([]);
});
