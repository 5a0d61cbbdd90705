import type { SeatText } from '../policy/keys';
import type { Fraction } from '../policy/law';
import type { SamePerson } from './same-person';

export const assemblyRules = ['all-of', 'any-of', 'in-sequence', 'vote'] as const;

/**
 * How the answers of several seats become one decision.
 *
 * - `all-of` 会签, `in-sequence` 依次: carried when every seat agrees;
 * - `any-of` 或签: carried when one agrees, lost when all have objected;
 * - `vote` 票签: carried when the ratio of all weight agrees.
 *
 * Whatever the rule, the objection of a veto seat loses it, and nothing is carried before every veto seat has agreed.
 */
export interface Assembly {
  readonly rule: (typeof assemblyRules)[number];
  /** Share of all weight that must agree; of a vote only. */
  readonly ratio?: Fraction | undefined;
  /** Strictly more than the ratio, instead of at least. */
  readonly strictly?: boolean | undefined;
  /** Whole numbers; a seat that is not named weighs 1. */
  readonly weights?: Readonly<Partial<Record<SeatText, number>>> | undefined;
  readonly vetoes?: readonly SeatText[] | undefined;
  /**
   * `everybody`: answers are awaited though the outcome is certain, so that every reason is told at once (usual of
   * all-of and in-sequence); `until-certain`: whoever could change nothing any more need not answer.
   */
  readonly hear?: 'everybody' | 'until-certain' | undefined;
  /** The same person, the same organisation in two of the seats; what the policy says of all where it says nothing. */
  readonly samePerson?: SamePerson | undefined;
}

/** What is done where the policy says nothing. */
export const USUAL_ASSEMBLY: Assembly = { rule: 'all-of' };

/** What one seat has said so far. */
export interface Voice {
  readonly seat: SeatText;
  readonly says?: 'agrees' | 'objects' | undefined;
}

export type AssemblyOutcome = 'open' | 'carried' | 'lost';

export interface Tally {
  readonly agreed: number;
  readonly against: number;
  readonly total: number;
}

/** Weights of those who agree, of those who object, and of all. */
export function tallyOf({ weights = {} }: Assembly, voices: readonly Voice[]): Tally {
  const weigh = (says?: Voice['says']): number =>
    voices
      .filter((voice) => says === undefined || voice.says === says)
      .reduce((sum, { seat }) => sum + (weights[seat] ?? 1), 0);
  return { agreed: weigh('agrees'), against: weigh('objects'), total: weigh() };
}

/** `open` exactly as long as those who have not answered could still make it one or the other. */
export function outcomeOf(assembly: Assembly, voices: readonly Voice[]): AssemblyOutcome {
  if (!isCarried(assembly, filledUp(voices, 'agrees'))) return 'lost';
  return isCarried(assembly, filledUp(voices, 'objects')) ? 'carried' : 'open';
}

/** As it would be if all who have not answered said the same: more agreement never turns an outcome to `lost`. */
function filledUp(voices: readonly Voice[], says: 'agrees' | 'objects'): Voice[] {
  return voices.map((voice) => ({ ...voice, says: voice.says ?? says }));
}

/** @param voices all of them answered */
function isCarried(assembly: Assembly, voices: readonly Voice[]): boolean {
  const { rule, ratio, strictly = false, vetoes = [] } = assembly;
  if (voices.some(({ seat, says }) => says === 'objects' && vetoes.includes(seat))) return false;
  if (rule === 'any-of') return voices.some(({ says }) => says === 'agrees');
  if (rule !== 'vote' || !ratio) return voices.every(({ says }) => says === 'agrees');
  const { agreed, total } = tallyOf(assembly, voices);
  return reaches(agreed, total, ratio, strictly);
}

/** Whole numbers only: agreed / total against numerator / denominator, multiplied out. */
function reaches(agreed: number, total: number, { numerator, denominator }: Fraction, strictly: boolean) {
  return strictly ? agreed * denominator > total * numerator : agreed * denominator >= total * numerator;
}

/** Whether nobody need answer any more. */
export function isHeard(assembly: Assembly, voices: readonly Voice[]): boolean {
  if (voices.every(({ says }) => says !== undefined)) return true;
  const {
    hear = assembly.rule === 'all-of' || assembly.rule === 'in-sequence' ? 'everybody' : 'until-certain',
  } = assembly;
  return hear === 'until-certain' && outcomeOf(assembly, voices) !== 'open';
}

/** Whose turn it is, by their place among the voices; in sequence the first who has not answered. */
export function toBeHeard({ rule }: Assembly, voices: readonly Voice[]): number[] {
  const silent = voices.flatMap(({ says }, place) => (says === undefined ? [place] : []));
  return rule === 'in-sequence' ? silent.slice(0, 1) : silent;
}
