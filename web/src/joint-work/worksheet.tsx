import { Input } from 'antd';
import { useDeferredValue, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Field } from '../app/field';
import { yuanOf } from '../words/amounts';
import { day } from '../words/moments';
import { COLUMNS, shown, type Candidate, type Column, type Order } from './candidates';
import './joint-work.css';
import { useTexts, type JointWorkTexts } from './texts';

export interface Filter {
  readonly key: string;
  readonly title: string;
  readonly keep: (one: Candidate) => boolean;
}

/** A list of some hundred projects to work on: found by text, narrowed, sorted by any column, walked through by ↑ and ↓. */
export function Worksheet({
  title,
  all,
  filters,
  first,
  heads = [],
  cells,
  bar,
  onKey,
}: {
  title: string;
  all: readonly Candidate[];
  filters: readonly Filter[];
  /** The cell before each row, with what takes the focus. */
  first?: (one: Candidate) => ReactNode;
  heads?: readonly string[];
  cells?: (one: Candidate) => ReactNode;
  /** Above the table, of what it shows now. */
  bar?: (rows: readonly Candidate[]) => ReactNode;
  /** @returns whether the key was for the row */
  onKey?: (key: string, one: Candidate) => boolean;
}) {
  const texts = useTexts();
  const [text, setText] = useState('');
  const [filter, setFilter] = useState('');
  const [order, setOrder] = useState<Order>({ by: 'name', down: false });
  const wanted = useDeferredValue(text);
  const keep = filters.find(({ key }) => key === filter)?.keep ?? always;
  const rows = useMemo(() => shown(all, wanted, order, keep), [all, wanted, order, keep]);
  const walk = (event: KeyboardEvent, one: Candidate): void => {
    const { target, key } = event;
    if (!(target instanceof HTMLInputElement) || target.type !== 'checkbox') return;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      event.preventDefault();
      const row = target.closest('tr');
      const next = key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
      next?.querySelector<HTMLInputElement>('input[type=checkbox]')?.focus();
    } else if (onKey?.(key, one)) event.preventDefault();
  };
  return (
    <section aria-label={title}>
      <div className="row filters">
        <Field label={texts.search}>
          {(attributes) => (
            <Input
              {...attributes}
              type="search"
              placeholder={texts.searchHint}
              value={text}
              onChange={({ target }) => setText(target.value)}
              onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
            />
          )}
        </Field>
        {filters.length > 0 && (
          <Field label={texts.only}>
            {(attributes) => (
              <select {...attributes} value={filter} onChange={({ target }) => setFilter(target.value)}>
                <option value="">
                  {texts.all}（{all.length}）
                </option>
                {filters.map((one) => (
                  <option key={one.key} value={one.key}>
                    {one.title}（{all.filter(one.keep).length}）
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
      </div>
      {bar?.(rows)}
      {rows.length === 0 ? (
        <p className="empty">{texts.none}</p>
      ) : (
        <div className="scroll worksheet" role="region" aria-label={title} tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                {first && (
                  <th scope="col">
                    <span className="unseen">{texts.chosen}</span>
                  </th>
                )}
                {COLUMNS.map((column) => (
                  <Head key={column} column={column} order={order} onOrder={setOrder} />
                ))}
                {heads.map((head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((one) => (
                <tr key={one.projectId} onKeyDown={(event) => walk(event, one)}>
                  {first && <td className="choose">{first(one)}</td>}
                  <td>
                    {one.name}
                    <span className="hint block">{one.projectId}</span>
                  </td>
                  <td className="sum">{one.households.toLocaleString('en-US')}</td>
                  <td className="sum">{one.buildings}</td>
                  <td className="sum">{one.floorArea.toLocaleString('en-US')}</td>
                  <td className="sum">{yuanOf(one.budgetFen)}</td>
                  <td className="date">{day(one.readyAt)}</td>
                  {cells?.(one)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

const always = (): boolean => true;

function Head({ column, order, onOrder }: { column: Column; order: Order; onOrder: (order: Order) => void }) {
  const texts = useTexts();
  const isBy = order.by === column;
  return (
    <th scope="col" aria-sort={isBy ? (order.down ? 'descending' : 'ascending') : undefined}>
      <button
        type="button"
        className="sort"
        onClick={() => onOrder({ by: column, down: isBy ? !order.down : column !== 'name' })}
      >
        {titleOf(texts, column)}
        <span aria-hidden>{isBy ? (order.down ? ' ▼' : ' ▲') : ''}</span>
      </button>
    </th>
  );
}

function titleOf(texts: JointWorkTexts, column: Column): string {
  if (column === 'budgetFen') return texts.budget;
  return column === 'readyAt' ? texts.ready : texts[column];
}
