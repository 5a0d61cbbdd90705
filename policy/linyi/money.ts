/** Where the money comes from (四(三)) and how a project is financed (三(一)–(五)). */
import type { PolicyFile } from '../schema';

type SourceRow = PolicyFile['sources'][number];
const fiscal = { fiscal: true, needsIncome: false, namesGiver: false } as const;
const given = { fiscal: false, needsIncome: false, namesGiver: true } as const;
const residents = { fiscal: false, needsIncome: false, namesGiver: false } as const;

const sourceRows: SourceRow[] = [
  { key: 'central', name: '中央补助资金', nameEn: 'central subsidy', ...fiscal },
  { key: 'provincial', name: '省级补助资金', nameEn: 'provincial subsidy', ...fiscal },
  { key: 'city', name: '市级财政资金', nameEn: 'city budget', ...fiscal },
  { key: 'county', name: '县区财政资金', nameEn: 'county budget', ...fiscal },
  { key: 'land-revenue', name: '土地出让金', nameEn: 'land revenue', ...fiscal },
  { key: 'departmental', name: '部门整合资金', nameEn: 'departmental funds', ...fiscal },
  { key: 'special-bond', name: '地方政府专项债券', nameEn: 'special bonds', ...fiscal, needsIncome: true },
  { key: 'resident', name: '居民出资', nameEn: 'residents', ...residents },
  {
    key: 'maintenance-fund',
    name: '住宅专项维修资金',
    nameEn: 'maintenance fund',
    ...residents,
    ownersMatter: 'use-maintenance-fund',
  },
  {
    key: 'public-income',
    name: '小区公共收益',
    nameEn: 'public income of the community',
    ...residents,
    ownersMatter: 'use-public-income',
  },
  { key: 'gift', name: '捐资捐物', nameEn: 'gifts', ...given },
  { key: 'operator', name: '专营单位出资', nameEn: 'utility operators', ...given },
  { key: 'former-owner', name: '原产权单位出资', nameEn: 'original property owner', ...given },
  { key: 'society-capital', name: '社会资本', nameEn: 'society capital', ...given },
  { key: 'credit', name: '信贷资金', nameEn: 'credit', ...given, needsIncome: true },
];
export const sources: PolicyFile['sources'] = sourceRows;

/** A further mode ("+N", P3.5) is one more entry here; society capital is already among the sources. */
export const modes: PolicyFile['modes'] = [
  {
    key: 'large-area-balance',
    name: '大片区统筹平衡模式',
    nameEn: 'large-area balance',
    clause: 'P3.1',
    selfBalancing: true,
    members: 'adjacent',
    needsOneOf: [],
  },
  {
    key: 'cross-area-balance',
    name: '跨片区组合平衡模式',
    nameEn: 'cross-area balance',
    clause: 'P3.2',
    selfBalancing: true,
    members: 'distant',
    needsOneOf: [],
  },
  {
    key: 'self-balance',
    name: '小区内自求平衡模式',
    nameEn: 'self-balance inside the community',
    clause: 'P3.3',
    selfBalancing: true,
    members: 'none',
    needsOneOf: [],
  },
  {
    key: 'government-guided',
    name: '政府引导的多元化投入改造模式',
    nameEn: 'government-guided mixed funding',
    clause: 'P3.4',
    selfBalancing: false,
    members: 'none',
    needsOneOf: [],
  },
  {
    key: 'society-capital-operated',
    name: '社会资本参与建设运营模式',
    nameEn: 'built and run with society capital',
    clause: 'P3.5',
    selfBalancing: false,
    members: 'none',
    needsOneOf: ['society-capital'],
  },
];

export const ownersMatters: PolicyFile['ownersMatters'] = {
  'use-maintenance-fund': 'owners-ordinary',
  'use-public-income': 'owners-ordinary',
  'end-project': 'owners-ordinary',
  'raise-maintenance-fund': 'owners-special',
  rebuild: 'owners-special',
  'change-common-use': 'owners-special',
};
