import { MoreButton } from '../app/more-button';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { ask, queryOf } from '../api/client';
import { usePolicy } from '../api/names';
import type { ProjectRow } from '../api/projects';
import { Field } from '../app/field';
import { Failure, Loading } from '../app/said';
import { day } from '../words/moments';
import { useLanguage, useTitle } from '../words/language';
import { State } from './marks';
import './project.css';
import { useTexts } from './texts';

interface Page {
  readonly items: readonly ProjectRow[];
  readonly nextCursor?: string;
}

const FILTERS = ['q', 'county', 'step', 'year', 'status'] as const;
const FIRST_YEAR = 2021;

/** Every project that one sees; what is looked for stays in the address. */
export function ProjectsPage() {
  const { words } = useLanguage();
  const texts = useTexts();
  const policy = usePolicy();
  const [address, setAddress] = useSearchParams();
  useTitle(texts.list.title);
  const query = Object.fromEntries(FILTERS.map((name) => [name, address.get(name) ?? '']));
  const found = useInfiniteQuery({
    queryKey: ['projects', query],
    queryFn: ({ pageParam }) => ask<Page>(`/projects${queryOf({ ...query, cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? [];
  const areaName = (code: string): string => policy?.areas.find((area) => area.code === code)?.name ?? code;
  return (
    <>
      <h1>{texts.list.title}</h1>
      <section className="card" aria-label={texts.list.title}>
        <Filters query={query} onChange={(next) => setAddress(given(next), { replace: true })} />
        {found.error && <Failure error={found.error} />}
        {found.isPending && <Loading />}
        {found.data && rows.length === 0 && (
          <p>
            {texts.list.none} <Button onClick={() => setAddress({})}>{texts.list.clear}</Button>
          </p>
        )}
        {rows.length > 0 && (
          <div className="scroll" role="region" aria-label={texts.list.title} tabIndex={0}>
            <table className="plain">
              <thead>
                <tr>
                  <th scope="col">{texts.list.name}</th>
                  <th scope="col">{texts.list.county}</th>
                  <th scope="col">{texts.list.year}</th>
                  <th scope="col">{texts.list.step}</th>
                  <th scope="col">{texts.list.status}</th>
                  <th scope="col">{texts.list.due}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.id}>
                    <td>
                      <Link to={`/projects/${row.id}`}>{row.name}</Link>
                      <div className="hint">{row.id}</div>
                    </td>
                    <td className="whole">{areaName(row.county)}</td>
                    <td>{row.year}</td>
                    <td>{row.steps.map((step) => words.steps[step]).join('、')}</td>
                    <td className="whole">
                      <State state={row.status} text={texts.status[row.status] ?? row.status} />
                    </td>
                    <td className="whole">
                      {row.dueAt ? day(new Date(Date.parse(row.dueAt) - 1).toISOString()) : ''}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <MoreButton list={found} />
      </section>
    </>
  );
}

function given(query: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''));
}

function Filters({
  query,
  onChange,
}: {
  query: Record<string, string>;
  onChange: (query: Record<string, string>) => void;
}) {
  const { words } = useLanguage();
  const texts = useTexts();
  const policy = usePolicy();
  const [text, setText] = useState(query['q'] ?? '');
  const counties =
    policy?.areas.filter(({ kind }) => kind !== 'city').map(({ code, name }) => [code, name]) ?? [];
  const last = Number(day(new Date().toISOString()).slice(0, 4)) + 5;
  const years = Array.from({ length: last - FIRST_YEAR + 1 }, (_, i) => String(last - i));
  const steps = Object.entries(words.steps).filter(([step]) => !['annual-plan', 'control'].includes(step));
  const choice = (name: string, label: string, options: readonly (readonly string[])[]): ReactNode => (
    <Field label={label}>
      {(attributes) => (
        <select
          {...attributes}
          value={query[name]}
          onChange={({ target }) => onChange({ ...query, [name]: target.value })}
        >
          <option value="">{texts.list.all}</option>
          {options.map(([value, title]) => (
            <option key={value} value={value}>
              {title ?? value}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <form
      role="search"
      className="row project-filters"
      onSubmit={(event) => {
        event.preventDefault();
        onChange({ ...query, q: text.trim() });
      }}
    >
      <Field label={texts.list.search}>
        {(attributes) => (
          <Input.Search
            {...attributes}
            value={text}
            maxLength={60}
            allowClear
            placeholder={texts.list.searchHint}
            onChange={({ target }) => setText(target.value)}
            onSearch={(value) => onChange({ ...query, q: value.trim() })}
          />
        )}
      </Field>
      {choice('county', texts.list.county, counties)}
      {choice('step', texts.list.step, steps)}
      {choice(
        'year',
        texts.list.year,
        years.map((year) => [year]),
      )}
      {choice('status', texts.list.status, Object.entries(texts.status))}
    </form>
  );
}
