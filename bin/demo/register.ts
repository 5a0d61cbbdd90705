import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, type Person } from './client';

/**
 * The eight projects of one county-level city's real plan of 2021, as its housing bureau published them in April and
 * May 2021. Neither year of completion nor land status was published.
 */
const TABLE = join(__dirname, 'tianchang-2021.csv');

/** One line of the real plan. */
export interface PlannedCommunity {
  /** Its number in the table. */
  readonly no: number;
  readonly name: string;
  readonly investmentFen: number;
  readonly floorArea: number;
}

export async function readPlan(): Promise<{ csv: string; rows: PlannedCommunity[] }> {
  const csv = await readFile(TABLE, 'utf8');
  const lines = parse(csv, { columns: true, bom: true, trim: true }) as Record<string, string>[];
  const rows = lines.map((line) => ({
    no: Number(line['序号']),
    name: line['小区名称'] ?? '',
    investmentFen: Math.round(Number(line['计划投资(万元)']) * 1_000_000),
    floorArea: Number(line['建筑面积(㎡)']),
  }));
  return { csv, rows };
}

/** Facts that the published plan lacks. They are made up, and say so wherever a person sees them. */
function madeUp(no: number) {
  return {
    completedYear: 1984 + 2 * no,
    landOwnership: 'state',
    location: 'county-town',
    demolishAndRebuild: false,
    address: `样例路${no}号（样例）`,
    deficiencies: ['样例：供水管网老化', '样例：屋面渗漏'],
  };
}

interface Refused {
  readonly code: string;
  readonly violations?: readonly {
    readonly path?: string;
    readonly message: string;
    readonly clause?: string;
  }[];
}

/**
 * Registers the table as it is; lets a project be refused for what is unknown; then has the missing facts entered.
 * @returns community ids by the number in the table
 */
export async function register(
  subdistrict: Person,
  { year, neighbourhood }: { readonly year: number; readonly neighbourhood: string },
  say: (line: string) => void,
): Promise<Map<number, string>> {
  const { csv, rows } = await readPlan();
  const { area: street } = subdistrict.account;
  const county = street.slice(0, 6);
  const { ids } = await subdistrict.postCsv<{ ids: string[] }>(
    `/communities/import?county=${county}&subdistrict=${street}&neighbourhood=${neighbourhood}`,
    csv,
  );
  say(`${ids.length} communities registered from the published table, with what it holds and nothing else`);

  const refused = await subdistrict.post<Refused>('/projects', { communityIds: [ids[0]], year });
  const { violations = [] } = expect(refused, 422, 'a project of a community whose facts are unknown');
  say(`A project is refused (422, ${violations[0]?.clause ?? ''}), naming what is unknown:`);
  for (const { message } of violations) say(`    ${message}`);

  const byNumber = new Map(rows.map(({ no }, index) => [no, ids[index] ?? '']));
  for (const [no, id] of byNumber) await subdistrict.patch(`/communities/${id}`, madeUp(no));
  say('The subdistrict enters the missing facts (样例: made up, and marked so)');
  return byNumber;
}
