import { parse as parseCsv, CsvError } from 'csv-parse/sync';
import { InvalidRequest, type FieldError } from '../http/invalid';
import type { Language } from '../http/language';
import { fieldErrors } from '../http/validation';
import { zodMessages } from '../http/language';
import { newCommunity, type NewCommunity } from './facts';

/** The register as offices keep it: a table with one line a community. */

type Column = keyof NewCommunity;

/** Headings by field; the first is the one we name. */
const HEADINGS: Readonly<Record<Column, readonly string[]>> = {
  name: ['小区名称', '名称', 'name'],
  address: ['地址', 'address'],
  county: ['县区', 'county'],
  subdistrict: ['街道', 'subdistrict'],
  neighbourhood: ['居委会', '社区', 'neighbourhood'],
  households: ['户数', 'households'],
  buildings: ['楼栋数', 'buildings'],
  floorArea: ['建筑面积(㎡)', '建筑面积（㎡）', '建筑面积', 'floorArea'],
  completedOn: ['建成日期', 'completedOn'],
  completedYear: ['建成年份', 'completedYear'],
  landOwnership: ['土地权属', 'landOwnership'],
  location: ['位置', 'location'],
  demolishAndRebuild: ['拆除新建', 'demolishAndRebuild'],
  deficiencies: ['存在问题', 'deficiencies'],
};

/** Columns that such tables have and the register has no use for. */
const IGNORED = ['序号', '备注', '计划投资(万元)', '计划投资（万元）'];

const WORDS: Readonly<Record<string, string | boolean>> = {
  国有: 'state',
  集体: 'collective',
  城市: 'city',
  县城: 'county-town',
  其他: 'other',
  是: true,
  否: false,
  true: true,
  false: false,
};

export const MOST_ROWS = 5_000;

/** A community, and the line of the table on which it stands; the heading is line 1. */
export interface Listed {
  readonly line: number;
  readonly community: NewCommunity;
}

/**
 * Reads a table into communities. Every fault of every line is said at once, by `rows.<line>.<field>`.
 * @param defaults where all of them lie, if the table does not say
 * @throws InvalidRequest
 */
export function communitiesOf(
  text: string,
  defaults: Partial<Record<'county' | 'subdistrict' | 'neighbourhood', string | undefined>>,
  language: Language,
): Listed[] {
  const [heading, ...lines] = table(text);
  const columns = columnsOf(heading?.cells ?? []);
  const errors: FieldError[] = [];
  const found = lines.flatMap(({ line, cells }): Listed[] => {
    const raw = { ...withoutAbsent(defaults), ...objectOf(columns, cells) };
    const parsed = newCommunity.safeParse(raw, { error: zodMessages(language) });
    if (parsed.success) return [{ line, community: parsed.data }];
    errors.push(
      ...fieldErrors(parsed.error.issues).map((error) => ({ ...error, path: `rows.${line}.${error.path}` })),
    );
    return [];
  });
  errors.push(...twice(found));
  if (errors.length > 0) throw new InvalidRequest(errors);
  if (found.length === 0) {
    throw new InvalidRequest([{ path: 'rows', message: { zh: '没有数据行', en: 'There are no lines' } }]);
  }
  return found;
}

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

function table(text: string): Line[] {
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
  if (records.length > MOST_ROWS + 1) {
    throw new InvalidRequest([
      {
        path: 'rows',
        message: { zh: `一次最多 ${MOST_ROWS} 行`, en: `At most ${MOST_ROWS} lines at a time` },
      },
    ]);
  }
  return records.map(({ info, record }) => ({ line: info.lines, cells: record }));
}

/** @throws InvalidRequest for a heading that is no field */
function columnsOf(heading: readonly string[]): readonly (Column | 'ignored')[] {
  const unknown = heading.filter((name) => columnOf(name) === undefined);
  if (unknown.length > 0) {
    throw new InvalidRequest(
      unknown.map((name) => ({
        path: `rows.1.${name}`,
        message: { zh: '没有这一列', en: 'No such column' },
      })),
    );
  }
  return heading.map((name) => columnOf(name) ?? 'ignored');
}

function columnOf(heading: string): Column | 'ignored' | undefined {
  if (IGNORED.includes(heading)) return 'ignored';
  return (Object.keys(HEADINGS) as Column[]).find((column) => HEADINGS[column].includes(heading));
}

/** An empty cell is an unknown fact. */
function objectOf(columns: readonly (Column | 'ignored')[], cells: readonly string[]) {
  const entries = columns.flatMap((column, index) => {
    const cell = cells[index] ?? '';
    return column === 'ignored' || cell === '' ? [] : [[column, valueOf(column, cell)]];
  });
  return Object.fromEntries(entries) as Record<string, unknown>;
}

function valueOf(column: Column, cell: string): unknown {
  if (column === 'deficiencies') {
    return cell === '无'
      ? []
      : cell
          .split(/[;；、]/)
          .map((one) => one.trim())
          .filter(Boolean);
  }
  if (['households', 'buildings', 'floorArea', 'completedYear'].includes(column)) {
    return /^\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell;
  }
  return column === 'landOwnership' || column === 'location' || column === 'demolishAndRebuild'
    ? (WORDS[cell] ?? cell)
    : cell;
}

function twice(found: readonly Listed[]): FieldError[] {
  const seen = new Set<string>();
  return found.flatMap(({ line, community: { name, neighbourhood } }) => {
    const key = `${neighbourhood} ${name}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ path: `rows.${line}.name`, message: { zh: '小区重复', en: 'Listed twice' } }];
  });
}

function withoutAbsent(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
