import fc from 'fast-check';
import type { z } from 'zod';
import { warranties } from '../../../domain/acceptance';
import { isWorkingDay, startOfDay, plusDays, type CivilDate } from '../../../domain/calendar';
import * as beside from '../../../domain/forms/acceptance-beside';
import * as signing from '../../../domain/forms/acceptance-signing';
import * as archiving from '../../../domain/forms/archiving';
import * as meeting from '../../../domain/forms/completion-acceptance';
import * as extensions from '../../../domain/forms/accounts-extension';
import * as accounts from '../../../domain/forms/final-accounts';
import * as handover from '../../../domain/forms/handover';
import * as findings from '../../../domain/forms/money-findings';
import * as management from '../../../domain/forms/property-management';
import type { Moment } from '../../../domain/task';
import { holidayCalendar } from '../../../policy/holidays';
import { linyi } from '../../../policy/linyi';
import { policySnapshot } from '../../../policy/snapshot';

const policy = policySnapshot(linyi);
const invitation = policy.periods['acceptance-invitation'];
const DAY = '2026-09-30';

const moment = (today: CivilDate): Moment => ({
  now: startOfDay(today) + 36_000_000,
  today,
  calendar: holidayCalendar,
});
const anyDay = fc.integer({ min: 0, max: 700 }).map((n) => plusDays('2025-01-01', n));
const anyFen = fc.integer({ min: 1, max: 10_000_000_000 });

/** A kind whose context nobody checks: the tests give what the steps would. */
interface Loose {
  form(context: unknown): z.ZodType;
  rules?(form: unknown, context: unknown, at: Moment): readonly unknown[];
  example(context: unknown, at: Moment): Record<string, unknown>;
}

/** The example is accepted by form and rules; answers it. */
function accepted(kind: unknown, context: unknown, at: Moment): Record<string, unknown> {
  const { form, rules, example } = kind as unknown as Loose;
  const given = example(context, at);
  const parsed = form(context).safeParse(given);
  expect(parsed.error?.issues ?? []).toEqual([]);
  expect(rules?.(given, context, at) ?? []).toEqual([]);
  return given;
}

const communities = [
  { id: 'c1', name: '样例小区一' },
  { id: 'c2', name: '样例小区二' },
];
const candidates: handover.ManagerCandidate[] = [
  { id: 'company-1', name: '样例物业', as: 'professional' },
  { id: 'office-1', name: '样例街道', as: 'subdistrict' },
  { id: 'committee-1', name: '样例居委会', as: 'neighbourhood' },
];
const modes = ['professional', 'subdistrict', 'neighbourhood'] as const;

describe('the examples of the forms after the works are accepted by their forms and rules', () => {
  it('P2.4.1: convened on any day, the meeting lies after three whole working days', () => {
    fc.assert(
      fc.property(anyDay, (today) => {
        const context = { communities, invitation: 1, period: invitation, documents: ['warranty'] };
        const { meetingOn } = accepted(meeting.acceptanceConvening, context, moment(today)) as {
          meetingOn: CivilDate;
        };
        const between: CivilDate[] = [];
        for (let day = plusDays(today, 1); day < meetingOn; day = plusDays(day, 1)) between.push(day);
        expect(between.filter((day) => isWorkingDay(holidayCalendar, day)).length).toBe(3);
        accepted(meeting.acceptanceInvitation, { ...context, invitation: 2 }, moment(today));
      }),
      { numRuns: 60 },
    );
  });

  it('P2.4.1, P2.4.2: meeting, attestation, signatures, rectification, report, findings, operators, filing', () => {
    const at = moment(DAY);
    accepted(
      meeting.acceptanceMeeting,
      { communities, invitation: 1, invitedOn: '2026-09-20', meetingOn: DAY },
      at,
    );
    accepted(
      meeting.acceptanceAttestation,
      { community: 'c1', name: '样例', invitedOn: ['2026-09-01'], meetings: ['2026-09-10'] },
      at,
    );
    const signature = { body: 'designer', heldOn: DAY, heard: '', mended: [] };
    accepted(signing.acceptanceSignature, signature, at);
    const { checks } = accepted(
      signing.acceptanceOwnerSignature,
      { ...signature, body: 'project-owner' },
      at,
    );
    const defects = [
      { id: '1-1', by: 'designer', what: '样例' },
      { id: '2-1', by: 'supervisor', what: '样例' },
    ];
    accepted(signing.acceptanceRectification, { defects }, at);
    accepted(
      signing.acceptanceReport,
      {
        meeting: {
          invitedOn: '2026-09-20',
          heldOn: DAY,
          invitation: 1,
          representativesPresent: 2,
          signatures: ['project-owner', 'designer', 'contractor', 'supervisor'],
          surveyed: false,
          openFindings: ['money'],
          checks,
        },
        periods: { 'acceptance-invitation': invitation },
      },
      at,
    );
    accepted(beside.acceptanceFinding, { reported: false }, at);
    accepted(beside.acceptanceFindingClosing, { ...defects[0], how: '样例' }, at);
    accepted(beside.operatorAcceptance, { operator: 'o', items: ['供水'], mended: [] }, at);
    accepted(beside.acceptanceFiling, { acceptedOn: DAY }, at);
    accepted(beside.acceptanceFilingReceipt, { acceptedOn: DAY, form: 'sample-attachment' }, at);
  });

  it('P2.4.3: settled as contracted, the accounts agree with whatever was changed, paid and funded', () => {
    const lot = fc.record({
      contractFen: anyFen,
      changeOf: fc.integer({ min: -50, max: 50 }),
      paidOf: fc.integer({ min: 0, max: 97 }),
    });
    fc.assert(
      fc.property(fc.array(lot, { minLength: 1, maxLength: 5 }), anyFen, (lots, plannedFen) => {
        const contracts = lots.map(({ contractFen, changeOf, paidOf }, i) => {
          const approvedChangesFen = Math.trunc((contractFen / 100) * changeOf);
          const context = {
            lot: `lot-${i}`,
            winner: 'w',
            contractFen,
            approvedChangesFen,
            reviewDays: 20,
            acceptedOn: DAY,
          };
          const { settledFen } = accepted(accounts.settlementReview, context, moment(DAY)) as {
            settledFen: number;
          };
          return { ...context, settledFen, paidFen: Math.floor((settledFen * paidOf) / 100) };
        });
        const context = {
          budgetFen: plannedFen,
          contracts,
          paidFen: contracts.reduce((sum, { paidFen }) => sum + paidFen, 0),
          sources: [{ source: 'county', plannedFen }],
          ratios: { retention: policy.ratios.retention },
        };
        accepted(accounts.finalAccounts, context, moment(DAY));
      }),
      { numRuns: 60 },
    );
    const review = { budgetFen: 1, totalFen: 1, paidFen: 1, lots: ['lot-1'], document: 'sample-attachment' };
    accepted(accounts.finalAccountsReview, review, moment(DAY));
    const extension = { until: DAY, extendedUntil: DAY, state: 'open' };
    accepted(extensions.accountsExtension, extension, moment(DAY));
    accepted(extensions.accountsExtensionDecision, { ...extension, reason: '样例' }, moment(DAY));
    const finding = { finding: 'm1', title: '样例', found: 'o', remedies: [] };
    accepted(findings.moneyFindingClosing, finding, moment(DAY));
    accepted(findings.moneyFindingRemedy, { ...finding, opinion: '样例' }, moment(DAY));
  });

  it('P2.4.4: whatever is missing, the example brings exactly that', () => {
    const all = Object.entries(policy.documents).flatMap(([step, documents]) =>
      documents.map(({ key, name }) => ({ key: `${step}.${key}`, name })),
    );
    fc.assert(
      fc.property(fc.subarray(all), (missing) => {
        const given = accepted(
          archiving.archiveAssembly,
          { missing, filed: 3, acceptedOn: DAY },
          moment(DAY),
        );
        expect(Object.keys(given['documents'] as object)).toEqual(missing.map(({ key }) => key));
      }),
      { numRuns: 40 },
    );
    accepted(archiving.archiveCheck, { documents: all, volumes: 5 }, moment(DAY));
  });

  it('P2.4.5, P4.5: for every mode and every choice of items', () => {
    for (const mode of modes) accepted(handover.managerRecording, { mode, candidates }, moment(DAY));
    accepted(
      handover.managerRecording,
      { mode: 'professional', candidates: candidates.slice(1) },
      moment(DAY),
    );
    const items = policy.items.map(({ no, name, operators }) => ({
      no,
      name,
      receivers: operators ? ['operator-1', 'operator-2'] : ['company-1'],
    }));
    const running = warranties(DAY);
    fc.assert(
      fc.property(fc.subarray(items, { minLength: 1 }), (chosen) => {
        accepted(
          handover.handoverList,
          { items: chosen, receivers: [], warranties: running, refused: [] },
          moment(DAY),
        );
      }),
      { numRuns: 40 },
    );
    const receipt = {
      receiver: { id: 'company-1', name: '样例', as: 'manager' },
      assets: [],
      warranties: running,
      acceptedOn: DAY,
    };
    accepted(handover.handoverAcceptance, receipt, moment(DAY));
    accepted(handover.utilityHandover, receipt, moment(DAY));
    const ratio = policy.ratios['heating-handover'];
    accepted(
      handover.heatingTally,
      { community: 'c1', name: '样例', floorArea: 11_700.55, households: 120, ratio },
      moment(DAY),
    );
  });

  it('P2.5.1, P2.5.2, P5.4.2: for every mode, with and without somebody of that mode', () => {
    for (const mode of modes) {
      for (const among of [candidates, candidates.filter(({ as }) => as !== mode)]) {
        const context = { mode, manager: 'company-1', interim: false, candidates: among, handedOverOn: DAY };
        accepted(management.managementInForce, context, moment(DAY));
      }
      accepted(management.managementSubsidy, { mode, manager: 'company-1' }, moment(DAY));
    }
    for (const households of [1, 2, 119, 5_000]) {
      accepted(management.satisfactionSurvey, { community: 'c1', name: '样例', households }, moment(DAY));
    }
    const context = { satisfaction: { asked: 120, satisfied: 90 }, subsidyFen: 0 };
    const county = accepted(management.countyEvaluation, context, moment(DAY));
    accepted(management.cityEvaluation, { ...context, county }, moment(DAY));
  });
});
