import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/client';
import type { Outlook, Project, Stretch } from '../api/projects';
import { Failure, Loading } from '../app/said';
import { daysBetween } from '../words/amounts';
import { day } from '../words/moments';
import { useLanguage } from '../words/language';
import { Provisional, State } from './marks';
import { useTexts } from './texts';

type Expected = Outlook['forecast'][number];

/** The order of the policy; `words.steps` has two more, which are no steps of a project. */
const STEPS = [
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

/** The steps as a timeline: rounds, returns, how long each took, and until when the others should be done. */
export function Course({ project, outlook }: { project: Project; outlook: Outlook | undefined }) {
  const { words } = useLanguage();
  const texts = useTexts();
  const found = useQuery({
    queryKey: ['project', project.id, 'course'],
    queryFn: () => ask<{ items: Stretch[]; now: string }>(`/projects/${project.id}/course`),
  });
  if (!found.data) return found.error ? <Failure error={found.error} /> : <Loading />;
  const { items: stretches, now: today } = found.data;
  const expected = project.endedAt ? [] : (outlook?.forecast ?? []);
  const scale = scaleOf([
    project.startedAt,
    ...stretches.flatMap(({ from, to }) => [from, to]),
    ...expected.flatMap(({ from, until }) => [from, until]),
  ]);
  return (
    <section className="card">
      <h2>{texts.course.title}</h2>
      <p className="hint">
        {texts.course.hint}
        {outlook?.completesBy && !project.endedAt && ` ${texts.course.completesBy(outlook.completesBy)}`}
      </p>
      <Ruler scale={scale} />
      <ol className="course">
        {STEPS.map((step) => {
          const rounds = stretches.filter((one) => one.step === step);
          const next = expected.find((one) => one.step === step);
          return (
            <li key={step} className={rounds.length > 0 ? 'reached' : 'ahead'}>
              <div className="step-name">{words.steps[step]}</div>
              <div className="step-rounds">
                {rounds.map((round) => (
                  <Round
                    key={`${round.round}${round.from ?? ''}`}
                    round={round}
                    isOnly={rounds.length === 1}
                    today={today}
                  />
                ))}
                {next && <Expectation next={next} isRunning={rounds.length > 0} />}
                {rounds.length === 0 && !next && <span className="hint">{texts.course.notReached}</span>}
              </div>
              <div className="track" aria-hidden>
                {rounds.map((round) => (
                  <Bar
                    key={`${round.round}${round.from ?? ''}`}
                    scale={scale}
                    from={round.from}
                    to={round.to ?? (next?.until && next.until < today ? today : (next?.from ?? today))}
                    tone={round.state}
                  />
                ))}
                {next?.until && (
                  <Bar scale={scale} from={next.from ?? today} to={next.until} tone="expected" />
                )}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Round({ round, isOnly, today }: { round: Stretch; isOnly: boolean; today: string }) {
  const texts = useTexts();
  const { from, to, state, reason } = round;
  return (
    <div>
      {!(isOnly && round.round <= 1) && <strong>{texts.course.round(round.round)} </strong>}
      {from && (
        <span className="whole">
          {day(from)}
          {to && to.slice(0, 10) !== from.slice(0, 10) ? ` – ${day(to)}` : ''}
        </span>
      )}{' '}
      <State state={state} text={texts.course.state[state] ?? state} />{' '}
      {from && (
        <span className="hint inline">
          {to ? texts.course.days(daysBetween(from, to)) : texts.course.soFar(daysBetween(from, today))}
        </span>
      )}
      {reason && <div className="hint">{texts.why(reason)}</div>}
    </div>
  );
}

function Expectation({ next, isRunning }: { next: Expected; isRunning: boolean }) {
  const texts = useTexts();
  const text = next.until
    ? texts.course.expected(next.until)
    : next.workAsAgreed
      ? texts.course.agreed
      : isRunning
        ? ''
        : texts.course.unknown;
  return (
    <div className="hint">
      {text} <Provisional is={next.provisional && next.until !== undefined} />
    </div>
  );
}

interface Scale {
  readonly from: number;
  readonly to: number;
}

function scaleOf(instants: readonly (string | undefined)[]): Scale {
  const known = instants.flatMap((at) => (at === undefined ? [] : [Date.parse(at)]));
  const from = Math.min(...known);
  return { from, to: Math.max(from + 30 * 86_400_000, ...known) };
}

const share = ({ from, to }: Scale, at: number): number =>
  Math.min(100, Math.max(0, ((at - from) / (to - from)) * 100));

function Bar({
  scale,
  from,
  to,
  tone,
}: {
  scale: Scale;
  from: string | undefined;
  to: string;
  tone: string;
}) {
  if (from === undefined) return null;
  const left = share(scale, Date.parse(from));
  const width = Math.max(0.6, share(scale, Date.parse(to)) - left);
  return <span className={`bar ${tone}`} style={{ left: `${Math.min(left, 99.4)}%`, width: `${width}%` }} />;
}

/** Names the beginnings of years, and of half-years where there is room. */
function Ruler({ scale }: { scale: Scale }) {
  const first = Number(day(new Date(scale.from).toISOString()).slice(0, 4));
  const last = Number(day(new Date(scale.to).toISOString()).slice(0, 4));
  const halves = last - first <= 3 ? ['-01', '-07'] : ['-01'];
  const marks = Array.from({ length: last - first + 1 }, (_, i) =>
    halves.map((half) => `${first + i}${half}`),
  ).flat();
  return (
    <div className="ruler" aria-hidden>
      <div className="ruler-track">
        {marks.map((mark) => {
          const at = Date.parse(`${mark}-01T00:00:00+08:00`);
          if (at < scale.from || at > scale.to - (scale.to - scale.from) / 16) return null;
          return (
            <span key={mark} style={{ left: `${share(scale, at)}%` }}>
              {mark}
            </span>
          );
        })}
      </div>
    </div>
  );
}
