import { Link } from 'react-router';
import { useOrganisations } from '../api/names';
import type { Outlook } from '../api/projects';
import { day } from '../words/moments';
import { ClauseTag } from '../help/clause-tag';
import { useLanguage } from '../words/language';
import { Provisional } from './marks';
import { useTexts } from './texts';

type Due = NonNullable<Outlook['awaited'][number]['due']>;

/** Who is awaited, until when, and why; and what only waits for time. */
export function Awaited({ outlook: { awaited, waits } }: { outlook: Outlook }) {
  const { words } = useLanguage();
  const texts = useTexts();
  const name = useOrganisations(awaited.map(({ organisation }) => organisation));
  return (
    <section className="card">
      <h2>{texts.awaited.title}</h2>
      {waits.map((wait) => (
        <p key={`${wait.step}${wait.what}`} className="wait">
          <strong>{words.steps[wait.step]}</strong> {wait.what}，{texts.awaited.to(wait.until.slice(0, 10))}{' '}
          <Provisional is={wait.provisional} /> <span className="hint inline">{texts.awaited.time}</span>
        </p>
      ))}
      {awaited.length === 0 && waits.length === 0 && <p>{texts.awaited.nobody}</p>}
      {awaited.length > 0 && (
        <div className="scroll" role="region" aria-label={texts.awaited.title} tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{texts.awaited.office}</th>
                <th scope="col">{texts.awaited.task}</th>
                <th scope="col">{texts.awaited.since}</th>
                <th scope="col">{texts.awaited.until}</th>
                <th scope="col">{texts.awaited.basis}</th>
              </tr>
            </thead>
            <tbody>
              {awaited.map((one) => (
                <tr key={one.task}>
                  <td>{name(one.organisation)}</td>
                  <td>
                    <Link to={`/tasks/${one.task}`}>{one.title}</Link>
                    <div className="hint">{words.steps[one.step]}</div>
                  </td>
                  <td className="whole">{day(one.since)}</td>
                  <td className="whole">
                    {one.due?.date ?? texts.awaited.noDue}{' '}
                    {one.overdue && <span className="mark alarm">{texts.awaited.late}</span>}
                    {one.suspended && <span className="mark caution">{texts.awaited.suspended}</span>}{' '}
                    <Provisional is={one.due?.provisional ?? false} />
                  </td>
                  <td>{one.due && <Basis due={one.due} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Basis({ due: { period, from, basis, clause } }: { due: Due }) {
  const texts = useTexts();
  return (
    <>
      {from} + {lengthOf(period, texts)}，{basis} {clause && <ClauseTag id={clause} />}
    </>
  );
}

/** `{ workingDays: 5 }` → `5 个工作日`. */
function lengthOf(period: Due['period'], { awaited: { period: say } }: ReturnType<typeof useTexts>): string {
  if ('workingDays' in period) return say.workingDays(period.workingDays);
  return 'days' in period ? say.days(period.days) : say.months(period.months);
}
