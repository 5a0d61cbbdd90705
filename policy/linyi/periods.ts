/**
 * How long Linyi gives for each act. Title, basis and floor come from `law.ts`; only the length is the city's.
 * Lengths of entries marked M in `law.ts` are our proposals, to be confirmed by the city's lawyer.
 */
import type { Period } from '../../domain/calendar';
import { periodKeys, type PeriodKey } from '../keys';
import { legalPeriods, legalSettlementBands } from '../law';
import type { PolicyFile } from '../schema';

const lengths: Record<PeriodKey, Period> = {
  survey: { workingDays: 20 },
  plan: { workingDays: 20 },
  'operator-plan': { workingDays: 15 },
  'public-notice': { workingDays: 5 },
  'objection-answer': { workingDays: 5 },
  'county-preparation': { workingDays: 10 },
  'joint-review': { workingDays: 20 },
  'municipal-approval': { workingDays: 20 },
  'joint-document': { workingDays: 10 },
  'scheme-review': { workingDays: 10 },
  consultation: { workingDays: 5 },
  'tender-clarification': { days: 15 },
  'tender-documents-on-sale': { days: 5 },
  'tender-bid': { days: 20 },
  'tender-candidates': { days: 3 },
  'tender-report': { days: 3 },
  'tender-objection-answer': { days: 3 },
  'tender-contract': { days: 30 },
  'tender-regulator-report': { days: 15 },
  'construction-start': { months: 3 },
  'construction-start-extension': { months: 3 },
  'monthly-progress': { workingDays: 5 },
  'finding-answer': { workingDays: 10 },
  'payment-review': { days: 30 },
  'acceptance-invitation': { workingDays: 3 },
  'acceptance-filing': { days: 15 },
  'final-accounts': { months: 3 },
  'final-accounts-extension': { months: 2 },
  'settlement-review': { days: 60 },
  archiving: { months: 3 },
  handover: { workingDays: 20 },
  'property-management': { workingDays: 20 },
  'control-consent': { workingDays: 5 },
  default: { workingDays: 10 },
};

export const periods = Object.fromEntries(
  periodKeys.map((key) => [key, { length: lengths[key], ...legalPeriods[key] }]),
) as PolicyFile['periods'];

export const settlementBands: PolicyFile['settlementBands'] = [...legalSettlementBands];

/** The review's close is not in the policy: 30 November leaves December for approval and document (M). */
export const dates: PolicyFile['dates'] = { submissionClose: '09-30', reviewClose: '11-30' };

export const reminders: PolicyFile['reminders'] = {
  declaration: [30, 7, 1],
  task: [1, 0, -3],
  workingHours: { from: '09:00', until: '17:00' },
  urgesADay: 2,
};

/** The bureau of the same body in the city; where it has none, and for all else, housing of the level above (M). */
export const escalation: PolicyFile['escalation'] = {
  afterWorkingDays: 5,
  superiors: [
    { of: '*@county', superior: '*@city' },
    { of: '*@county', superior: 'housing@city' },
    { of: '*@neighbourhood', superior: 'subdistrict@subdistrict' },
    { of: '*@subdistrict', superior: 'housing@county' },
    { of: '*@operator', superior: 'housing@county' },
    { of: '*@market', superior: 'housing@county' },
  ],
};
