import type { OwnersMatter, Utility } from '../../policy/keys';

/** What officers call the keys among which several forms let them choose. */

export const managementModeNames = {
  professional: '专业化物业管理',
  subdistrict: '街道统一管理',
  neighbourhood: '社区统一管理',
} as const;

export const purchaseWayNames = {
  tender: '公开招标',
  negotiation: '竞争性谈判',
  consultation: '竞争性磋商',
  inquiry: '询价',
  'single-source': '单一来源',
} as const;

export const utilityNames: Readonly<Record<Utility, string>> = {
  water: '供水',
  power: '供电',
  gas: '燃气',
  heating: '供热',
  telecom: '通信',
  'cable-tv': '有线电视',
};

export const findingKindNames = {
  quality: '工程质量',
  safety: '施工安全',
  money: '资金使用',
  progress: '进度',
  other: '其他',
} as const;

/** 民法典 278 */
export const ownersMatterNames: Readonly<Record<OwnersMatter, string>> = {
  'use-maintenance-fund': '使用维修资金',
  'raise-maintenance-fund': '筹集维修资金',
  rebuild: '改建、重建建筑物及其附属设施',
  'change-common-use': '改变共有部分用途或利用共有部分经营',
  'use-public-income': '使用公共收益',
  'end-project': '不再实施改造',
};

/** 模式 of P3.1–P3.5; a policy that adds one shows its key until it is named here. */
export const financingModeNames: Readonly<Record<string, string>> = {
  'large-area-balance': '大片区统筹平衡模式',
  'cross-area-balance': '跨片区组合平衡模式',
  'self-balance': '小区内自求平衡模式',
  'government-guided': '政府引导的多元化投入改造模式',
  'society-capital-operated': '社会资本参与建设运营模式',
};
