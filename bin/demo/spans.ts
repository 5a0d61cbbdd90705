import { civilDate } from '../../domain/calendar';
import { PLAN_STAGES } from '../../domain/plan-stages';
import type { EventView, ProjectView } from './views';

/** A stretch of a project's life in one step. */
export interface Span {
  readonly step: string;
  readonly round: number;
  readonly from: number;
  readonly to: number;
  /** What went wrong in it. */
  readonly notes?: readonly string[];
}

/** Events that a chart mentions. */
const NOTED: Readonly<Record<string, string>> = {
  'tender-failed': 'tender failed',
  'acceptance-refused': 'defect at acceptance',
  'listing-corrected': 'to be corrected',
  'listing-deferred': 'deferred',
};

/** A project's steps and rounds, and its time in the year's plan, in the order in which they began. */
export function spansOf(project: ProjectView, events: readonly EventView[], now: number): Span[] {
  const steps = project.history
    .filter(({ step }) => step !== 'control')
    .map(({ step, round, openedAt, closedAt }) => ({
      step,
      round,
      from: Date.parse(openedAt),
      to: closedAt ? Date.parse(closedAt) : now,
    }));
  return [...steps, ...planSpans(events, now)]
    .sort((a, b) => a.from - b.from)
    .map((span) => ({ ...span, notes: notesIn(span, events) }));
}

function notesIn({ step, from, to }: Span, events: readonly EventView[]): string[] {
  return events.flatMap(({ type, at, step: of }) => {
    const what = NOTED[type];
    const instant = Date.parse(at);
    const within = instant >= from && instant <= to && (of ?? step) === step;
    return what !== undefined && within ? [`${civilDate(instant)} ${what}`] : [];
  });
}

function planSpans(events: readonly EventView[], now: number): Span[] {
  const spans: Span[] = [];
  const rounds = new Map<string, number>();
  let open: Omit<Span, 'to'> | undefined;
  const turns = events
    .filter(({ type }) => type in PLAN_STAGES)
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  for (const { type, at } of turns) {
    const instant = Date.parse(at);
    if (open) spans.push({ ...open, to: instant });
    const step = PLAN_STAGES[type];
    const round = (rounds.get(step ?? '') ?? 0) + 1;
    if (step) rounds.set(step, round);
    open = step === undefined ? undefined : { step, round, from: instant };
  }
  return open ? [...spans, { ...open, to: now }] : spans;
}
