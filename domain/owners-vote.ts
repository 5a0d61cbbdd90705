/**
 * Owners' decisions (民法典 278): two counts, by floor area and by owners, and both must reach the majority.
 *
 * Area is an integer in hundredths of a ㎡, as registered: no rounding decides a vote.
 */
import type { OwnersMatter } from '../policy/keys';
import { legalRatios } from '../policy/law';
import type { PolicySnapshot, RatiosOf } from '../policy/snapshot';
import { compareShare, shareText } from './money';
import { refusal, type Refusal } from './refusal';

/** Of all, how much took part, and how much of that agreed. */
export interface Count {
  readonly total: number;
  readonly voting: number;
  readonly agreeing: number;
}

export interface OwnersTally {
  readonly matter: OwnersMatter;
  /** Hundredths of a ㎡ of exclusive area. */
  readonly area: Count;
  /** One unit is one owner; an owner of several units is one owner. */
  readonly owners: Count;
}

/** A unit with its owner, by any key that tells owners apart, and the vote; absent: did not vote. */
export interface UnitVote {
  readonly owner: string;
  readonly area: number;
  readonly vote?: 'agree' | 'oppose' | 'abstain' | undefined;
}

type VoteRatio = 'owners-quorum' | 'owners-ordinary' | 'owners-special';
type VotePolicy = RatiosOf<VoteRatio> & Pick<PolicySnapshot, 'ownersMatters'>;

const clause = 'P2.1.3';
const basis = '民法典 278';

/** Counts units into a tally; an owner agrees only if every unit of theirs that voted agrees. */
export function tallyUnits(matter: OwnersMatter, units: readonly UnitVote[]): OwnersTally {
  const votes = new Map<string, { voted: boolean; agrees: boolean }>();
  const area = { total: 0, voting: 0, agreeing: 0 };
  for (const unit of units) {
    const before = votes.get(unit.owner) ?? { voted: false, agrees: true };
    const voted = unit.vote !== undefined;
    votes.set(unit.owner, {
      voted: before.voted || voted,
      agrees: before.agrees && (!voted || unit.vote === 'agree'),
    });
    area.total += unit.area;
    if (voted) area.voting += unit.area;
    if (unit.vote === 'agree') area.agreeing += unit.area;
  }
  const people = [...votes.values()];
  const voting = people.filter((one) => one.voted);
  const owners = {
    total: people.length,
    voting: voting.length,
    agreeing: voting.filter((one) => one.agrees).length,
  };
  return { matter, area, owners };
}

/** Whether the owners have decided in favour: quorum and majority, by area and by owners. */
export function ownersAgree(tally: OwnersTally, policy: VotePolicy): boolean {
  return ownersVoteRefusals(tally, policy).length === 0;
}

/** Why the numbers cannot be a count of votes, whatever they decide. */
export function tallyRefusals({ area, owners }: Pick<OwnersTally, 'area' | 'owners'>): Refusal[] {
  return [...countRefusals('area', area), ...countRefusals('owners', owners)];
}

/** What is missing for a valid decision in favour; each refusal names the count that falls short. */
export function ownersVoteRefusals(tally: OwnersTally, policy: VotePolicy): Refusal[] {
  const malformed = tallyRefusals(tally);
  if (malformed.length > 0) return malformed;
  const majority = policy.ownersMatters[tally.matter];
  return (['area', 'owners'] as const).flatMap((by) => {
    const { total, voting, agreeing } = tally[by];
    return [
      ...short(
        `${by}.voting`,
        voting,
        total,
        'owners-quorum',
        policy,
        by === 'area' ? '参与表决的面积' : '参与表决的业主人数',
      ),
      ...short(
        `${by}.agreeing`,
        agreeing,
        voting,
        majority,
        policy,
        by === 'area' ? '同意的面积' : '同意的业主人数',
      ),
    ];
  });
}

/** Area is shown in ㎡, as people know it. */
const squareMetres = (hundredths: number): string => `${hundredths / 100}㎡`;

function short(
  path: string,
  part: number,
  whole: number,
  key: VoteRatio,
  policy: VotePolicy,
  what: string,
): Refusal[] {
  const shown = path.startsWith('area') ? squareMetres : String;
  const ratio = policy.ratios[key];
  const strictly = legalRatios[key].compare === 'more-than';
  const compared = compareShare(part, whole, ratio);
  if (whole > 0 && (strictly ? compared > 0 : compared >= 0)) return [];
  const share = shareText(ratio);
  return [
    refusal(
      `${what}为 ${shown(part)}/${shown(whole)}，应${strictly ? '超过' : '不少于'} ${share}`,
      `${path} is ${shown(part)}/${shown(whole)}, must be ${strictly ? 'more than' : 'at least'} ${share}`,
      { path, clause, basis },
    ),
  ];
}

function countRefusals(path: string, count: Count): Refusal[] {
  const { total, voting, agreeing } = count;
  const whole = [total, voting, agreeing].every((n) => Number.isSafeInteger(n) && n >= 0);
  if (whole && total > 0 && voting <= total && agreeing <= voting) return [];
  return [
    refusal(
      '应为整数，且同意数不多于参与数，参与数不多于总数',
      'must be whole numbers, agreeing ≤ voting ≤ total',
      { path, clause, basis },
    ),
  ];
}
