import type { z } from 'zod';
import type { Policy } from '../../policy/schema';
import type { Store } from '../../store/connect';
import type { OrganisationRow } from '../../store/organisations';
import { identifier } from '../http/fields';
import type { FieldError } from '../http/invalid';
import type { Language } from '../http/language';
import { at, entriesOf, linesOf, listedTwice, severalIn, type Listed, type TableShape } from '../tables/csv';
import type { Examined } from '../tables/import';
import { newOrganisation, seatRefusals } from './seats';

/** Organisations as a table: one line an organisation, seats and areas by their names or keys. */

const HEADINGS = {
  id: ['编号', 'id'],
  name: ['单位名称', '名称', '单位', 'name'],
  level: ['层级', 'level'],
  area: ['区域', '县区', 'area'],
  bodies: ['席位', 'bodies'],
  serves: ['服务区域', 'serves'],
} as const;

const LEVELS: Readonly<Record<string, string>> = {
  市级: 'city',
  市: 'city',
  县区级: 'county',
  县区: 'county',
  街道: 'subdistrict',
  社区: 'neighbourhood',
  居委会: 'neighbourhood',
  专营单位: 'operator',
  参建单位: 'market',
};

const entry = newOrganisation.extend({ id: identifier.optional() });
type Entry = z.infer<typeof entry>;

export function organisationTable({ bodies, areas }: Policy): TableShape {
  const bodyOf = (name: string) => bodies.find((one) => one.name === name)?.key ?? name;
  const areaOf = (name: string) => areas.find((one) => one.name === name)?.code ?? name;
  return {
    headings: HEADINGS,
    ignored: ['序号', '备注'],
    mostRows: 2_000,
    expected: {
      level: {
        zh: `应为${Object.keys(LEVELS).join('、')}之一`,
        en: `One of ${Object.keys(LEVELS).join(', ')}`,
      },
      area: { zh: '应为本市区域的名称或代码', en: 'The name or code of an area of this city' },
      serves: { zh: '应为本市区域的名称或代码', en: 'Names or codes of areas of this city' },
      bodies: { zh: `应为：${bodies.map(({ name }) => name).join('、')}`, en: 'Bodies by name or key' },
    },
    valueOf(column, cell) {
      if (column === 'bodies') return severalIn(cell).map(bodyOf);
      if (column === 'serves') return severalIn(cell).map(areaOf);
      if (column === 'area') return areaOf(cell);
      return column === 'level' ? (LEVELS[cell] ?? cell) : cell;
    },
  };
}

/** An organisation to be written: new, or one that is there already and is brought up to date. */
export interface Planned {
  readonly entry: Entry;
  readonly known?: string;
}

/**
 * Holds a table against every rule. Who is there already is known by number, else by name, level and area.
 * @throws InvalidRequest for what is no such table
 */
export async function examineOrganisations(
  text: string,
  { store, policy, language }: { store: Store; policy: Policy; language: Language },
): Promise<Examined & { planned: Planned[] }> {
  const table = organisationTable(policy);
  const { listed, errors } = entriesOf(linesOf(text, table), entry, {
    ...table,
    language,
  });
  const rows = await store.organisations.model.find().lean<OrganisationRow[]>();
  const numbered = new Set(rows.map(({ _id }) => _id));
  const named = new Map(rows.map((row) => [keyOf(row), row._id]));
  const planned = listed.map(({ line, entry: one }) => {
    const known = one.id === undefined ? named.get(keyOf(one)) : numbered.has(one.id) ? one.id : undefined;
    return { line, entry: one, ...(known === undefined ? {} : { known }) };
  });
  return {
    planned,
    rows: planned.map(({ line, entry: one, known }) => ({
      line,
      name: one.name,
      outcome: known === undefined ? 'created' : 'updated',
    })),
    errors: [...errors, ...unknownNumbers(planned), ...twice(listed)],
    refusals: listed.flatMap(({ line, entry: one }) =>
      seatRefusals(one, policy).map((refusal) => at(line, refusal)),
    ),
  };
}

function keyOf({ name, level, area }: Pick<Entry, 'name' | 'level' | 'area'>): string {
  return [level, area, name].join(' ');
}

/** Numbers are given here: one that nobody has is a slip. */
function unknownNumbers(planned: readonly (Planned & { readonly line: number })[]): FieldError[] {
  return planned.flatMap(({ line, entry: { id }, known }) =>
    id === undefined || known !== undefined
      ? []
      : [
          at(line, {
            path: 'id',
            message: {
              zh: `没有编号为 ${id} 的单位；新单位请留空，由系统编号`,
              en: `Nobody has the number ${id}; leave it empty for a new organisation`,
            },
          }),
        ],
  );
}

function twice(listed: readonly Listed<Entry>[]): FieldError[] {
  const fault = { path: 'name', message: { zh: '单位重复', en: 'Listed twice' } };
  return listedTwice(listed, (one) => one.id ?? keyOf(one), fault);
}
