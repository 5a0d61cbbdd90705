import type { YearFigures } from '../../../domain/year-figures';
import { usePolicy } from '../api/names';
import { useLanguage } from '../words/language';
import { useTexts } from './texts';
import { FigureLink } from './figure-link';

/** Counties × steps: how many projects are where, and how many of them late. */
export function Matrix({ figures }: { figures: YearFigures }) {
  const { words } = useLanguage();
  const texts = useTexts();
  const policy = usePolicy();
  const steps = [...new Set(figures.funnel.map(({ step }) => step))].filter((step) =>
    figures.matrix.some((cell) => cell.step === step),
  );
  const most = Math.max(1, ...figures.matrix.map(({ projects }) => projects));
  return (
    <section className="card">
      <h2>{texts.matrix}</h2>
      <p className="hint">{texts.matrixHint}</p>
      <div className="scroll" role="region" aria-label={texts.matrix} tabIndex={0}>
        <table className="plain matrix">
          <thead>
            <tr>
              <th scope="col">{texts.county}</th>
              {steps.map((step) => (
                <th key={step} scope="col">
                  {words.steps[step]}
                </th>
              ))}
              <th scope="col">{texts.total}</th>
            </tr>
          </thead>
          <tbody>
            {figures.counties.map(({ county, projects, overdue }) => {
              const name = policy?.areas.find(({ code }) => code === county)?.name ?? county;
              return (
                <tr key={county}>
                  <th scope="row">{name}</th>
                  {steps.map((step) => {
                    const cell = figures.matrix.find((one) => one.county === county && one.step === step);
                    if (!cell) return <td key={step} />;
                    const level = Math.min(4, Math.ceil((cell.projects / most) * 4));
                    return (
                      <td key={step} className={`level-${level}`}>
                        <FigureLink
                          query={{ county, step }}
                          label={texts.cell(name, words.steps[step] ?? step, cell.projects)}
                        >
                          {cell.projects}
                        </FigureLink>
                        {cell.overdue > 0 && (
                          <FigureLink query={{ county, step, overdue: 'true' }} className="late">
                            {texts.late(cell.overdue)}
                          </FigureLink>
                        )}
                      </td>
                    );
                  })}
                  <td>
                    <FigureLink query={{ county }}>{projects}</FigureLink>
                    {overdue > 0 && (
                      <FigureLink query={{ county, overdue: 'true' }} className="late">
                        {texts.late(overdue)}
                      </FigureLink>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}
