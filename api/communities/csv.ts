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

/**
 * Reads a table into communities. Every fault of every line is said at once, by `rows.<line>.<field>`; the heading is
 * line 1.
 * @param defaults where all of them lie, if the table does not say
 * @throws InvalidRequest
 */
export function communitiesOf(
  text: string,
  defaults: Partial<Record<'county' | 'subdistrict' | 'neighbourhood', string | undefined>>,
  language: Language,
): NewCommunity[] {
  const [heading = [], ...lines] = table(text);
  const columns = heading.map(columnOf);
  const unknown = heading.filter((_, index) => columns[index] === undefined);
  if (unknown.length > 0) {
    throw new InvalidRequest(
      unknown.map((name) => ({
        path: `rows.1.${name}`,
        message: { zh: '没有这一列', en: 'No such column' },
      })),
    );
  }
  const errors: FieldError[] = [];
  const found = lines.flatMap((cells, index) => {
    const raw = { ...withoutAbsent(defaults), ...objectOf(columns, cells) };
    const parsed = newCommunity.safeParse(raw, { error: zodMessages(language) });
    if (parsed.success) return [parsed.data];
    errors.push(
      ...fieldErrors(parsed.error.issues).map((error) => ({
        ...error,
        path: `rows.${index + 2}.${error.path}`,
      })),
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

function table(text: string): string[][] {
  try {
    return parseCsv(text, { bom: true, trim: true, skipEmptyLines: true, to: MOST_ROWS + 2 }).slice();
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
}

function columnOf(heading: string): Column | 'ignored' | undefined {
  if (IGNORED.includes(heading)) return 'ignored';
  return (Object.keys(HEADINGS) as Column[]).find((column) => HEADINGS[column].includes(heading));
}

/** An empty cell is an unknown fact. */
function objectOf(columns: readonly (Column | 'ignored' | undefined)[], cells: readonly string[]) {
  const entries = columns.flatMap((column, index) => {
    const cell = cells[index] ?? '';
    return column === undefined || column === 'ignored' || cell === ''
      ? []
      : [[column, valueOf(column, cell)]];
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

function twice(found: readonly NewCommunity[]): FieldError[] {
  const seen = new Set<string>();
  return found.flatMap(({ name, neighbourhood }, index) => {
    const key = `${neighbourhood} ${name}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [{ path: `rows.${index + 2}.name`, message: { zh: '小区重复', en: 'Listed twice' } }];
  });
}

function withoutAbsent(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
