/** Bodies of the policy (五(一)1–16, 附件1) and the levels at which they exist, and every seat a step asks for. */
import type { PolicyFile } from '../schema';

export const bodies: PolicyFile['bodies'] = [
  {
    key: 'housing',
    name: '住房和城乡建设',
    nameEn: 'housing and urban-rural development',
    levels: ['city', 'county'],
  },
  {
    key: 'development-and-reform',
    name: '发展和改革',
    nameEn: 'development and reform',
    levels: ['city', 'county'],
  },
  { key: 'finance', name: '财政', nameEn: 'finance', levels: ['city', 'county'] },
  {
    key: 'natural-resources-and-planning',
    name: '自然资源和规划',
    nameEn: 'natural resources and planning',
    levels: ['city', 'county'],
  },
  {
    key: 'government',
    name: '人民政府（管委会）',
    nameEn: 'government or management committee',
    levels: ['city', 'county'],
  },
  { key: 'audit', name: '审计', nameEn: 'audit', levels: ['city', 'county'] },
  { key: 'fire-rescue', name: '消防救援', nameEn: 'fire and rescue', levels: ['city', 'county'] },
  { key: 'market-regulation', name: '市场监督管理', nameEn: 'market regulation', levels: ['city', 'county'] },
  { key: 'sports', name: '体育', nameEn: 'sports', levels: ['city', 'county'] },
  { key: 'civil-affairs', name: '民政', nameEn: 'civil affairs', levels: ['city', 'county'] },
  { key: 'public-security', name: '公安', nameEn: 'public security', levels: ['city', 'county'] },
  { key: 'urban-management', name: '城市管理', nameEn: 'urban management', levels: ['city', 'county'] },
  { key: 'commerce', name: '商务', nameEn: 'commerce', levels: ['city', 'county'] },
  { key: 'justice', name: '司法', nameEn: 'justice', levels: ['city', 'county'] },
  { key: 'subdistrict', name: '街道办事处', nameEn: 'subdistrict office', levels: ['subdistrict'] },
  { key: 'neighbourhood', name: '社区居委会', nameEn: 'neighbourhood committee', levels: ['neighbourhood'] },
  { key: 'owners-committee', name: '业主委员会', nameEn: "owners' committee", levels: ['neighbourhood'] },
  { key: 'water', name: '供水单位', nameEn: 'water operator', levels: ['operator'] },
  { key: 'power', name: '供电单位', nameEn: 'power grid operator', levels: ['operator'] },
  { key: 'gas', name: '供气单位', nameEn: 'gas operator', levels: ['operator'] },
  { key: 'heating', name: '供暖单位', nameEn: 'heating operator', levels: ['operator'] },
  { key: 'telecom', name: '通信单位', nameEn: 'telecom operator', levels: ['operator'] },
  { key: 'cable-tv', name: '有线电视单位', nameEn: 'cable-TV operator', levels: ['operator'] },
  { key: 'project-owner', name: '建设单位', nameEn: 'project owner', levels: ['market'] },
  { key: 'designer', name: '设计单位', nameEn: 'designer', levels: ['market'] },
  { key: 'contractor', name: '施工单位', nameEn: 'contractor', levels: ['market'] },
  { key: 'supervisor', name: '监理单位', nameEn: 'supervisor', levels: ['market'] },
  { key: 'surveyor', name: '勘察单位', nameEn: 'surveyor', levels: ['market'] },
  { key: 'property-manager', name: '物业服务单位', nameEn: 'property manager', levels: ['market'] },
];

/** One seat for every level at which a body exists. */
export const seats: PolicyFile['seats'] = bodies.flatMap(({ key, levels }) =>
  levels.map((level) => `${key}@${level}` as const),
);

/** The municipal government, the power grid and the telecoms will often decide on paper (代录). */
export const paperSeats: PolicyFile['paperSeats'] = [
  { seat: 'government@city', recordedBy: ['housing@city'] },
  { seat: 'power@operator', recordedBy: ['housing@county'] },
  { seat: 'telecom@operator', recordedBy: ['housing@county'] },
];
