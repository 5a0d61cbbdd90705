import * as fc from 'fast-check';
import { addCalendarDays, plusDays } from '../../domain/calendar';
import { tenderBreaches, tenderRefusals, tenderSchedule, type TenderEvents } from '../../domain/tender-clock';
import { calendar, named, policy } from './sample-policy';

/** 样例: a tender of spring 2025 that keeps every clock. */
const kept: TenderEvents = {
  documentsIssued: '2025-03-03',
  saleEnds: '2025-03-10',
  clarified: '2025-03-05',
  bidDeadline: '2025-03-24',
  evaluationReport: '2025-03-25',
  candidatesPublished: '2025-03-26',
  awarded: '2025-04-01',
  contractSigned: '2025-04-15',
  reportedToRegulator: '2025-04-10',
};
const refused = (change: TenderEvents) => named(tenderRefusals({ ...kept, ...change }, calendar, policy));
const late = (change: TenderEvents) => named(tenderBreaches({ ...kept, ...change }, calendar, policy));

test('P2.3.3: a tender that keeps every clock is neither refused nor in breach', () => {
  expect(refused({})).toEqual([]);
  expect(late({})).toEqual([]);
});

test.each<[string, TenderEvents]>([
  ['saleEnds', { saleEnds: '2025-03-07' }],
  ['bidDeadline', { bidDeadline: '2025-03-21' }],
  ['bidDeadline', { clarified: '2025-03-10' }],
  ['awarded', { awarded: '2025-03-31' }],
])('P2.3.3: an early %s is refused: %j', (act, change) => {
  expect(refused(change)).toEqual([`P2.3.3 ${act}`]);
});

test.each<[string, TenderEvents]>([
  ['candidatesPublished', { candidatesPublished: '2025-03-31', awarded: '2025-04-08' }],
  ['contractSigned', { contractSigned: '2025-05-07' }],
  ['reportedToRegulator', { reportedToRegulator: '2025-04-17' }],
])('P2.3.3: a late %s is a breach and refuses nothing: %j', (act, change) => {
  expect(late(change)).toEqual([`P2.3.3 ${act}`]);
  expect(refused(change)).toEqual([]);
});

test('P2.3.3: an act before the one it rests on is refused', () => {
  expect(refused({ evaluationReport: '2025-03-20' })).toEqual(['P2.3.3 evaluationReport']);
});

test('P2.3.3: the schedule names each date with its act and its law, as far as things have happened', () => {
  expect(tenderSchedule({ documentsIssued: '2025-03-03' }, calendar, policy)).toEqual([
    {
      period: 'tender-documents-on-sale',
      act: 'saleEnds',
      bound: 'minimum',
      basis: '招标投标法实施条例 16',
      date: '2025-03-10',
      provisional: false,
    },
    {
      period: 'tender-bid',
      act: 'bidDeadline',
      bound: 'minimum',
      basis: '招标投标法 24',
      date: '2025-03-24',
      provisional: false,
    },
  ]);
});

test('P2.3.3: a bid deadline is refused exactly on the days before the twentieth, moved to a working day', () => {
  fc.assert(
    fc.property(fc.nat(2000), fc.nat(40), (start, days) => {
      const documentsIssued = plusDays('2020-01-01', start);
      const bidDeadline = plusDays(documentsIssued, days);
      const earliest = addCalendarDays(calendar, documentsIssued, 20).date;
      const found = tenderRefusals({ documentsIssued, bidDeadline }, calendar, policy);
      expect(found.length > 0).toBe(bidDeadline < earliest);
    }),
  );
});
