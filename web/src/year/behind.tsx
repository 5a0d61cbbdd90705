import { MoreButton } from '../app/more-button';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { Link } from 'react-router';
import { ask, queryOf } from '../api/client';
import { usePolicy } from '../api/names';
import type { Page } from '../api/tasks';
import { Failure, Loading } from '../app/said';
import { yuanOf } from '../words/amounts';
import { useLanguage } from '../words/language';
import { useTexts } from './texts';

interface Counted {
  readonly id: string;
  readonly name: string;
  readonly county: string;
  readonly status: string;
  readonly steps: readonly string[];
  readonly budgetFen?: number;
  readonly amountFen?: number;
  readonly overdueTasks: number;
  readonly days?: number;
}

/** The projects that a figure has counted. */
export function Behind({
  year,
  query,
  onClear,
}: {
  year: number;
  query: Readonly<Record<string, string>>;
  onClear: () => void;
}) {
  const { words } = useLanguage();
  const texts = useTexts();
  const policy = usePolicy();
  const found = useInfiniteQuery({
    queryKey: ['plans', year, 'projects', query],
    queryFn: ({ pageParam }) =>
      ask<Page<Counted>>(`/plans/${year}/projects${queryOf({ ...query, limit: 100, cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const areaName = (code: string): string => policy?.areas.find((area) => area.code === code)?.name ?? code;
  const named = (name: string, value: string): string => {
    if (name === 'county') return areaName(value);
    if (name === 'status') return texts.status[value] ?? value;
    if (name === 'source') return policy?.sources.find(({ key }) => key === value)?.name ?? value;
    return words.steps[value] ?? value;
  };
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? [];
  const withDays = rows.some(({ days }) => days !== undefined);
  const withAmount = rows.some(({ amountFen }) => amountFen !== undefined);
  return (
    <section className="card" aria-label={texts.behind} id="behind">
      <h2>{texts.behind}</h2>
      <p className="row chosen">
        {Object.entries(query).map(([name, value]) => (
          <span key={name} className="tag">
            {texts.chosen[name]}
            {name !== 'overdue' && `：${named(name, value)}`}
          </span>
        ))}
        <Button size="small" onClick={onClear}>
          {texts.all}
        </Button>
      </p>
      {found.error && <Failure error={found.error} />}
      {found.isPending && <Loading />}
      {found.data && rows.length === 0 && <p className="empty">{texts.behindNone}</p>}
      {rows.length > 0 && (
        <div className="scroll" role="region" aria-label={texts.behind} tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{texts.name}</th>
                <th scope="col">{texts.county}</th>
                <th scope="col">{texts.state}</th>
                <th scope="col">{texts.inSteps}</th>
                <th scope="col">{texts.overdue}</th>
                {withDays && <th scope="col">{texts.stayed}</th>}
                <th scope="col" className="sum">
                  {withAmount ? named('source', query['source'] ?? '') : texts.budget}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const fen = withAmount ? row.amountFen : row.budgetFen;
                return (
                  <tr key={row.id}>
                    <td>
                      <Link to={`/projects/${row.id}`}>{row.name}</Link>
                      <span className="hint block">{row.id}</span>
                    </td>
                    <td>{areaName(row.county)}</td>
                    <td>{texts.status[row.status] ?? row.status}</td>
                    <td>{row.steps.map((step) => words.steps[step] ?? step).join('、')}</td>
                    <td>
                      {row.overdueTasks > 0 && <strong className="due late">{row.overdueTasks}</strong>}
                    </td>
                    {withDays && <td>{row.days}</td>}
                    <td className="sum">{fen === undefined ? '—' : yuanOf(fen)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      <MoreButton list={found} />
    </section>
  );
}
