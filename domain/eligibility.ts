/** Whether a community may be renovated under the policy (P1.1): each failed or unknown condition is named. */
import type { PolicySnapshot } from '../policy/snapshot';
import { isCivilDate, type CivilDate } from './calendar';
import { refusal, type Refusal } from './refusal';

/**
 * A community as the register knows it. What nobody has recorded is absent, and absent is not "no":
 * an unknown condition refuses, so that it is asked for and not invented.
 */
export interface CommunityFacts {
  readonly name: string;
  readonly households: number;
  readonly buildings: number;
  /** ㎡ */
  readonly floorArea: number;
  readonly completedOn?: CivilDate | undefined;
  /** Where only the year is known. */
  readonly completedYear?: number | undefined;
  readonly landOwnership?: 'state' | 'collective' | undefined;
  readonly location?: 'city' | 'county-town' | 'other' | undefined;
  /** 住宅拆除新建. */
  readonly demolishAndRebuild?: boolean | undefined;
  /** Recorded deficiencies 失养失修失管、配套不完善; an empty list says that there are none. */
  readonly deficiencies?: readonly string[] | undefined;
}

const clause = 'P1.1';
const basis = '临政办字〔2020〕81号 一(一)';

/** Why the community cannot start a project; empty if it may. Paths are those of the register's record. */
export function eligibilityRefusals(
  facts: CommunityFacts,
  policy: Pick<PolicySnapshot, 'eligibility'>,
): Refusal[] {
  const { landOwnership, locations } = policy.eligibility;
  return [
    ...completion(facts, policy.eligibility.completedBy),
    ...among(
      'landOwnership',
      facts.landOwnership,
      landOwnership,
      '土地权属',
      'land ownership',
      '应为国有土地',
      'must be state-owned',
    ),
    ...among(
      'location',
      facts.location,
      locations,
      '所在位置',
      'location',
      '应在城市或县城',
      'must be in a city or county town',
    ),
    ...rebuild(facts),
    ...deficiencies(facts),
  ];
}

function completion({ completedOn, completedYear }: CommunityFacts, completedBy: CivilDate): Refusal[] {
  if (completedOn !== undefined) {
    if (!isCivilDate(completedOn)) return [no('completedOn', '建成日期不存在', 'no such date of completion')];
    return completedOn <= completedBy ? [] : [late('completedOn', completedOn, completedBy)];
  }
  if (completedYear === undefined) return [unknown('completedYear', '建成年份', 'year of completion')];
  return `${completedYear}-12-31` <= completedBy
    ? []
    : [late('completedYear', String(completedYear), completedBy)];
}

function late(path: string, completed: string, completedBy: CivilDate): Refusal {
  return no(
    path,
    `建成于 ${completed}，晚于 ${completedBy}`,
    `completed ${completed}, later than ${completedBy}`,
  );
}

function among<T extends string>(
  path: string,
  value: T | undefined,
  allowed: readonly T[],
  what: string,
  whatEn: string,
  message: string,
  messageEn: string,
): Refusal[] {
  if (value === undefined) return [unknown(path, what, whatEn)];
  return allowed.includes(value) ? [] : [no(path, `${what}不符：${message}`, `${whatEn}: ${messageEn}`)];
}

function rebuild({ demolishAndRebuild }: CommunityFacts): Refusal[] {
  if (demolishAndRebuild === undefined) {
    return [unknown('demolishAndRebuild', '是否住宅拆除新建', 'whether it is a demolish-and-rebuild')];
  }
  return demolishAndRebuild
    ? [no('demolishAndRebuild', '住宅拆除新建不属于改造范围', 'demolish-and-rebuild is not a renovation')]
    : [];
}

function deficiencies({ deficiencies: recorded }: CommunityFacts): Refusal[] {
  if (recorded === undefined) return [unknown('deficiencies', '失养失修失管等问题', 'deficiencies')];
  return recorded.length > 0
    ? []
    : [no('deficiencies', '没有登记失养失修失管或配套不完善的问题', 'no deficiency is recorded')];
}

function unknown(path: string, what: string, whatEn: string): Refusal {
  return no(path, `${what}未登记，请先补登`, `${whatEn} is unknown: record it first`);
}

function no(path: string, message: string, messageEn: string): Refusal {
  return refusal(message, messageEn, { path, clause, basis });
}
