/**
 * The frame that law sets around a city's periods, ratios and amounts.
 *
 * A city chooses lengths inside this frame; it may be stricter, never laxer. The frame is code and not part
 * of a city's file, so that no file can lower its own floor. `confidence`: T statute text read, S secondary
 * source, M remembered or our own proposal, to be confirmed by the city's lawyer.
 */
import type { Period } from '../domain/calendar';
import type { AmountKey, PeriodKey, RatioKey } from './keys';

export type Confidence = 'T' | 'S' | 'M';

/** `minimum`: an earlier act is refused; `maximum`: a later act is accepted and marked as a breach. */
export type Bound = 'minimum' | 'maximum';

export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

interface Source {
  readonly title: string;
  readonly basis: string;
  readonly clause?: string;
  readonly confidence: Confidence;
}

export interface PeriodFrame extends Source {
  readonly bound: Bound;
  /** A `minimum` may not be shorter. */
  readonly floor?: Period;
  /** A `maximum` may not be longer. */
  readonly ceiling?: Period;
}

export interface RatioFrame extends Source {
  readonly bound: Bound;
  /** Whether the ratio itself is enough, or must be passed (过半数 is `more-than` 1/2). */
  readonly compare: 'at-least' | 'more-than' | 'at-most';
  readonly floor?: Fraction;
  readonly ceiling?: Fraction;
}

export interface AmountFrame extends Source {
  /** In fen. A city may require tendering below it, never above. */
  readonly ceiling: number;
}

const policy = '临政办字〔2020〕81号';
/** The policy asks for the act and sets no length: the city does. */
const cityChoice = '期限由市定';
const ours = { confidence: 'M' } as const;

export const legalPeriods: Readonly<Record<PeriodKey, PeriodFrame>> = {
  survey: {
    title: '入户调查',
    bound: 'maximum',
    basis: cityChoice,
    clause: 'P2.1.1',
    ...ours,
  },
  plan: {
    title: '初步方案编制',
    bound: 'maximum',
    basis: cityChoice,
    clause: 'P2.1.2',
    ...ours,
  },
  'operator-plan': {
    title: '专营单位初步方案',
    bound: 'maximum',
    basis: cityChoice,
    clause: 'P2.1.2',
    ...ours,
  },
  'public-notice': {
    title: '改造方案公示',
    bound: 'minimum',
    floor: { workingDays: 5 },
    basis: `${policy} 二(一)3`,
    clause: 'P2.1.3',
    confidence: 'T',
  },
  'objection-answer': {
    title: '答复居民意见',
    bound: 'maximum',
    basis: cityChoice,
    clause: 'P2.1.3',
    ...ours,
  },
  'county-preparation': {
    title: '县区汇总提报',
    bound: 'maximum',
    basis: cityChoice,
    clause: 'P2.1.4',
    ...ours,
  },
  'joint-review': {
    title: '联合审查',
    bound: 'maximum',
    basis: cityChoice,
    clause: 'P2.2.1',
    ...ours,
  },
  'municipal-approval': {
    title: '报市政府同意',
    bound: 'maximum',
    basis: cityChoice,
    clause: 'P2.2.2',
    ...ours,
  },
  'joint-document': {
    title: '联合行文',
    bound: 'maximum',
    basis: cityChoice,
    clause: 'P2.2.3',
    ...ours,
  },
  'scheme-review': {
    title: '改造方案联合审查',
    bound: 'maximum',
    basis: cityChoice,
    clause: 'P2.3.1',
    ...ours,
  },
  consultation: {
    title: '征求部门意见',
    bound: 'maximum',
    basis: cityChoice,
    clause: 'P2.3.1',
    ...ours,
  },
  'tender-clarification': {
    title: '招标文件澄清或修改至投标截止',
    bound: 'minimum',
    floor: { days: 15 },
    basis: '招标投标法 23',
    clause: 'P2.3.3',
    confidence: 'T',
  },
  'tender-documents-on-sale': {
    title: '招标文件发售',
    bound: 'minimum',
    floor: { days: 5 },
    basis: '招标投标法实施条例 16',
    clause: 'P2.3.3',
    confidence: 'T',
  },
  'tender-bid': {
    title: '招标文件发出至投标截止',
    bound: 'minimum',
    floor: { days: 20 },
    basis: '招标投标法 24',
    clause: 'P2.3.3',
    confidence: 'T',
  },
  'tender-candidates': {
    title: '中标候选人公示',
    bound: 'minimum',
    floor: { days: 3 },
    basis: '招标投标法实施条例 54',
    clause: 'P2.3.3',
    confidence: 'T',
  },
  'tender-report': {
    title: '收到评标报告至公示候选人',
    bound: 'maximum',
    ceiling: { days: 3 },
    basis: '招标投标法实施条例 54',
    clause: 'P2.3.3',
    confidence: 'T',
  },
  'tender-objection-answer': {
    title: '答复对评标结果的异议',
    bound: 'maximum',
    ceiling: { days: 3 },
    basis: '招标投标法实施条例 54',
    clause: 'P2.3.3',
    confidence: 'T',
  },
  'tender-contract': {
    title: '中标通知书发出至订立合同',
    bound: 'maximum',
    ceiling: { days: 30 },
    basis: '招标投标法 46',
    clause: 'P2.3.3',
    confidence: 'T',
  },
  'tender-regulator-report': {
    title: '确定中标人至书面报告监督部门',
    bound: 'maximum',
    ceiling: { days: 15 },
    basis: '招标投标法 47',
    clause: 'P2.3.3',
    confidence: 'T',
  },
  'construction-start': {
    title: '领取施工许可证至开工',
    bound: 'maximum',
    ceiling: { months: 3 },
    basis: '建筑法 9',
    clause: 'P2.3.4',
    confidence: 'T',
  },
  'construction-start-extension': {
    title: '开工延期（每次，至多两次）',
    bound: 'maximum',
    ceiling: { months: 3 },
    basis: '建筑法 9',
    clause: 'P2.3.4',
    confidence: 'T',
  },
  'monthly-progress': {
    title: '上月进度报送',
    bound: 'maximum',
    basis: cityChoice,
    clause: 'P5.3',
    ...ours,
  },
  'finding-answer': {
    title: '问题整改答复',
    bound: 'maximum',
    basis: cityChoice,
    clause: 'P2.3.4',
    ...ours,
  },
  'payment-review': {
    title: '付款审核',
    bound: 'maximum',
    ceiling: { days: 60 },
    basis: '保障中小企业款项支付条例：30 日，约定至多 60 日',
    clause: 'P2.3.4',
    confidence: 'T',
  },
  'acceptance-invitation': {
    title: '提前邀请居民代表',
    bound: 'minimum',
    floor: { workingDays: 3 },
    basis: `${policy} 二(四)；天数为本系统规则`,
    clause: 'P2.4.1',
    ...ours,
  },
  'acceptance-filing': {
    title: '竣工验收备案',
    bound: 'maximum',
    ceiling: { days: 15 },
    basis: '建设工程质量管理条例 49',
    clause: 'P2.4.1',
    confidence: 'T',
  },
  'final-accounts': {
    title: '竣工财务决算',
    bound: 'maximum',
    ceiling: { months: 3 },
    basis: '财建〔2016〕503号',
    clause: 'P2.4.3',
    confidence: 'S',
  },
  'final-accounts-extension': {
    title: '竣工财务决算延期（中小型项目）',
    bound: 'maximum',
    ceiling: { months: 2 },
    basis: '财建〔2016〕503号',
    clause: 'P2.4.3',
    confidence: 'S',
  },
  'settlement-review': {
    title: '竣工结算审查（按金额分档，此处为最长一档）',
    bound: 'maximum',
    ceiling: { days: 60 },
    basis: '财建〔2004〕369号',
    clause: 'P2.4.3',
    confidence: 'S',
  },
  archiving: {
    title: '工程档案移交',
    bound: 'maximum',
    ceiling: { months: 3 },
    basis: '建设工程质量管理条例 17；竣工验收后 3 个月内',
    clause: 'P2.4.4',
    confidence: 'S',
  },
  handover: {
    title: '移交接管',
    bound: 'maximum',
    basis: cityChoice,
    clause: 'P2.4.5',
    ...ours,
  },
  'property-management': {
    title: '落实物业管理',
    bound: 'maximum',
    basis: cityChoice,
    clause: 'P2.5.1',
    ...ours,
  },
  'control-consent': { title: '对中止、撤回、退回等的同意', bound: 'maximum', basis: cityChoice, ...ours },
  default: { title: '无法定期限的事项', bound: 'maximum', basis: cityChoice, ...ours },
};

/** Review of a settlement by its amount: `upTo` in fen, the last band without end. 财建〔2004〕369号 (S). */
export interface SettlementBand {
  readonly upTo?: number | undefined;
  readonly days: number;
}
export const legalSettlementBands: readonly SettlementBand[] = [
  { upTo: 500_000_000, days: 20 },
  { upTo: 2_000_000_000, days: 30 },
  { upTo: 5_000_000_000, days: 45 },
  { days: 60 },
];

const civilCode = '民法典 278';

export const legalRatios: Readonly<Record<RatioKey, RatioFrame>> = {
  'survey-agreeing': {
    title: '入户调查同意户占全部户数',
    bound: 'minimum',
    compare: 'at-least',
    basis: `${policy} 一(一) 居民改造意愿强烈；比例由市定`,
    clause: 'P2.1.1',
    confidence: 'S',
  },
  'survey-turnout': {
    title: '入户调查参与户占全部户数',
    bound: 'minimum',
    compare: 'at-least',
    basis: `${policy} 二(一)1 认真征求居民意愿；比例由市定`,
    clause: 'P2.1.1',
    ...ours,
  },
  'owners-quorum': {
    title: '参与表决的专有部分面积、业主人数占比',
    bound: 'minimum',
    compare: 'at-least',
    floor: { numerator: 2, denominator: 3 },
    basis: civilCode,
    clause: 'P2.1.3',
    confidence: 'T',
  },
  'owners-ordinary': {
    title: '一般事项（含使用维修资金）同意占参与表决的比例',
    bound: 'minimum',
    compare: 'more-than',
    floor: { numerator: 1, denominator: 2 },
    basis: civilCode,
    clause: 'P2.1.3',
    confidence: 'T',
  },
  'owners-special': {
    title: '筹集维修资金、改建重建、改变共有部分用途同意占参与表决的比例',
    bound: 'minimum',
    compare: 'at-least',
    floor: { numerator: 3, denominator: 4 },
    basis: civilCode,
    clause: 'P2.1.3',
    confidence: 'T',
  },
  'material-change': {
    title: '总投资或居民出资变化达到即重新公示',
    bound: 'maximum',
    compare: 'at-least',
    basis: `${policy} 二(一)3；比例由市定`,
    clause: 'P2.1.3',
    ...ours,
  },
  'advance-cap': {
    title: '预付款占合同价',
    bound: 'maximum',
    compare: 'at-most',
    ceiling: { numerator: 30, denominator: 100 },
    basis: '财建〔2004〕369号',
    clause: 'P2.3.4',
    ...ours,
  },
  'progress-payment': {
    title: '进度款占已确认完成价款',
    bound: 'maximum',
    compare: 'at-most',
    ceiling: { numerator: 100, denominator: 100 },
    basis: '财建〔2022〕183号；比例由合同定',
    clause: 'P2.3.4',
    ...ours,
  },
  retention: {
    title: '质量保证金占结算价',
    bound: 'maximum',
    compare: 'at-most',
    ceiling: { numerator: 3, denominator: 100 },
    basis: '建质〔2017〕138号',
    clause: 'P2.4.3',
    ...ours,
  },
  'bid-bond': {
    title: '投标保证金占估算价',
    bound: 'maximum',
    compare: 'at-most',
    ceiling: { numerator: 2, denominator: 100 },
    basis: '招标投标法实施条例 26',
    clause: 'P2.3.3',
    confidence: 'T',
  },
  'performance-bond': {
    title: '履约保证金占合同价',
    bound: 'maximum',
    compare: 'at-most',
    ceiling: { numerator: 10, denominator: 100 },
    basis: '招标投标法实施条例 58',
    clause: 'P2.3.3',
    confidence: 'T',
  },
  'committee-experts': {
    title: '评标委员会专家占比',
    bound: 'minimum',
    compare: 'at-least',
    floor: { numerator: 2, denominator: 3 },
    basis: '招标投标法 37',
    clause: 'P2.3.3',
    confidence: 'T',
  },
  'heating-handover': {
    title: '供热设施移交：同意的面积、业主占比',
    bound: 'minimum',
    compare: 'more-than',
    floor: { numerator: 1, denominator: 2 },
    basis: '临沂市供热条例 11',
    clause: 'P4.5',
    confidence: 'T',
  },
};

/** 必须招标的工程项目规定 (16号令, 2018), secondary source. */
export const legalAmounts: Readonly<Record<AmountKey, AmountFrame>> = {
  'tender-works': amount('施工必须招标的单项合同估算价', 400_000_000),
  'tender-goods': amount('重要设备、材料必须招标的单项合同估算价', 200_000_000),
  'tender-services': amount('勘察、设计、监理必须招标的单项合同估算价', 100_000_000),
};

function amount(title: string, ceiling: number): AmountFrame {
  return { title, ceiling, basis: '必须招标的工程项目规定（16号令）5', clause: 'P2.3.3', confidence: 'S' };
}

/** Dates of the year that the policy itself fixes; a city may close earlier, never later. */
export const legalDates = {
  submissionClose: { latest: '09-30', clause: 'P2.1.4', basis: `${policy} 二(一) 每年9月底前` },
} as const;
