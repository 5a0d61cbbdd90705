import { parse as parseCsv, CsvError } from 'csv-parse/sync';
import type { z } from 'zod';
import { InvalidRequest, type FieldError } from '../http/invalid';
import { zodMessages, type Language, type Said } from '../http/language';
import { fieldErrors } from '../http/validation';

/** What a table holds: one line a thing, as offices keep it. */
export interface TableShape {
  /** Headings by field; the first is the one we name. */
  readonly headings: Readonly<Record<string, readonly string[]>>;
  /** Columns that such tables have and nobody here has use for. */
  readonly ignored: readonly string[];
  readonly mostRows: number;
  /** An empty cell never comes here: it is an unknown fact. */
  valueOf(column: string, cell: string): unknown;
  /** What a cell of the column should be, as an officer would say it; zod's own words where it is not said. */
  readonly expected: Readonly<Record<string, Said>>;
}

/** A line of the table; the heading is line 1. */
export interface Line {
  readonly line: number;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** What a line says, once it fits its schema. */
export interface Listed<Entry> {
  readonly line: number;
  readonly entry: Entry;
}

/**
 * Reads CSV into lines of named values.
 * @throws InvalidRequest for what is no table, for an unknown column, for too many lines and for none
 */
export function linesOf(text: string, shape: TableShape): Line[] {
  const [heading, ...rows] = table(text, shape.mostRows);
  const columns = columnsOf(heading?.cells ?? [], shape);
  if (rows.length === 0) {
    throw new InvalidRequest([{ path: 'rows', message: { zh: '没有数据行', en: 'There are no lines' } }]);
  }
  return rows.map(({ line, cells }) => ({
    line,
    raw: Object.fromEntries(
      columns.flatMap((column, index) => {
        const cell = cells[index] ?? '';
        return column === undefined || cell === '' ? [] : [[column, shape.valueOf(column, cell)]];
      }),
    ),
  }));
}

/** Holds every line against the schema: those that fit, and each fault of the others by `rows.<line>.<field>`. */
export function entriesOf<Entry>(
  lines: readonly Line[],
  schema: z.ZodType<Entry>,
  { language, expected }: Pick<TableShape, 'expected'> & { readonly language: Language },
): { listed: Listed<Entry>[]; errors: FieldError[] } {
  const listed: Listed<Entry>[] = [];
  const errors: FieldError[] = [];
  for (const { line, raw } of lines) {
    const parsed = schema.safeParse(raw, { error: zodMessages(language) });
    if (parsed.success) listed.push({ line, entry: parsed.data });
    else
      errors.push(
        ...parsed.error.issues.flatMap((issue) => faultsOf(issue, raw, expected)).map((one) => at(line, one)),
      );
  }
  return { listed, errors };
}

/** Zod speaks of types; a table has cells. */
function faultsOf(issue: z.core.$ZodIssue, raw: Line['raw'], expected: TableShape['expected']): FieldError[] {
  const column = String(issue.path[0] ?? '');
  const isMissing = raw[column] === undefined || (Array.isArray(raw[column]) && raw[column].length === 0);
  const says = isMissing ? REQUIRED : issue.code === 'custom' ? undefined : expected[column];
  return fieldErrors([issue]).map((one) => (says ? { ...one, message: says } : one));
}

const REQUIRED: Said = { zh: '必填', en: 'Must be given' };

/** A fault of one line, by its path in the table. */
export function at<Fault extends { readonly path?: string }>(line: number, fault: Fault): Fault & FieldPath {
  return { ...fault, path: `rows.${line}.${fault.path ?? ''}` };
}
interface FieldPath {
  readonly path: string;
}

/** Lines that say the same thing as one before them. */
export function listedTwice<Entry>(
  listed: readonly Listed<Entry>[],
  keyOf: (entry: Entry) => string,
  fault: FieldError,
): FieldError[] {
  const seen = new Set<string>();
  return listed.flatMap(({ line, entry }) => {
    const key = keyOf(entry);
    if (seen.has(key)) return [at(line, fault)];
    seen.add(key);
    return [];
  });
}

/** Several in one cell: 管网老化；屋面渗漏 */
export function severalIn(cell: string): string[] {
  return cell
    .split(/[;；、]/)
    .map((one) => one.trim())
    .filter(Boolean);
}

function table(text: string, mostRows: number): { line: number; cells: readonly string[] }[] {
  let records: { info: { lines: number }; record: string[] }[];
  try {
    records = parseCsv(text, { bom: true, trim: true, skipEmptyLines: true, info: true }) as never;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new InvalidRequest([
      {
        path: `rows.${String(error['lines'] ?? '')}`,
        message: {
          zh: '不是规范的 CSV，各行列数应一致',
          en: 'Not a well-formed CSV; every line has the same columns',
        },
      },
    ]);
  }
  if (records.length > mostRows + 1) {
    throw new InvalidRequest([
      { path: 'rows', message: { zh: `一次最多 ${mostRows} 行`, en: `At most ${mostRows} lines at a time` } },
    ]);
  }
  return records.map(({ info, record }) => ({ line: info.lines, cells: record }));
}

/** @throws InvalidRequest for a heading that is no field */
function columnsOf(heading: readonly string[], shape: TableShape): (string | undefined)[] {
  const fieldOf = (name: string) =>
    Object.entries(shape.headings).find(([, names]) => names.includes(name))?.[0];
  const unknown = heading.filter((name) => fieldOf(name) === undefined && !shape.ignored.includes(name));
  if (unknown.length > 0) {
    throw new InvalidRequest(
      unknown.map((name) => ({
        path: `rows.1.${name}`,
        message: { zh: '没有这一列', en: 'No such column' },
      })),
    );
  }
  return heading.map(fieldOf);
}
