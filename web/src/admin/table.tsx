import { MoreButton } from '../app/more-button';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ask, queryOf } from '../api/client';
import type { Page } from '../api/tasks';
import { Failure, Loading } from '../app/said';
import { useTexts } from './texts';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Does not break. */
  readonly whole?: boolean;
}

interface Tabular<Row> {
  /** What the table is of, for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly className?: string;
}

/** One table for all lists of the administration. */
export function Table<Row>({
  label,
  rows,
  columns,
  keyOf,
  className = '',
}: Tabular<Row> & { rows: readonly Row[] }) {
  const texts = useTexts();
  if (rows.length === 0) return <p className="empty">{texts.none}</p>;
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      <table className={`plain ${className}`}>
        <thead>
          <tr>
            {columns.map(({ title }) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell, whole }) => (
                <td key={title} className={whole ? 'narrow-cell' : undefined}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** A list of the API, page by page. */
export function usePages<Row>(path: string, query: Query = {}) {
  return useInfiniteQuery({
    queryKey: ['admin', path, query],
    queryFn: ({ pageParam }) => ask<Page<Row>>(`${path}${queryOf({ ...query, cursor: pageParam })}`),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

type Found<Row> = Pick<
  ReturnType<typeof usePages<Row>>,
  'data' | 'error' | 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'
>;

/** A list of the API as a table, more of it on demand. */
export function ListTable<Row>({
  found,
  isGone = () => false,
  ...table
}: Tabular<Row> & {
  found: Found<Row>;
  /** What was just done with, and stands in the list a moment longer. */
  isGone?: (row: Row) => boolean;
}) {
  if (!found.data) return found.error ? <Failure error={found.error} /> : <Loading />;
  return (
    <>
      <Failure error={found.error} />
      <Table {...table} rows={found.data.pages.flatMap(({ items }) => items.filter((row) => !isGone(row)))} />
      <MoreButton list={found} />
    </>
  );
}
