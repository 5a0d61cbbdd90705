/** Shares, amounts and dates: how far the law lets a city go. */
import type { AmountKey, RatioKey } from '../keys';
import type { AmountFrame, RatioFrame } from './frame';

const policy = '临政办字〔2020〕81号';
const ours = { confidence: 'M' } as const;
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
