import {
  acceptanceRefusals,
  acceptanceChecks,
  warranties,
  type AcceptanceMeeting,
} from '../../domain/acceptance';
import { calendar, named, policy } from './sample-policy';

const meeting: AcceptanceMeeting = {
  invitedOn: '2025-06-02',
  heldOn: '2025-06-09',
  invitation: 1,
  representativesPresent: 2,
  signatures: ['project-owner', 'designer', 'contractor', 'supervisor'],
  surveyed: false,
  openFindings: [],
  checks: {
    workComplete: true,
    technicalFile: true,
    materialTests: true,
    qualityStatements: true,
    warranty: true,
    barrierFree: true,
  },
};
const refused = (change: Partial<AcceptanceMeeting>) =>
  named(acceptanceRefusals({ ...meeting, ...change }, calendar, policy));

test('P2.4.1: an acceptance with everybody present and everything signed passes', () => {
  expect(refused({})).toEqual([]);
});

test('P2.4.1: representatives are invited three working days ahead, over a holiday too', () => {
  expect(refused({ invitedOn: '2025-06-04', heldOn: '2025-06-09' })).toEqual(['P2.4.1 heldOn']);
  expect(refused({ invitedOn: '2025-06-04', heldOn: '2025-06-10' })).toEqual([]);
  expect(refused({ invitedOn: '2025-09-29', heldOn: '2025-10-09' })).toEqual(['P2.4.1 heldOn']);
});

test('P2.4.1: fewer than two representatives: a second invitation, then the neighbourhood attests', () => {
  expect(refused({ representativesPresent: 1 })).toEqual(['P2.4.1 representativesPresent']);
  expect(refused({ representativesPresent: 1, invitation: 2 })).toEqual(['P2.4.1 neighbourhoodAttests']);
  expect(refused({ representativesPresent: 0, invitation: 2, neighbourhoodAttests: true })).toEqual([]);
  expect(refused({ representativesPresent: 1, invitation: 1, neighbourhoodAttests: true })).toHaveLength(1);
});

test.each(['project-owner', 'designer', 'contractor', 'supervisor'] as const)(
  'P2.4.1: without the signature of the %s nothing is accepted',
  (body) => {
    expect(refused({ signatures: meeting.signatures.filter((one) => one !== body) })).toEqual([
      'P2.4.1 signatures',
    ]);
  },
);

test('P2.4.1: a surveyor signs where there was one', () => {
  expect(refused({ surveyed: true })).toEqual(['P2.4.1 signatures']);
  expect(refused({ surveyed: true, signatures: [...meeting.signatures, 'surveyor'] })).toEqual([]);
});

test('P2.3.4: open findings on quality and safety block acceptance, those on money do not', () => {
  expect(refused({ openFindings: ['money', 'progress', 'other'] })).toEqual([]);
  expect(refused({ openFindings: ['quality'] })).toEqual(['P2.3.4 openFindings']);
  expect(refused({ openFindings: ['safety', 'money'] })).toEqual(['P2.3.4 openFindings']);
});

test.each(acceptanceChecks)('P2.4.1: acceptance needs %s', (check) => {
  expect(refused({ checks: { ...meeting.checks, [check]: false } })).toEqual([`P2.4.1 checks.${check}`]);
});

test('P2.4.5: warranties run from acceptance: roof five years, pipes two, heating two whole seasons', () => {
  const until = (acceptedOn: string) =>
    Object.fromEntries(warranties(acceptedOn).map((one) => [one.part, one.until]));
  expect(until('2025-06-10')).toEqual({
    roof: '2030-06-10',
    heating: '2027-03-15',
    'pipes-and-finishing': '2027-06-10',
  });
  expect(until('2025-12-01').heating).toBe('2028-03-15');
  expect(until('2024-02-29')).toMatchObject({ roof: '2029-02-28', 'pipes-and-finishing': '2026-02-28' });
});
