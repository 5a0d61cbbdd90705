/** Which rules of assembly the policy leaves a city for each decision that several seats take together. */
import type { Assembly } from '../../domain/assembly';
import type { JointDecision } from '../keys';
import type { Confidence } from './frame';

const policy = '临政办字〔2020〕81号';

export interface AssemblyFrame {
  readonly title: string;
  readonly basis: string;
  readonly clause: string;
  readonly confidence: Confidence;
  readonly rules: readonly Assembly['rule'][];
  /** Every seat is heard, though the outcome be certain: each decides on something of its own, or says every reason. */
  readonly hearsEverybody: boolean;
  /** The clause asks each of them for its own word: nothing that was decided in one seat counts in another. */
  readonly eachByItself: boolean;
}

const EVERY_SEAT = ['all-of', 'in-sequence'] as const;

export const legalAssemblies: Readonly<Record<JointDecision, AssemblyFrame>> = {
  'joint-review': {
    title: '联合审查',
    basis: `${policy} 二(二) 市住房城乡建设局、市发展改革委、市财政局联合审查`,
    clause: 'P2.2.1',
    confidence: 'T',
    rules: EVERY_SEAT,
    hearsEverybody: true,
    eachByItself: true,
  },
  'joint-document': {
    title: '联合行文会签',
    basis: `${policy} 二(二) 三部门联合行文`,
    clause: 'P2.2.3',
    confidence: 'T',
    rules: EVERY_SEAT,
    hearsEverybody: true,
    eachByItself: true,
  },
  'scheme-review': {
    title: '方案联合审查',
    basis: `${policy} 二(三)1 县区各部门联合审查批准`,
    clause: 'P2.3.1',
    confidence: 'T',
    rules: EVERY_SEAT,
    hearsEverybody: true,
    eachByItself: true,
  },
  'price-approval': {
    title: '超概算审批',
    basis: '政府投资条例 23',
    clause: 'P2.3.3',
    confidence: 'M',
    rules: EVERY_SEAT,
    hearsEverybody: false,
    eachByItself: false,
  },
  'other-way-approval': {
    title: '改变采购方式审批',
    basis: '招标投标法实施条例 44',
    clause: 'P2.3.3',
    confidence: 'M',
    rules: EVERY_SEAT,
    hearsEverybody: false,
    eachByItself: false,
  },
  'withdrawal-consent': {
    title: '撤回项目的同意',
    basis: `${policy} 二(二) 联合行文后的撤回属计划调整，由原行文部门同意`,
    clause: 'P2.2.3',
    confidence: 'M',
    rules: EVERY_SEAT,
    hearsEverybody: false,
    eachByItself: false,
  },
  'cancellation-consent': {
    title: '取消项目的同意',
    basis: `${policy} 一(四) 权限由市定`,
    clause: 'P1.4',
    confidence: 'M',
    rules: ['all-of', 'any-of', 'in-sequence', 'vote'],
    hearsEverybody: false,
    eachByItself: false,
  },
};
