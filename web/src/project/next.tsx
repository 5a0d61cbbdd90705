import { usePolicy } from '../api/names';
import type { Outlook } from '../api/projects';
import { ClauseTag } from '../help/clause-tag';
import { useLanguage } from '../words/language';
import { useTexts } from './texts';

/** How the running steps can end, and to which earlier ones the project can be turned back. */
export function Next({ outlook: { outcomes, returns } }: { outlook: Outlook }) {
  const { words } = useLanguage();
  const texts = useTexts();
  const seatName = useSeatNames();
  if (outcomes.length === 0) return null;
  const running = [...new Set(outcomes.map(({ step }) => step))];
  return (
    <section className="card">
      <h2>{texts.next.title}</h2>
      {running.map((step) => (
        <div key={step}>
          <h3>{words.steps[step]}</h3>
          <ul>
            {outcomes
              .filter((one) => one.step === step)
              .map((one, i) => (
                <li key={one.outcome}>
                  {one.title}
                  {i === 0 && <span className="mark"> {texts.next.usual}</span>}
                  <span className="hint inline">
                    {' '}
                    {one.steps && texts.next.leads(one.steps.map((to) => words.steps[to]).join('、'))}
                    {one.end && texts.next.ends(texts.status[one.end] ?? one.end)}
                  </span>{' '}
                  <ClauseTag id={one.clause} />
                </li>
              ))}
          </ul>
        </div>
      ))}
      {returns.length > 0 && (
        <>
          <h3>{texts.next.returns}</h3>
          <ul>
            {returns.map(({ to, seats }) => (
              <li key={to}>
                {words.steps[to]}
                <span className="hint inline"> {texts.next.by(seats.map(seatName).join('、'))}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** `housing@county` → `县区住房和城乡建设部门`, by the policy's own names. */
export function useSeatNames(): (seat: string) => string {
  const { language, words } = useLanguage();
  const policy = usePolicy();
  return (seat) => {
    const [key, level = ''] = seat.split('@');
    const body = policy?.bodies.find((one) => one.key === key);
    const name = language === 'zh' ? body?.name : body?.nameEn;
    return name === undefined ? seat : `${words.levels[level] ?? ''}${name}`;
  };
}
