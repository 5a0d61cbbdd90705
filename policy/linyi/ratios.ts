/** The shares and amounts that Linyi works with, inside the frame of `law.ts`. */
import { amountKeys, ratioKeys, type AmountKey, type RatioKey } from '../keys';
import { legalAmounts, legalRatios, type Fraction } from '../law';
import type { PolicyFile } from '../schema';

const values: Record<RatioKey, Fraction> = {
  // Practice of other cities (S); the policy only asks that residents are strongly willing.
  'survey-agreeing': { numerator: 2, denominator: 3 },
  // Ours (M): the agreeing share is of all households, so a turnout below it cannot succeed anyway.
  'survey-turnout': { numerator: 2, denominator: 3 },
  'owners-quorum': { numerator: 2, denominator: 3 },
  'owners-ordinary': { numerator: 1, denominator: 2 },
  'owners-special': { numerator: 3, denominator: 4 },
  'material-change': { numerator: 10, denominator: 100 },
  'advance-cap': { numerator: 30, denominator: 100 },
  // Ours (M): 80 % is the usual lower end of what contracts agree.
  'progress-payment': { numerator: 80, denominator: 100 },
  retention: { numerator: 3, denominator: 100 },
  'bid-bond': { numerator: 2, denominator: 100 },
  'performance-bond': { numerator: 10, denominator: 100 },
  'committee-experts': { numerator: 2, denominator: 3 },
  'heating-handover': { numerator: 1, denominator: 2 },
};

const fen: Record<AmountKey, number> = {
  'tender-works': 400_000_000,
  'tender-goods': 200_000_000,
  'tender-services': 100_000_000,
};

export const ratios = Object.fromEntries(
  ratioKeys.map((key) => [key, { value: values[key], ...legalRatios[key] }]),
) as PolicyFile['ratios'];

export const amounts = Object.fromEntries(
  amountKeys.map((key) => [key, { fen: fen[key], ...legalAmounts[key] }]),
) as PolicyFile['amounts'];

/** 一(一). */
export const eligibility: PolicyFile['eligibility'] = {
  completedBy: '2005-12-31',
  landOwnership: ['state'],
  locations: ['city', 'county-town'],
};

/** 一(三): by the end of the 14th five-year plan. */
export const goals: PolicyFile['goals'] = [
  { completedBefore: 2000, share: { numerator: 100, denominator: 100 }, by: '2025-12-31' },
  { completedBefore: 2005, share: { numerator: 85, denominator: 100 }, by: '2025-12-31' },
];
