import type { ReactNode } from 'react';
import type { Policy, PolicyPeriod, PolicyRatio } from '../../../policy/schema';
import { ClauseTag } from '../help/clause-tag';
import { yuanOf } from '../words/amounts';
import { useRefusal } from '../form/refused';
import { Table } from './table';
import { useKeepingTexts } from './texts';

type Length = PolicyPeriod['length'];
type Fraction = PolicyRatio['value'];
const UNITS = ['workingDays', 'days', 'months'] as const;

interface Row {
  readonly key: string;
  readonly path: string;
  readonly title: string;
  readonly clause?: string | undefined;
  readonly basis: string;
  readonly value: ReactNode;
  readonly limit: string;
}

/** Periods, ratios and limits with the law's bounds and clauses; with `onChange` they are entered, refusals beside them. */
export function PolicyValues({ policy, onChange }: { policy: Policy; onChange?: (policy: Policy) => void }) {
  const texts = useKeepingTexts().policy;
  const say = useValueWords();
  const bounds = (floor: string | undefined, ceiling: string | undefined): string =>
    [floor && texts.atLeast(floor), ceiling && texts.atMost(ceiling)].filter(Boolean).join('，') ||
    texts.free;
  const set = <Part extends 'periods' | 'ratios' | 'amounts'>(
    part: Part,
    key: string,
    change: object,
  ): void =>
    onChange?.({
      ...policy,
      [part]: { ...policy[part], [key]: { ...(policy[part] as Record<string, object>)[key], ...change } },
    });
  const periods = Object.entries(policy.periods).map(
    ([key, { title, clause, basis, length, floor, ceiling }]): Row => ({
      ...{ key, title, clause, basis },
      path: `periods.${key}`,
      limit: bounds(floor && say.length(floor), ceiling && say.length(ceiling)),
      value: onChange ? (
        <LengthInput
          label={title}
          value={length}
          onChange={(next) => set('periods', key, { length: next })}
        />
      ) : (
        say.length(length)
      ),
    }),
  );
  const ratios = Object.entries(policy.ratios).map(
    ([key, { title, clause, basis, value, floor, ceiling }]): Row => ({
      ...{ key, title, clause, basis },
      path: `ratios.${key}`,
      limit: bounds(floor && say.fraction(floor), ceiling && say.fraction(ceiling)),
      value: onChange ? (
        <FractionInput label={title} value={value} onChange={(next) => set('ratios', key, { value: next })} />
      ) : (
        say.fraction(value)
      ),
    }),
  );
  const amounts = Object.entries(policy.amounts).map(
    ([key, { title, clause, basis, fen, ceiling }]): Row => ({
      ...{ key, title, clause, basis },
      path: `amounts.${key}`,
      limit: bounds(undefined, say.money(ceiling)),
      value: onChange ? (
        <NumberInput
          label={title}
          value={fen / 100}
          onChange={(yuan) => set('amounts', key, { fen: Math.round(yuan * 100) })}
        />
      ) : (
        say.money(fen)
      ),
    }),
  );
  return (
    <>
      {Object.entries({ periods, ratios, amounts }).map(([part, rows]) => (
        <section key={part} className="card" aria-label={texts.parts[part]}>
          <h2>{texts.parts[part]}</h2>
          <Table
            label={texts.parts[part] ?? ''}
            className="values"
            rows={rows}
            keyOf={({ key }) => key}
            columns={[
              { title: texts.parts[part] ?? '', cell: ({ title }) => title },
              {
                title: texts.value,
                cell: ({ value, path }) => (
                  <>
                    {value}
                    <Refused path={path} />
                  </>
                ),
              },
              { title: texts.limit, cell: ({ limit }) => limit, whole: true },
              { title: texts.clause, cell: ({ clause }) => clause && <ClauseTag id={clause} />, whole: true },
              { title: texts.basis, cell: ({ basis }) => basis },
            ]}
          />
        </section>
      ))}
    </>
  );
}

function Refused({ path }: { path: string }) {
  const refused = useRefusal(path);
  if (!refused) return null;
  return (
    <div className="problem" role="alert">
      {refused}
    </div>
  );
}

/** `{workingDays: 5}` → 5 个工作日; `{numerator: 2, denominator: 3}` → 2/3, of a hundred 30%. */
export function useValueWords() {
  const { units } = useKeepingTexts().policy;
  return {
    length(length: Length): string {
      const [unit = '', count = 0] = Object.entries(length)[0] ?? [];
      return `${count} ${units[unit]}`;
    },
    fraction: ({ numerator, denominator }: Fraction): string =>
      denominator === 100 ? `${numerator}%` : `${numerator}/${denominator}`,
    money: (fen: number): string => `¥${yuanOf(fen)}`,
  };
}

function NumberInput({
  label,
  value,
  short = false,
  onChange,
}: {
  label: string;
  value: number;
  short?: boolean;
  onChange: (value: number) => void;
}) {
  return (
    <input
      className={`plain-input ${short ? 'short' : ''}`}
      type="number"
      min={0}
      aria-label={label}
      value={value}
      onChange={({ target }) => onChange(Number(target.value))}
    />
  );
}

function LengthInput({
  label,
  value,
  onChange,
}: {
  label: string;
  value: Length;
  onChange: (value: Length) => void;
}) {
  const { units } = useKeepingTexts().policy;
  const [unit = 'days', count = 0] = Object.entries(value)[0] ?? [];
  return (
    <span className="value">
      <NumberInput
        short
        label={label}
        value={count}
        onChange={(next) => onChange({ [unit]: next } as unknown as Length)}
      />
      <select
        aria-label={`${label} ${units[unit]}`}
        value={unit}
        onChange={({ target }) => onChange({ [target.value]: count } as unknown as Length)}
      >
        {UNITS.map((one) => (
          <option key={one} value={one}>
            {units[one]}
          </option>
        ))}
      </select>
    </span>
  );
}

function FractionInput({
  label,
  value: { numerator, denominator },
  onChange,
}: {
  label: string;
  value: Fraction;
  onChange: (value: Fraction) => void;
}) {
  return (
    <span className="value">
      <NumberInput
        short
        label={label}
        value={numerator}
        onChange={(next) => onChange({ numerator: next, denominator })}
      />
      /
      <NumberInput
        short
        label={`${label} /`}
        value={denominator}
        onChange={(next) => onChange({ numerator, denominator: next })}
      />
    </span>
  );
}
