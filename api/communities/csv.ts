import type { Language } from '../http/language';
import type { FieldError } from '../http/invalid';
import { entriesOf, linesOf, listedTwice, severalIn, type Listed, type TableShape } from '../tables/csv';
import { newCommunity, type NewCommunity } from './facts';

/** The register as offices keep it: a table with one line a community. */

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

const HEADINGS: Readonly<Record<keyof NewCommunity, readonly string[]>> = {
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

export const COMMUNITY_TABLE: TableShape = {
  headings: HEADINGS,
  ignored: ['序号', '备注', '计划投资(万元)', '计划投资（万元）'],
  mostRows: 5_000,
  expected: {
    ...Object.fromEntries(
      ['county', 'subdistrict', 'neighbourhood'].map((column) => [
        column,
        { zh: '应为区划代码，如 371302、371302-s1、371302-n1', en: 'An area code, as 371302 or 371302-s1' },
      ]),
    ),
    households: { zh: '应为 1 以上的整数', en: 'A whole number, at least 1' },
    buildings: { zh: '应为 1 以上的整数', en: 'A whole number, at least 1' },
    floorArea: { zh: '应为数字（㎡），至多两位小数', en: 'A number of ㎡, at most two decimals' },
    completedYear: { zh: '应为年份，如 1996', en: 'A year, as 1996' },
    landOwnership: { zh: '应为国有或集体', en: '国有 or 集体' },
    location: { zh: '应为城市、县城或其他', en: '城市, 县城 or 其他' },
    demolishAndRebuild: { zh: '应为是或否', en: '是 or 否' },
  },
  valueOf(column, cell) {
    if (column === 'deficiencies') return cell === '无' ? [] : severalIn(cell);
    if (['households', 'buildings', 'floorArea', 'completedYear'].includes(column)) {
      return /^\d+(\.\d+)?$/.test(cell) ? Number(cell) : cell;
    }
    return ['landOwnership', 'location', 'demolishAndRebuild'].includes(column)
      ? (WORDS[cell] ?? cell)
      : cell;
  },
};

/**
 * Reads a table into communities. Every fault of every line is said at once, by `rows.<line>.<field>`.
 * @param defaults where all of them lie, if the table does not say
 * @throws InvalidRequest for what is no such table
 */
export function communitiesOf(
  text: string,
  defaults: Partial<Record<'county' | 'subdistrict' | 'neighbourhood', string | undefined>>,
  language: Language,
): { listed: Listed<NewCommunity>[]; errors: FieldError[] } {
  const known = Object.fromEntries(Object.entries(defaults).filter(([, value]) => value !== undefined));
  const lines = linesOf(text, COMMUNITY_TABLE).map(({ line, raw }) => ({ line, raw: { ...known, ...raw } }));
  const { listed, errors } = entriesOf(lines, newCommunity, {
    ...COMMUNITY_TABLE,
    language,
  });
  const key = ({ neighbourhood, name }: NewCommunity) => `${neighbourhood} ${name}`;
  const twice = { path: 'name', message: { zh: '小区重复', en: 'Listed twice' } };
  return { listed, errors: [...errors, ...listedTwice(listed, key, twice)] };
}
