import type { PlanDetail } from './year-page';
import { usePolicy } from '../api/names';
import { day } from '../words/moments';
import { useTexts } from './texts';

const ORDER = ['declaration', 'joint-review', 'municipal-approval', 'joint-document', 'execution'] as const;

/** Where the plan stands, until when, and what each county has submitted. */
export function Phases({ plan }: { plan: PlanDetail }) {
  const texts = useTexts();
  const policy = usePolicy();
  const { facts } = plan;
  const at = plan.phase === 'closed' ? ORDER.length : ORDER.findIndex((one) => one === plan.phase);
  const ends: Partial<Record<string, string>> = {
    declaration: plan.closesAt,
    'joint-review': facts.reviewClosesAt,
  };
  return (
    <section className="card">
      <h2>{texts.phases['title']}</h2>
      <ol className="phases">
        {ORDER.map((phase, i) => {
          const end = ends[phase];
          return (
            <li
              key={phase}
              className={i < at ? 'done' : i === at ? 'now' : ''}
              aria-current={i === at ? 'step' : undefined}
            >
              <strong>{texts.phases[phase]}</strong>
              {i === at && <span className="tag">{texts.now}</span>}
              {end && <span className="hint block">{texts.until(lastDay(end))}</span>}
              {phase === 'joint-document' && facts.document && (
                <span className="hint block">
                  {texts.document(facts.document.number, facts.document.date)}
                </span>
              )}
            </li>
          );
        })}
      </ol>
      {plan.submissions.length > 0 && (
        <details>
          <summary>{texts.submissions}</summary>
          <div className="scroll" role="region" aria-label={texts.submissions} tabIndex={0}>
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">{texts.county}</th>
                  <th scope="col">{texts.phase}</th>
                  <th scope="col">{texts.listed}</th>
                </tr>
              </thead>
              <tbody>
                {plan.submissions.map(({ county, phase, projects }) => (
                  <tr key={county}>
                    <td>{policy?.areas.find(({ code }) => code === county)?.name ?? county}</td>
                    <td>{texts.phases[phase] ?? phase}</td>
                    <td>
                      {tally(Object.values(projects).map(({ standing }) => standing)).map(([standing, n]) => (
                        <span key={standing} className="tag">
                          {texts.standing[standing] ?? standing} {n}
                        </span>
                      ))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </section>
  );
}

/** 24:00 of a day is the next one's 0:00. */
function lastDay(end: string): string {
  return day(new Date(Date.parse(end) - 1).toISOString());
}

function tally(all: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return [...counts];
}
