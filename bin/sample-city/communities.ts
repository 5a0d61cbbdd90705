import type { Policy, PolicyArea } from '../../policy/schema';
import type { CommunityRow } from '../../store/communities';
import { countiesOf, quartersOf } from './organisations';

type SampleCommunity = Omit<CommunityRow, 'createdAt' | 'updatedAt'>;

interface Pattern {
  readonly name: string;
  readonly completedYear: number;
  readonly households: number;
  readonly buildings: number;
  readonly floorArea: number;
  readonly deficiencies: readonly string[];
}

/** Every county has these four, old enough, on state land, in town, with deficiencies on record: eligible (P1.1). */
const PATTERNS: readonly Pattern[] = [
  {
    name: '样例一小区',
    completedYear: 1988,
    households: 160,
    buildings: 4,
    floorArea: 11_840,
    deficiencies: ['供水管网老化', '屋面渗漏', '无物业管理'],
  },
  {
    name: '样例二小区',
    completedYear: 1994,
    households: 312,
    buildings: 8,
    floorArea: 25_600,
    deficiencies: ['道路破损', '弱电线缆杂乱', '消防设施缺失'],
  },
  {
    name: '样例三小区',
    completedYear: 1999,
    households: 240,
    buildings: 6,
    floorArea: 19_920,
    deficiencies: ['雨污未分流', '停车位不足'],
  },
  {
    name: '样例四小区',
    completedYear: 2003,
    households: 96,
    buildings: 2,
    floorArea: 8_160,
    deficiencies: ['外墙无保温', '照明不足'],
  },
];

export function sampleCommunities(policy: Policy): SampleCommunity[] {
  return countiesOf(policy).flatMap((area) => communitiesOf(area, policy.city.code));
}

function communitiesOf(area: PolicyArea, city: string): SampleCommunity[] {
  const quarters = quartersOf(area);
  // A county's own town; districts and zones are part of the city.
  const location = area.name.endsWith('县') ? 'county-town' : 'city';
  return PATTERNS.flatMap((pattern, index) => {
    const quarter = quarters[index % quarters.length];
    if (!quarter) return [];
    return {
      _id: `${area.code}-c${index + 1}`,
      ...pattern,
      name: `${area.name}${pattern.name}`,
      address: `${area.name}样例路${index + 1}号`,
      place: { city, county: area.code, ...quarter },
      landOwnership: 'state',
      location,
      demolishAndRebuild: false,
      sample: true,
    };
  });
}
