/** Progress against the policy's goal (P1.3), from the register: per county and for the city. */
import type { Fraction } from '../policy/law';
import { compareShare } from './money';
import type { CivilDate } from './calendar';

export interface Goal {
  /** Communities completed before this year. */
  readonly completedBefore: number;
  readonly share: Fraction;
  readonly by: CivilDate;
}

export interface RegisterEntry {
  readonly county: string;
  /** Absent: unknown, and counted apart. */
  readonly completedYear?: number | undefined;
  readonly renovated: boolean;
}

export interface GoalProgress {
  readonly completedBefore: number;
  readonly by: CivilDate;
  readonly renovated: number;
  readonly total: number;
  /** Whether the share is reached; with nothing to renovate it is. */
  readonly reached: boolean;
}

export interface CountyProgress {
  /** Undefined for the whole city. */
  readonly county: string | undefined;
  readonly goals: readonly GoalProgress[];
  /** Communities whose year is unknown: they count for no goal until it is recorded. */
  readonly unknownYear: number;
}

/** The city first, then each county in order of its code. */
export function goalProgress(register: readonly RegisterEntry[], goals: readonly Goal[]): CountyProgress[] {
  const counties = [...new Set(register.map(({ county }) => county))].sort();
  return [
    progressOf(undefined, register, goals),
    ...counties.map((county) =>
      progressOf(
        county,
        register.filter((entry) => entry.county === county),
        goals,
      ),
    ),
  ];
}

function progressOf(
  county: string | undefined,
  entries: readonly RegisterEntry[],
  goals: readonly Goal[],
): CountyProgress {
  return {
    county,
    unknownYear: entries.filter(({ completedYear }) => completedYear === undefined).length,
    goals: goals.map(({ completedBefore, share, by }) => {
      const meant = entries.filter(
        ({ completedYear }) => completedYear !== undefined && completedYear < completedBefore,
      );
      const renovated = meant.filter((entry) => entry.renovated).length;
      return {
        completedBefore,
        by,
        renovated,
        total: meant.length,
        reached: compareShare(renovated, meant.length, share) >= 0,
      };
    }),
  };
}
