import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import type { YearFigures } from '../../../domain/year-figures';
import { ask, isRefused } from '../api/client';
import { usePolicy } from '../api/names';
import { Field } from '../app/field';
import { Failure, Loading } from '../app/said';
import { yuanOf } from '../words/amounts';
import { useLanguage, useTitle } from '../words/language';
import { Behind } from './behind';
import { Chart } from './chart';
import { FigureLink } from './figure-link';
import { Matrix } from './matrix';
import { Phases } from './phases';
import { useTexts } from './texts';
import './year.css';

export interface PlanDetail {
  readonly year: number;
  readonly phase: string;
  readonly closesAt?: string;
  readonly facts: {
    readonly reviewClosesAt?: string;
    readonly document?: { readonly number: string; readonly date: string };
  };
  readonly submissions: readonly {
    readonly county: string;
    readonly phase: string;
    readonly projects: Readonly<Record<string, { readonly standing: string }>>;
  }[];
}

const FILTERS = ['county', 'step', 'status', 'reached', 'passed', 'staying', 'overdue', 'source'] as const;

/** The year at a glance: its plan with phases and clocks, and figures each of which opens the list behind it. */
export function YearPage() {
  const { year } = useParams();
  const texts = useTexts();
  const plans = useQuery({
    queryKey: ['plans'],
    queryFn: () => ask<{ items: { year: number }[] }>('/plans'),
  });
  const years = plans.data?.items.map((plan) => plan.year) ?? [];
  const chosen = year === undefined ? years[0] : Number(year);
  const navigate = useNavigate();
  if (chosen === undefined) {
    if (plans.error) return <Failure error={plans.error} />;
    return plans.data ? <p className="empty">{texts.none}</p> : <Loading />;
  }
  return (
    <>
      <div className="row apart">
        <h1>{texts.title(chosen)}</h1>
        <Field label={texts.choose}>
          {(attributes) => (
            <select
              {...attributes}
              value={chosen}
              onChange={({ target }) => void navigate(`/year/${target.value}`)}
            >
              {[...new Set([...years, chosen])].map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <OneYear key={chosen} year={chosen} />
    </>
  );
}

function OneYear({ year }: { year: number }) {
  const texts = useTexts();
  const [address, setAddress] = useSearchParams();
  useTitle(texts.title(year));
  const plan = useQuery({
    queryKey: ['plans', year],
    queryFn: () => ask<PlanDetail>(`/plans/${year}`),
    retry: false,
  });
  const found = useQuery({
    queryKey: ['plans', year, 'figures'],
    queryFn: () => ask<YearFigures>(`/plans/${year}/figures`),
    refetchInterval: 60_000,
  });
  const query = Object.fromEntries(
    FILTERS.flatMap((name) => {
      const value = address.get(name);
      return value ? [[name, value]] : [];
    }),
  );
  const chosen = JSON.stringify(query);
  useEffect(() => {
    if (chosen !== '{}') document.getElementById('behind')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <>
      {plan.error &&
        (isRefused(plan.error, 'not-found') ? (
          <p className="hint">{texts.noPlan}</p>
        ) : (
          <Failure error={plan.error} />
        ))}
      {plan.data && <Phases plan={plan.data} />}
      {found.error && <Failure error={found.error} />}
      {found.isPending && <Loading />}
      {found.data && <Overview year={year} figures={found.data} />}
      {chosen !== '{}' && <Behind year={year} query={query} onClear={() => setAddress({})} />}
      {found.data && found.data.projects > 0 && (
        <>
          <Matrix figures={found.data} />
          <Drawn figures={found.data} />
        </>
      )}
    </>
  );
}

function Overview({ year, figures }: { year: number; figures: YearFigures }) {
  const texts = useTexts();
  return (
    <section className="card" aria-label={texts.numbers}>
      <dl className="numbers">
        <div>
          <dt>{texts.projects}</dt>
          <dd>
            <Link className="figure" to={`/projects?year=${year}`}>
              {texts.count(figures.projects)}
            </Link>
          </dd>
        </div>
        {figures.statuses.map(({ status, projects }) => (
          <div key={status}>
            <dt>{texts.status[status] ?? status}</dt>
            <dd>
              <FigureLink query={{ status }}>{texts.count(projects)}</FigureLink>
            </dd>
          </div>
        ))}
        <div>
          <dt>{texts.overdueProjects}</dt>
          <dd>
            <FigureLink query={{ overdue: 'true' }} className={figures.overdueProjects > 0 ? 'late' : ''}>
              {texts.count(figures.overdueProjects)}
            </FigureLink>
            <span className="hint block">{texts.overdueTasks(figures.overdueTasks)}</span>
          </dd>
        </div>
        {figures.money.length > 0 && (
          <div>
            <dt>{texts.budget}</dt>
            <dd>
              ¥{yuanOf(figures.budgetFen)}
              <span className="hint block">{texts.budgetHint}</span>
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}

/** 10,000 yuan, as plans are written. */
function wan(fen: number): number {
  return Math.round(fen / 10_000) / 100;
}

function Drawn({ figures }: { figures: YearFigures }) {
  const { words } = useLanguage();
  const texts = useTexts();
  const policy = usePolicy();
  const [, setAddress] = useSearchParams();
  const sourceName = (key: string): string => policy?.sources.find((one) => one.key === key)?.name ?? key;
  const drawn = useMemo(
    () => ({
      funnel: figures.funnel.map(({ step, projects }) => ({
        name: words.steps[step] ?? step,
        values: [projects],
      })),
      stays: figures.stays.map(({ step, passed, staying }) => ({
        name: words.steps[step] ?? step,
        values: [passed?.medianDays, staying?.medianDays] as number[],
      })),
      money: figures.money.map(({ source, amountFen }) => ({
        name: policy?.sources.find((one) => one.key === source)?.name ?? source,
        values: [wan(amountFen)],
      })),
      one: [texts.projects],
      two: [texts.passed, texts.staying],
      amount: [texts.amount],
    }),
    [figures, words, policy, texts],
  );
  return (
    <div className="drawn">
      <section className="card">
        <h2>{texts.funnel}</h2>
        <p className="hint">{texts.funnelHint}</p>
        <Chart
          title={texts.funnel}
          series={drawn.one}
          bars={drawn.funnel}
          onChoose={(bar) => setAddress({ reached: figures.funnel[bar]?.step ?? '' })}
        />
        <details>
          <summary>{texts.reached}</summary>
          <ul className="figures">
            {figures.funnel.map(({ step, projects }) => (
              <li key={step}>
                {words.steps[step]} <FigureLink query={{ reached: step }}>{texts.count(projects)}</FigureLink>
              </li>
            ))}
          </ul>
        </details>
      </section>
      <section className="card">
        <h2>{texts.stays}</h2>
        <p className="hint">{texts.staysHint}</p>
        <Chart
          title={texts.stays}
          series={drawn.two}
          bars={drawn.stays}
          onChoose={(bar, series) =>
            setAddress({ [series === 0 ? 'passed' : 'staying']: figures.stays[bar]?.step ?? '' })
          }
        />
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{texts.step}</th>
              <th scope="col">{texts.passed}</th>
              <th scope="col">{texts.staying}</th>
            </tr>
          </thead>
          <tbody>
            {figures.stays.map(({ step, passed, staying }) => (
              <tr key={step}>
                <th scope="row">{words.steps[step]}</th>
                {(
                  [
                    ['passed', passed],
                    ['staying', staying],
                  ] as const
                ).map(([name, of]) => (
                  <td key={name}>
                    {of && (
                      <>
                        <FigureLink query={{ [name]: step }}>{texts.count(of.projects)}</FigureLink>
                        <span className="hint block">{texts.days(of.medianDays, of.longestDays)}</span>
                      </>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {figures.money.length > 0 && (
        <section className="card">
          <h2>{texts.money}</h2>
          <p className="hint">{texts.moneyHint}</p>
          <Chart
            title={texts.money}
            series={drawn.amount}
            bars={drawn.money}
            onChoose={(bar) => setAddress({ source: figures.money[bar]?.source ?? '' })}
          />
          <ul className="figures">
            {figures.money.map(({ source, amountFen, projects }) => (
              <li key={source}>
                {sourceName(source)} {wan(amountFen).toLocaleString('en-US')}
                {'，'}
                <FigureLink query={{ source }}>{texts.count(projects)}</FigureLink>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
