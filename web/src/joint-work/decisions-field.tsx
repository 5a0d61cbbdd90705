import type { FieldProps, RJSFSchema } from '@rjsf/utils';
import { Button, Input } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useSurroundings } from '../form/surroundings';
import { candidatesOf, sumsOf, type Candidate } from './candidates';
import { SheetFrame, Tick } from './frame';
import { useTexts } from './texts';
import { Worksheet } from './worksheet';

interface Decision {
  readonly projectId: string;
  readonly verdict?: string;
  readonly remarks?: string;
}
type Decisions = ReadonlyMap<string, Decision>;

/** A verdict on each project of a list, many at once where many are alike, with a remark where one is not. */
export function DecisionsField({
  schema,
  formData,
  errorSchema,
  rawErrors,
  fieldPathId,
  onChange,
}: FieldProps) {
  const texts = useTexts();
  const { context, example } = useSurroundings();
  const all = useMemo(() => candidatesOf(context), [context]);
  const { verdicts: given, opinions } = (context ?? {}) as {
    verdicts?: Record<string, readonly string[]>;
    opinions?: Record<string, readonly string[]>;
  };
  const names = useMemo(() => namesOf(schema), [schema]);
  const keys = Object.keys(names);
  const [decisions, setDecisions] = useState<Decisions>(() => decided(formData));
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [remarks, setRemarks] = useState('');
  const sent = useRef(formData);
  useEffect(() => {
    // Somebody else has set the form: a sample, a kept draft, or everything anew.
    if (formData === sent.current) return;
    sent.current = formData;
    setDecisions(decided(formData));
  }, [formData]);

  const commit = (next: Decisions): void => {
    setDecisions(next);
    const rows = all.flatMap(({ projectId }) => next.get(projectId) ?? []);
    sent.current = rows;
    onChange(rows, fieldPathId.path);
  };
  const give = (ids: readonly string[], change: Partial<Decision>): void => {
    const next = new Map(decisions);
    for (const projectId of ids)
      next.set(projectId, without({ ...next.get(projectId), projectId, ...change }));
    commit(next);
  };
  const errors = useMemo(() => problemsBy(errorSchema, formData), [errorSchema, formData]);
  const filters = useMemo(
    () => [
      {
        key: 'none',
        title: texts.undecided,
        keep: (one: Candidate) => !decisions.get(one.projectId)?.verdict,
      },
      ...Object.entries(names).map(([key, title]) => ({
        key,
        title,
        keep: (one: Candidate) => decisions.get(one.projectId)?.verdict === key,
      })),
      { key: 'selected', title: texts.chosen, keep: (one: Candidate) => selected.has(one.projectId) },
    ],
    [decisions, names, selected, texts],
  );
  const of = (verdict: string | undefined) =>
    all.filter(({ projectId }) => decisions.get(projectId)?.verdict === verdict);
  return (
    <SheetFrame
      id={fieldPathId.$id}
      title={schema.title}
      errors={rawErrors}
      sums={
        <ul className="sums">
          {[undefined, ...keys].map((key) => (
            <li key={key ?? ''}>
              {sumsOf(texts, key === undefined ? texts.undecided : (names[key] ?? key), of(key))}
            </li>
          ))}
        </ul>
      }
    >
      <Worksheet
        title={schema.title ?? texts.list}
        all={all}
        filters={filters}
        bar={(rows) => (
          <>
            <p className="row">
              <Button
                size="small"
                onClick={() => setSelected(new Set([...selected, ...rows.map(({ projectId }) => projectId)]))}
              >
                {texts.selectShown(rows.length)}
              </Button>
              {given && example !== undefined && (
                <Button
                  size="small"
                  onClick={() => commit(decided((example as { decisions?: unknown }).decisions))}
                >
                  {texts.suggested}
                </Button>
              )}
              <span className="hint">
                {texts.keys(keys.map((key, i) => `${i + 1} ${names[key]}`).join('，'))}
              </span>
            </p>
            {selected.size > 0 && (
              <div className="row chosen">
                <span role="status">{texts.selected(selected.size)}</span>
                {keys.map((key) => (
                  <Button
                    key={key}
                    size="small"
                    type={key === 'approve' ? 'primary' : 'default'}
                    onClick={() => give([...selected], { verdict: key })}
                  >
                    {names[key]}
                  </Button>
                ))}
                <Input
                  className="remark-all"
                  aria-label={texts.remarkAll}
                  placeholder={texts.remarkAll}
                  value={remarks}
                  onChange={({ target }) => setRemarks(target.value)}
                  onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
                />
                <Button
                  size="small"
                  disabled={remarks.trim() === ''}
                  onClick={() => {
                    give([...selected], { remarks: remarks.trim() });
                    setRemarks('');
                  }}
                >
                  {texts.apply}
                </Button>
                <Button size="small" onClick={() => setSelected(new Set())}>
                  {texts.unselect}
                </Button>
              </div>
            )}
          </>
        )}
        first={({ projectId, name }) => (
          <Tick label={texts.select(name)} projectId={projectId} chosen={selected} onChange={setSelected} />
        )}
        heads={[...(given ? [texts.bureaus] : []), texts.verdict, texts.remarks]}
        cells={({ projectId, name }) => {
          const one = decisions.get(projectId);
          return (
            <>
              {given && (
                <td>
                  {(given[projectId] ?? []).map((verdict, i) => (
                    <span key={i} className="tag">
                      {names[verdict] ?? verdict}
                    </span>
                  ))}
                  {opinions?.[projectId]?.map((opinion, i) => (
                    <span key={i} className="hint block">
                      {opinion}
                    </span>
                  ))}
                </td>
              )}
              <td className="verdict">
                <select
                  aria-label={texts.verdictOf(name)}
                  value={one?.verdict ?? ''}
                  onChange={({ target }) => give([projectId], { verdict: target.value })}
                >
                  <option value="">—</option>
                  {keys.map((key) => (
                    <option key={key} value={key}>
                      {names[key]}
                    </option>
                  ))}
                </select>
              </td>
              <td className="remark">
                <Remark
                  label={texts.remarksOf(name)}
                  value={one?.remarks ?? ''}
                  problem={errors.get(projectId)}
                  onChange={(text) => give([projectId], { remarks: text })}
                />
              </td>
            </>
          );
        }}
        onKey={(key, { projectId }) => {
          const verdict = /^[1-9]$/.test(key) ? keys[Number(key) - 1] : undefined;
          if (verdict === undefined) return false;
          give(selected.size > 0 ? [...selected] : [projectId], { verdict });
          return true;
        }}
      />
    </SheetFrame>
  );
}

/** The form hears of it when it is left: hundreds of rows are not reckoned anew at every key. */
function Remark({
  label,
  value,
  problem,
  onChange,
}: {
  label: string;
  value: string;
  problem: string | undefined;
  onChange: (text: string) => void;
}) {
  const [text, setText] = useState(value);
  const [was, setWas] = useState(value);
  if (was !== value) {
    setWas(value);
    setText(value);
  }
  return (
    <>
      <input
        className="plain-input"
        aria-label={label}
        aria-invalid={problem ? true : undefined}
        maxLength={4_000}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onBlur={() => text !== value && onChange(text.trim())}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          if (text !== value) onChange(text.trim());
        }}
      />
      {problem && <p className="problem">{problem}</p>}
    </>
  );
}

function namesOf(schema: RJSFSchema): Readonly<Record<string, string>> {
  const { properties = {} } = schema.items as RJSFSchema;
  return ((properties['verdict'] as Record<string, unknown> | undefined)?.['x-names'] ?? {}) as Record<
    string,
    string
  >;
}

function decided(formData: unknown): Decisions {
  const rows = Array.isArray(formData) ? (formData as Decision[]) : [];
  return new Map(rows.map((one) => [one.projectId, one]));
}

/** What is not entered is not sent. */
function without({ projectId, verdict, remarks }: Decision): Decision {
  return { projectId, ...(verdict ? { verdict } : {}), ...(remarks ? { remarks } : {}) };
}

/** The API's refusals name rows by their place in what was sent. */
function problemsBy(errorSchema: unknown, formData: unknown): ReadonlyMap<string, string> {
  const rows = Array.isArray(formData) ? (formData as Decision[]) : [];
  const all = (errorSchema ?? {}) as Record<string, Record<string, { __errors?: string[] } | undefined>>;
  return new Map(
    rows.flatMap(({ projectId }, i) => {
      const found = Object.values(all[i] ?? {}).flatMap((one) => one?.__errors ?? []);
      return found.length > 0 ? [[projectId, found.join('；')]] : [];
    }),
  );
}
