import type { PeriodKey, Step } from '../../policy/keys';
import { lastDay, type Calendar, type CivilDate, type LastDay, type Period } from '../calendar';
import { OUTCOMES } from './outcomes';

/** The policy's periods of each step that run one after another; `workAsAgreed`: how long is in no policy. */
const RUN: Readonly<Record<Step, { readonly periods: readonly PeriodKey[]; readonly workAsAgreed?: true }>> =
  {
    'needs-collection': { periods: ['survey'] },
    'preliminary-plan': { periods: ['plan'] },
    'public-notice': { periods: ['public-notice', 'objection-answer'] },
    'county-submission': { periods: ['county-preparation'] },
    'joint-review': { periods: ['joint-review'] },
    'municipal-approval': { periods: ['municipal-approval'] },
    'joint-document': { periods: ['joint-document'] },
    'scheme-review': { periods: ['consultation', 'scheme-review'] },
    tendering: { periods: ['tender-bid', 'tender-report', 'tender-candidates', 'tender-contract'] },
    construction: { periods: ['construction-start'], workAsAgreed: true },
    'completion-acceptance': { periods: ['acceptance-invitation', 'acceptance-filing'] },
    'final-accounts': { periods: ['final-accounts'] },
    archiving: { periods: ['archiving'] },
    handover: { periods: ['handover'] },
    'property-management': { periods: ['property-management'] },
  };

export interface PeriodGiven {
  readonly length: Period;
  readonly basis: string;
  readonly clause?: string | undefined;
}

/** A running step as it stands. */
export interface Running {
  readonly step: Step;
  /** The day on which it was opened. */
  readonly openedOn: CivilDate;
  /** The latest day on which something in it is due. */
  readonly dueOn?: CivilDate;
  /** That day reaches into a year whose holidays are not published. */
  readonly provisional: boolean;
  /** The clock stands still: nobody knows until when. */
  readonly suspended: boolean;
}

export interface StepForecast {
  readonly step: Step;
  readonly state: 'running' | 'expected';
  readonly from?: CivilDate;
  /** By when, if every period is used up and every outcome is the ordinary one; absent where nobody can say. */
  readonly until?: CivilDate;
  readonly provisional: boolean;
  readonly periods: readonly ({ readonly key: PeriodKey } & PeriodGiven)[];
  /** Beside these periods the step takes as long as its contracts say. */
  readonly workAsAgreed: boolean;
}

export interface ForecastBasis {
  readonly calendar: Calendar;
  readonly today: CivilDate;
  readonly periods: Readonly<Record<PeriodKey, PeriodGiven>>;
  /** Days of the year on which a step closes for all projects alike. */
  readonly closes: Readonly<Partial<Record<Step, CivilDate>>>;
}

/**
 * By when each remaining step ends, if all goes its ordinary way and everybody takes the time that policy and law give.
 * A running step ends when its periods have run since it was opened and everything in it is due, not before today.
 */
export function forecast(running: readonly Running[], basis: ForecastBasis): StepForecast[] {
  const found = new Map<Step, StepForecast>(running.map((one) => [one.step, ofRunning(one, basis)]));
  const open = [...found.values()];
  for (let before = open.shift(); before; before = open.shift()) {
    const [{ steps = [] }] = OUTCOMES[before.step];
    for (const step of steps) {
      if (found.has(step)) continue;
      const next = ofExpected(step, before, basis);
      found.set(step, next);
      open.push(next);
    }
  }
  return [...found.values()];
}

function ofRunning(
  { step, openedOn, dueOn, provisional, suspended }: Running,
  basis: ForecastBasis,
): StepForecast {
  const shared = { step, state: 'running', from: openedOn, ...runOf(step, basis) } as const;
  if (suspended || shared.workAsAgreed) return { ...shared, provisional };
  const run = endOf(step, openedOn, basis);
  const until = latest(run.date, dueOn ?? run.date, basis.today);
  return { ...shared, until, provisional: until === run.date ? run.provisional : provisional };
}

function ofExpected(step: Step, before: StepForecast, basis: ForecastBasis): StepForecast {
  const shared = { step, state: 'expected', ...runOf(step, basis) } as const;
  const { until: from, provisional } = before;
  if (from === undefined) return { ...shared, provisional };
  if (shared.workAsAgreed) return { ...shared, from, provisional };
  const run = endOf(step, from, basis);
  return { ...shared, from, until: run.date, provisional: provisional || run.provisional };
}

/** When all periods of a step have run one after another, and not before it closes for all. */
function endOf(step: Step, from: CivilDate, { calendar, periods, closes }: ForecastBasis): LastDay {
  let end: LastDay = { date: from, provisional: false };
  for (const key of RUN[step].periods) {
    const { date, provisional } = lastDay(calendar, end.date, periods[key].length);
    end = { date, provisional: provisional || end.provisional };
  }
  const close = closes[step];
  return close !== undefined && close > end.date ? { date: close, provisional: false } : end;
}

function latest(...dates: readonly CivilDate[]): CivilDate {
  return dates.reduce((one, other) => (other > one ? other : one));
}

function runOf(step: Step, { periods }: ForecastBasis) {
  const { periods: keys, workAsAgreed = false } = RUN[step];
  return {
    periods: keys.map((key) => {
      const { length, basis, clause } = periods[key];
      return { key, length, basis, ...(clause === undefined ? {} : { clause }) };
    }),
    workAsAgreed,
  };
}
