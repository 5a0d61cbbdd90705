/** Periods: which are minima and maxima, and how far the law lets a city go. */
import type { Period } from '../../domain/calendar';
import type { PeriodKey } from '../keys';
import type { Confidence, PeriodFrame } from './frame';

const policy = '临政办字〔2020〕81号';

/** An earlier act is refused; a city may give longer, never shorter. */
function atLeast(
  floor: Period,
  title: string,
  basis: string,
  clause: string,
  confidence: Confidence,
): PeriodFrame {
  return { title, bound: 'minimum', floor, basis, clause, confidence };
}

/** A later act is a breach; a city may give shorter, never longer. */
function atMost(
  ceiling: Period,
  title: string,
  basis: string,
  clause: string,
  confidence: Confidence,
): PeriodFrame {
  return { title, bound: 'maximum', ceiling, basis, clause, confidence };
}

/** The policy asks for the act and sets no length: the city does (M, to be confirmed by its lawyer). */
function cityChoice(title: string, clause?: string): PeriodFrame {
  return { title, bound: 'maximum', basis: '期限由市定', ...(clause ? { clause } : {}), confidence: 'M' };
}

export const legalPeriods: Readonly<Record<PeriodKey, PeriodFrame>> = {
  survey: cityChoice('入户调查', 'P2.1.1'),
  plan: cityChoice('初步方案编制', 'P2.1.2'),
  'operator-plan': cityChoice('专营单位初步方案', 'P2.1.2'),
  'public-notice': atLeast({ workingDays: 5 }, '改造方案公示', `${policy} 二(一)3`, 'P2.1.3', 'T'),
  'objection-answer': cityChoice('答复居民意见', 'P2.1.3'),
  'county-preparation': cityChoice('县区汇总提报', 'P2.1.4'),
  'joint-review': cityChoice('联合审查', 'P2.2.1'),
  'municipal-approval': cityChoice('报市政府同意', 'P2.2.2'),
  'joint-document': cityChoice('联合行文', 'P2.2.3'),
  'scheme-review': cityChoice('改造方案联合审查', 'P2.3.1'),
  consultation: cityChoice('征求部门意见', 'P2.3.1'),
  'tender-clarification': atLeast(
    { days: 15 },
    '招标文件澄清或修改至投标截止',
    '招标投标法 23',
    'P2.3.3',
    'T',
  ),
  'tender-documents-on-sale': atLeast({ days: 5 }, '招标文件发售', '招标投标法实施条例 16', 'P2.3.3', 'T'),
  'tender-bid': atLeast({ days: 20 }, '招标文件发出至投标截止', '招标投标法 24', 'P2.3.3', 'T'),
  'tender-candidates': atLeast({ days: 3 }, '中标候选人公示', '招标投标法实施条例 54', 'P2.3.3', 'T'),
  'tender-report': atMost({ days: 3 }, '收到评标报告至公示候选人', '招标投标法实施条例 54', 'P2.3.3', 'T'),
  'tender-objection-answer': atMost(
    { days: 3 },
    '答复对评标结果的异议',
    '招标投标法实施条例 54',
    'P2.3.3',
    'T',
  ),
  'tender-contract': atMost({ days: 30 }, '中标通知书发出至订立合同', '招标投标法 46', 'P2.3.3', 'T'),
  'tender-regulator-report': atMost(
    { days: 15 },
    '确定中标人至书面报告监督部门',
    '招标投标法 47',
    'P2.3.3',
    'T',
  ),
  'construction-start': atMost({ months: 3 }, '领取施工许可证至开工', '建筑法 9', 'P2.3.4', 'T'),
  'construction-start-extension': atMost(
    { months: 3 },
    '开工延期（每次，至多两次）',
    '建筑法 9',
    'P2.3.4',
    'T',
  ),
  'monthly-progress': cityChoice('上月进度报送', 'P5.3'),
  'finding-answer': cityChoice('问题整改答复', 'P2.3.4'),
  'payment-review': atMost(
    { days: 60 },
    '付款审核',
    '保障中小企业款项支付条例：30 日，约定至多 60 日',
    'P2.3.4',
    'T',
  ),
  'acceptance-invitation': atLeast(
    { workingDays: 3 },
    '提前邀请居民代表',
    `${policy} 二(四)；天数为本系统规则`,
    'P2.4.1',
    'M',
  ),
  'acceptance-filing': atMost({ days: 15 }, '竣工验收备案', '建设工程质量管理条例 49', 'P2.4.1', 'T'),
  'final-accounts': atMost({ months: 3 }, '竣工财务决算', '财建〔2016〕503号', 'P2.4.3', 'S'),
  'final-accounts-extension': atMost(
    { months: 2 },
    '竣工财务决算延期（中小型项目）',
    '财建〔2016〕503号',
    'P2.4.3',
    'S',
  ),
  'settlement-review': atMost(
    { days: 60 },
    '竣工结算审查（按金额分档，此处为最长一档）',
    '财建〔2004〕369号',
    'P2.4.3',
    'S',
  ),
  archiving: atMost(
    { months: 3 },
    '工程档案移交',
    '建设工程质量管理条例 17；竣工验收后 3 个月内',
    'P2.4.4',
    'S',
  ),
  handover: cityChoice('移交接管', 'P2.4.5'),
  'property-management': cityChoice('落实物业管理', 'P2.5.1'),
  'control-consent': cityChoice('对中止、撤回、退回等的同意'),
  default: cityChoice('无法定期限的事项'),
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
