/**
 * The stable words that policy, rules, workflows and the API share.
 *
 * They are written into events and histories that live for years: a key is never renamed, only added.
 * This file imports nothing, so that the workflow sandbox may load it without the schema library.
 */

export const bodies = [
  'housing',
  'development-and-reform',
  'finance',
  'natural-resources-and-planning',
  'government',
  'audit',
  'fire-rescue',
  'market-regulation',
  'sports',
  'civil-affairs',
  'public-security',
  'urban-management',
  'commerce',
  'justice',
  'subdistrict',
  'neighbourhood',
  'owners-committee',
  'water',
  'power',
  'gas',
  'heating',
  'telecom',
  'cable-tv',
  'project-owner',
  'designer',
  'contractor',
  'supervisor',
  'surveyor',
  'property-manager',
] as const;
export type Body = (typeof bodies)[number];

/** The six kinds of utility operators 专营单位. */
export const utilities = ['water', 'power', 'gas', 'heating', 'telecom', 'cable-tv'] as const;
export type Utility = (typeof utilities)[number];

/** `market`: companies that hold a seat only because an act names them (owner, designer, contractor, …). */
export const levels = ['city', 'county', 'subdistrict', 'neighbourhood', 'operator', 'market'] as const;
export type Level = (typeof levels)[number];

export const steps = [
  'needs-collection',
  'preliminary-plan',
  'public-notice',
  'county-submission',
  'joint-review',
  'municipal-approval',
  'joint-document',
  'scheme-review',
  'tendering',
  'construction',
  'completion-acceptance',
  'final-accounts',
  'archiving',
  'handover',
  'property-management',
] as const;
export type Step = (typeof steps)[number];

export const periodKeys = [
  'survey',
  'plan',
  'operator-plan',
  'public-notice',
  'objection-answer',
  'county-preparation',
  'joint-review',
  'municipal-approval',
  'joint-document',
  'scheme-review',
  'consultation',
  'tender-clarification',
  'tender-documents-on-sale',
  'tender-bid',
  'tender-candidates',
  'tender-report',
  'tender-objection-answer',
  'tender-contract',
  'tender-regulator-report',
  'construction-start',
  'construction-start-extension',
  'monthly-progress',
  'finding-answer',
  'payment-review',
  'acceptance-invitation',
  'acceptance-filing',
  'final-accounts',
  'final-accounts-extension',
  'settlement-review',
  'archiving',
  'handover',
  'property-management',
  'control-consent',
  'default',
] as const;
export type PeriodKey = (typeof periodKeys)[number];

export const ratioKeys = [
  'survey-agreeing',
  'survey-turnout',
  'owners-quorum',
  'owners-ordinary',
  'owners-special',
  'material-change',
  'advance-cap',
  'progress-payment',
  'retention',
  'bid-bond',
  'performance-bond',
  'committee-experts',
  'heating-handover',
] as const;
export type RatioKey = (typeof ratioKeys)[number];

export const amountKeys = ['tender-works', 'tender-goods', 'tender-services'] as const;
export type AmountKey = (typeof amountKeys)[number];

/** Matters on which owners decide (民法典 278); each needs one of the two majorities. */
export const ownersMatters = [
  'use-maintenance-fund',
  'raise-maintenance-fund',
  'rebuild',
  'change-common-use',
  'use-public-income',
  'end-project',
] as const;
export type OwnersMatter = (typeof ownersMatters)[number];

export const sources = [
  'central',
  'provincial',
  'city',
  'county',
  'land-revenue',
  'departmental',
  'special-bond',
  'resident',
  'maintenance-fund',
  'public-income',
  'gift',
  'operator',
  'former-owner',
  'society-capital',
  'credit',
] as const;
export type Source = (typeof sources)[number];

export const itemClasses = ['basic', 'improved', 'upgraded'] as const;
export type ItemClass = (typeof itemClasses)[number];

/** When a required document is required; `always`, or only when the project has this trait. */
export const documentConditions = [
  'always',
  'owners-vote',
  'new-building',
  'special-bond',
  'compulsory-tender',
  'other-procurement',
  'ordinary-formalities',
  'surveyed',
  'operator-works',
  'elevator',
] as const;
export type DocumentCondition = (typeof documentConditions)[number];

/** What somebody is in an organisation: 经办、科室负责人、签发; in the order in which a decision passes them. */
export const officeRoles = ['handler', 'section-chief', 'signatory'] as const;
export type OfficeRole = (typeof officeRoles)[number];

/** Decisions that several seats take together; the policy says by which rule. */
export const jointDecisions = [
  'joint-review',
  'joint-document',
  'scheme-review',
  'price-approval',
  'other-way-approval',
  'withdrawal-consent',
  'cancellation-consent',
] as const;
export type JointDecision = (typeof jointDecisions)[number];

/** Acts by which a project is stopped or turned back, and the stretch of its life in which they apply. */
export const controls = [
  'withdraw',
  'cancel',
  'residents-vote',
  'suspend',
  'resume',
  'late-admission',
] as const;
export type Control = (typeof controls)[number];

export const stretches = [
  'before-submission',
  'before-joint-document',
  'before-contracts',
  'after-contracts',
] as const;

export interface Seat {
  readonly body: Body;
  readonly level: Level;
}

/** A seat as policy files and search attributes write it: `finance@county`. */
export type SeatText = `${Body}@${Level}`;

export function seatText(seat: Seat): SeatText {
  return `${seat.body}@${seat.level}`;
}

/** The seat that the text names, or undefined if body or level is unknown. */
export function parseSeat(text: string): Seat | undefined {
  const [body, level, ...rest] = text.split('@');
  if (rest.length > 0 || !isOneOf(bodies, body) || !isOneOf(levels, level)) return undefined;
  return { body, level };
}

function isOneOf<T extends string>(words: readonly T[], word: string | undefined): word is T {
  return word !== undefined && (words as readonly string[]).includes(word);
}
