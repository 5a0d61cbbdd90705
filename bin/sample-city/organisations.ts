import type { Organisation } from '../../domain/seats';
import type { Body, Level } from '../../policy/keys';
import type { Policy, PolicyArea } from '../../policy/schema';

/**
 * Who holds the seats of a sample city: every body of every area, operators and companies. All are made up and say
 * so in their names; only the areas are the policy's.
 */

const BODY_NAMES: Partial<Record<Body, string>> = {
  housing: '住房和城乡建设局',
  'development-and-reform': '发展和改革局',
  finance: '财政局',
  'natural-resources-and-planning': '自然资源和规划局',
  government: '人民政府',
  audit: '审计局',
  'fire-rescue': '消防救援机构',
  'market-regulation': '市场监督管理局',
  sports: '体育局',
  'civil-affairs': '民政局',
  'public-security': '公安局',
};
/** Bodies that city and counties have. */
const OFFICES = Object.keys(BODY_NAMES) as Body[];

const OPERATORS: readonly (readonly [Body, string, number])[] = [
  ['water', '供水公司', 1],
  ['power', '供电公司', 1],
  ['gas', '燃气公司', 1],
  ['heating', '热力公司', 1],
  ['telecom', '通信公司', 3],
  ['cable-tv', '广电网络公司', 1],
];

const COMPANIES: readonly (readonly [Body, string, number])[] = [
  ['project-owner', '城建投资公司', 1],
  ['designer', '设计院', 2],
  ['contractor', '建筑公司', 3],
  ['supervisor', '监理公司', 2],
  ['surveyor', '勘察公司', 1],
  ['property-manager', '物业公司', 2],
];

/** Where a sample organisation or community lies below its county. */
export interface Quarter {
  readonly subdistrict: string;
  readonly neighbourhood: string;
}

/** A county has two subdistricts with a neighbourhood each, a smaller area one. Codes below the county are ours. */
export function quartersOf(area: PolicyArea): Quarter[] {
  const numbers = area.kind === 'county' ? [1, 2] : [1];
  return numbers.map((n) => ({ subdistrict: `${area.code}-s${n}`, neighbourhood: `${area.code}-n${n}` }));
}

export function countiesOf(policy: Policy): PolicyArea[] {
  return policy.areas.filter(({ kind }) => kind !== 'city');
}

export function sampleOrganisations(policy: Policy): Organisation[] {
  const city = policy.city;
  return [
    ...OFFICES.map((body) => office(city.code, city.name, body, 'city')),
    ...countiesOf(policy).flatMap((area) => areaOrganisations(area, policy)),
    ...OPERATORS.flatMap(([body, name, count]) => several(city, body, 'operator', name, count)),
    ...COMPANIES.flatMap(([body, name, count]) => several(city, body, 'market', name, count)),
  ];
}

function areaOrganisations(area: PolicyArea, policy: Policy): Organisation[] {
  // Where policy says that somebody else holds the seat, there is no such office here.
  const elsewhere = policy.seatMappings
    .filter((mapping) => mapping.area === area.code)
    .map(({ seat }) => seat);
  const bodies = OFFICES.filter((body) => !elsewhere.includes(`${body}@county`));
  return [
    ...bodies.map((body) => office(area.code, area.name, body, 'county')),
    ...quartersOf(area).flatMap(({ subdistrict, neighbourhood }, index) => [
      local(subdistrict, `${area.name}第${NUMERALS[index]}街道办事处`, 'subdistrict'),
      local(neighbourhood, `${area.name}第${NUMERALS[index]}社区居委会`, 'neighbourhood'),
    ]),
  ];
}

const NUMERALS = ['一', '二', '三', '四', '五'];

function office(area: string, areaName: string, body: Body, level: Level): Organisation {
  const name = body === 'government' && /(开发区|新区)$/.test(areaName) ? '管理委员会' : BODY_NAMES[body];
  return { id: `${area}-${body}`, name: `${areaName}${name}（样例）`, bodies: [body], level, area };
}

function local(code: string, name: string, level: 'subdistrict' | 'neighbourhood'): Organisation {
  return { id: code, name: `${name}（样例）`, bodies: [level], level, area: code };
}

function several(
  city: Policy['city'],
  body: Body,
  level: Level,
  name: string,
  count: number,
): Organisation[] {
  return Array.from({ length: count }, (_, index) => ({
    id: count === 1 ? `${city.code}-${body}` : `${city.code}-${body}-${index + 1}`,
    name: `${city.name}${name}${count === 1 ? '' : NUMERALS[index]}（样例）`,
    bodies: [body],
    level,
    area: city.code,
  }));
}
