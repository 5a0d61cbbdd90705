/** The household survey (P2.1.1): agreeing households over all households, in whole numbers. */
import type { Fraction } from '../policy/law';
import type { RatiosOf } from '../policy/snapshot';
import { compareShare } from './money';
import { refusal, type Refusal } from './refusal';

/** What the neighbourhood counted in one community. */
export interface SurveyTally {
  /** All households, by the register. */
  readonly households: number;
  /** Households that answered. */
  readonly answered: number;
  readonly agreeing: number;
}

export interface SurveyResult {
  /** `low-turnout`: extend or repeat; `declined`: the community leaves. */
  readonly outcome: 'agreed' | 'declined' | 'low-turnout';
  /** Kept as counted, never reduced: 70/105 stays 70/105. */
  readonly agreeing: Fraction;
  readonly turnout: Fraction;
}

const clause = 'P2.1.1';

/** Why the numbers cannot be a count of this community. */
export function surveyRefusals({ households, answered, agreeing }: SurveyTally): Refusal[] {
  const found: Refusal[] = [];
  for (const [path, value] of Object.entries({ households, answered, agreeing })) {
    if (!Number.isSafeInteger(value) || value < 0)
      found.push(refusal('应为非负整数', 'must be a whole number, not negative', { path, clause }));
  }
  if (households === 0)
    found.push(refusal('总户数不能为零', 'there must be households', { path: 'households', clause }));
  if (answered > households) {
    found.push(
      refusal('参与户数多于总户数', 'more households answered than there are', { path: 'answered', clause }),
    );
  }
  if (agreeing > answered) {
    found.push(
      refusal('同意户数多于参与户数', 'more households agree than answered', { path: 'agreeing', clause }),
    );
  }
  return found;
}

/** Turnout first: too few answers say nothing about the wish. The agreeing share is of all households. */
export function surveyResult(
  tally: SurveyTally,
  policy: RatiosOf<'survey-turnout' | 'survey-agreeing'>,
): SurveyResult {
  const { households, answered, agreeing } = tally;
  const outcome =
    compareShare(answered, households, policy.ratios['survey-turnout']) < 0
      ? 'low-turnout'
      : compareShare(agreeing, households, policy.ratios['survey-agreeing']) < 0
        ? 'declined'
        : 'agreed';
  return {
    outcome,
    agreeing: { numerator: agreeing, denominator: households },
    turnout: { numerator: answered, denominator: households },
  };
}
