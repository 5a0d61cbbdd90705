import { useMemo } from 'react';
import { useOrganisations, usePeople, usePolicy } from '../api/names';
import { namesIn } from '../form/ui-schema';
import { isLabelled, labelOf, valueOf, yuan } from '../words/labels';
import { useLanguage, type Language } from '../words/language';
import { Preview } from './attachment';

interface Names extends ReturnType<typeof namesIn> {
  /** An office or a person by the id, a county by its code. */
  readonly called: (id: string) => string;
}

/** Not for reading: the policy's values with which rules reckon, and numbers of machines. */
const HIDDEN = new Set(['policy', 'ratios', 'id', 'hash', 'workflowId', 'taskId', 'bindings', 'key']);
const FILE = /^(sample-attachment|[0-9a-f]{24}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,27})$/;

/** How cities number their offices; what is none has no name there. */
const OFFICE = /^\d{6}-[a-z][a-z0-9-]*$/;
const AREA = /^\d{6}$/;

/** Whatever a step has fixed for its task, or somebody has entered: labelled, money in yuan, names for keys. */
export function Readable({ value, titles, context }: { value: unknown; titles?: Titles; context?: unknown }) {
  const { language } = useLanguage();
  const names = useNames(value, context);
  return <Shown value={value} names={names} titles={titles ?? {}} language={language} depth={0} field="" />;
}

/** One field's value without its label. */
export function ValueAlone({
  field,
  value,
  titles,
  context,
}: {
  field: string;
  value: unknown;
  titles: Titles;
  context: unknown;
}) {
  const { language } = useLanguage();
  const names = useNames({ [field]: value }, context);
  return <Shown value={value} names={names} titles={titles} language={language} depth={1} field={field} />;
}

/** Names that the context brings, and those of the offices and people in the value. */
function useNames(value: unknown, context: unknown): Names {
  const person = usePeople();
  const known = useMemo(() => namesIn([context, value]), [context, value]);
  const ids = useMemo(() => idsIn(value, known), [value, known]);
  const offices = ids.filter((id) => OFFICE.test(id));
  const office = useOrganisations(offices);
  const policy = usePolicy({ enabled: offices.length < ids.length });
  const area = (code: string): string => policy?.areas.find((one) => one.code === code)?.name ?? code;
  return {
    ...known,
    called: (id) => (AREA.test(id) ? area(id) : ids.includes(id) ? office(id) : person(id)),
  };
}

/** Offices and counties in the value that have no name yet. */
function idsIn(value: unknown, { keys }: ReturnType<typeof namesIn>): string[] {
  const found = new Set<string>();
  const look = (one: unknown, field: string): void => {
    if (typeof one === 'string') {
      const isOne = OFFICE.test(one) ? !keys.has(one) : field === 'county' && AREA.test(one);
      if (isOne) found.add(one);
    } else if (one !== null && typeof one === 'object') {
      for (const [name, inner] of Object.entries(one)) look(inner, name);
    }
  };
  look(value, '');
  return [...found];
}

/** By field; by `field=key` the name of a key chosen in it. */
export type Titles = Readonly<Record<string, string>>;

interface Titled {
  readonly title?: string;
  readonly 'x-names'?: Titles;
  readonly items?: { readonly 'x-names'?: Titles };
}

interface Props {
  readonly value: unknown;
  readonly names: Names;
  readonly titles: Titles;
  readonly language: Language;
  readonly depth: number;
  readonly field: string;
}

function Shown(props: Props) {
  const { value, depth } = props;
  const { words } = useLanguage();
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return <Listed {...props} value={value as unknown[]} />;
  if (typeof value === 'object') {
    const fields = fieldsOf(value as Record<string, unknown>);
    if (fields.length === 0) return null;
    return (
      <dl className={depth === 0 ? 'facts' : 'facts inner'}>
        {fields.map(([field, inner]) => (
          <div key={field}>
            <dt>{titleOf(field, props)}</dt>
            <dd>
              <Shown {...props} value={inner} field={field} depth={depth + 1} />
            </dd>
          </div>
        ))}
      </dl>
    );
  }
  if (typeof value === 'string' && FILE.test(value)) return <Preview id={value} />;
  if (typeof value === 'boolean') return value ? words.task.yes : words.task.no;
  return textOf(value as string | number, props);
}

function Listed(props: Props & { value: readonly unknown[] }) {
  const { value, depth, names, language } = props;
  const { words } = useLanguage();
  if (value.length === 0) return <span className="hint">—</span>;
  const rows = value.filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null);
  if (rows.length < value.length) {
    return (
      <ul className="words">
        {value.map((one, i) => (
          <li key={i}>
            <Shown {...props} value={one} depth={depth + 1} />
          </li>
        ))}
      </ul>
    );
  }
  // A list of names is a line of names.
  if (rows.every((row) => Object.keys(row).every((key) => ['no', 'name', 'class', 'id'].includes(key)))) {
    const text = rows.map(({ no, name }) => [no, name].filter((part) => part !== undefined).join(' '));
    return rows.length > 8 ? (
      <details>
        <summary>{words.task.entries(rows.length)}</summary>
        {text.join('；')}
      </details>
    ) : (
      text.join('；')
    );
  }
  const columns = [...new Set(rows.flatMap((row) => fieldsOf(row).map(([field]) => field)))];
  const isFlat = rows.every((row) =>
    fieldsOf(row).every(
      ([, inner]) => typeof inner !== 'object' || (Array.isArray(inner) && inner.length < 4),
    ),
  );
  if (!isFlat || columns.length > 7) {
    return rows.map((row, i) => (
      <section key={i} className="part">
        <Shown {...props} value={row} depth={depth + 1} />
      </section>
    ));
  }
  return (
    <div className="scroll" role="region" aria-label={titleOf(props.field, props)} tabIndex={0}>
      <table className="plain">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {titleOf(column, { ...props, names, language })}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {columns.map((column) => (
                <td key={column} className={column.endsWith('Fen') ? 'sum' : undefined}>
                  <Shown {...props} value={row[column]} field={column} depth={depth + 1} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function fieldsOf(value: Record<string, unknown>): [string, unknown][] {
  return Object.entries(value).filter(
    ([field, inner]) => !HIDDEN.has(field) && inner !== undefined && inner !== null && inner !== '',
  );
}

function titleOf(
  field: string,
  { titles, names, language }: Pick<Props, 'titles' | 'names' | 'language'>,
): string {
  const title = titles[field];
  if (title !== undefined) return title.replace('（分）', '').replace('（附件）', '').replace('（单位）', '');
  return isLabelled(field) || language === 'en'
    ? labelOf(field, language)
    : (names.keys.get(field) ?? valueOf(field, language));
}

function textOf(value: string | number, { field, names, titles, language }: Props): string {
  if (typeof value === 'number') {
    if (field.endsWith('Fen')) return yuan(value, language);
    if (field === 'no' || field === 'wishes' || field === 'items')
      return names.items.get(value) ?? String(value);
    return field === 'year' ? String(value) : value.toLocaleString('en-US');
  }
  // Six digits are a county only where one is told.
  const called = AREA.test(value) && field !== 'county' ? value : names.called(value);
  return titles[`${field}=${value}`] ?? names.keys.get(value) ?? valueOf(called, language);
}

/** Titles of a form's fields, and names of the keys chosen in them, wherever in it, for whoever shows what was entered. */
export function titlesIn(schema: unknown): Titles {
  const titles: Record<string, string> = {};
  const look = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    const { properties } = value as { properties?: Record<string, Titled> };
    for (const [name, inner] of Object.entries(properties ?? {})) {
      if (inner.title) titles[name] ??= inner.title;
      for (const [key, shown] of Object.entries(inner['x-names'] ?? inner.items?.['x-names'] ?? {}))
        titles[`${name}=${key}`] = shown;
    }
    Object.values(value).forEach(look);
  };
  look(schema);
  return titles;
}
