import { civilDate } from '../../domain/calendar';
import type { Step } from '../../policy/keys';
import type { Span } from './spans';
import type { PlanView } from './views';
import { padded, STEP_LETTERS, stepName } from './words';

const DAY = 86_400_000;
const WIDTH = 72;
/** Steps in which a project waits for the year's plan that it shares with others. */
const WAITING = ['county-submission', 'joint-review', 'municipal-approval'];

interface Scale {
  readonly from: number;
  readonly to: number;
}

/** A project's life as a chart of its steps and rounds: `█` work, `░` waiting for the year's plan. */
export function projectTimeline(spans: readonly Span[]): string[] {
  const scale = scaleOf(spans);
  return [
    ruler(scale, 47),
    ...spans.map((span) => {
      const { step, round, from, to, notes = [] } = span;
      const days = Math.round((to - from) / DAY);
      const name = padded(`${stepName(step)}${round > 1 ? ` ${round}` : ''}`, 14);
      const dates = `${civilDate(from)} – ${civilDate(to)}`;
      const bar = drawn(scale, [span], () => (WAITING.includes(step) ? '░' : '█'));
      const line = `  ${name}${dates}${`${days} d`.padStart(6)} │${bar}`;
      return notes.length === 0 ? line : `${line}  ← ${notes.join(', ')}`;
    }),
  ];
}

export interface ProjectLine {
  readonly name: string;
  readonly spans: readonly Span[];
  readonly end: string;
}

/** The plan as a chart with a line a project, a letter a step. */
export function planTimeline(plans: readonly PlanView[], projects: readonly ProjectLine[]): string[] {
  const scale = scaleOf(projects.flatMap(({ spans }) => spans));
  const letters = new Map(
    Object.entries(STEP_LETTERS).map(([step, letter]) => [step, { name: stepName(step), letter }] as const),
  );
  const legend = new Map<string, string[]>();
  for (const { name, letter } of letters.values()) legend.set(letter, [...(legend.get(letter) ?? []), name]);
  return [
    ...plans.flatMap(planPhases),
    ruler(scale, 21),
    ...projects.map(({ name, spans, end }) => {
      const bar = drawn(scale, spans, ({ step }) => STEP_LETTERS[step as Step] ?? '?');
      return `  ${padded(name, 18)}│${bar} ${end}`;
    }),
    `  ${[...legend].map(([letter, names]) => `${letter} ${names.join('、')}`).join('  ')}`,
  ];
}

function planPhases({ year, openedAt, closesAt, facts, phase }: PlanView): string[] {
  const day = (at: string | undefined): string => (at ? civilDate(Date.parse(at) - 1) : '…');
  const { document } = facts;
  return [
    `  Plan ${year}: declared ${civilDate(Date.parse(openedAt))} – ${day(closesAt)}, reviewed until ${day(facts.reviewClosesAt)}, ` +
      (document ? `joint document ${document.number} of ${document.date}` : `no joint document`) +
      ` (${phase})`,
  ];
}

function scaleOf(spans: readonly Span[]): Scale {
  return {
    from: Math.min(...spans.map(({ from }) => from)),
    to: Math.max(...spans.map(({ to }) => to)),
  };
}

/** One column each for an equal part of the time; what is shorter than a column still shows. */
function drawn(scale: Scale, spans: readonly Span[], sign: (span: Span) => string): string {
  const columns = Array.from({ length: WIDTH }, () => ' ');
  for (const span of spans) {
    const first = columnOf(scale, span.from);
    const last = Math.max(first, columnOf(scale, span.to) - 1);
    for (let column = first; column <= last; column += 1) columns[column] = sign(span);
  }
  return columns.join('').trimEnd();
}

function columnOf({ from, to }: Scale, instant: number): number {
  return Math.min(WIDTH - 1, Math.floor(((instant - from) / Math.max(1, to - from)) * WIDTH));
}

/** A line that names the first day of every quarter where it falls. */
function ruler(scale: Scale, indent: number): string {
  const columns = Array.from({ length: WIDTH + 8 }, () => ' ');
  let free = 0;
  for (let at = scale.from; at <= scale.to; at += DAY) {
    const date = civilDate(at);
    const column = columnOf(scale, at);
    if (!/-(01|04|07|10)-01$/.test(date) || column < free) continue;
    [...date.slice(0, 7)].forEach((char, index) => (columns[column + index] = char));
    free = column + 8;
  }
  return `${' '.repeat(indent)}${columns.join('').trimEnd()}`;
}
