import { z } from 'zod';
import type { CivilDate } from '../calendar';
import type { ManagementMode } from '../outputs';
import { refusal, type Refusal } from '../refusal';
import { defineTask, SAMPLE_ATTACHMENT } from '../task';
import {
  attachment,
  choice,
  count,
  date,
  documents,
  fen,
  organisationId,
  prose,
  sampleDocuments,
} from './fields';
import { managementModeNames } from './names';
import type { ManagerCandidate } from './handover';

/** 物业管理 (P2.5.1), 物业补贴 (P2.5.2) and evaluation (P5.4.2): no project closes without a manager. */

const step = 'property-management' as const;
const policyBasis = '临政办字〔2020〕81号 二(五)';

const modes = ['professional', 'subdistrict', 'neighbourhood'] as const;

export interface ManagementContext {
  /** Chosen by the residents in needs collection. */
  readonly mode: ManagementMode;
  /** As recorded at the handover. */
  readonly manager: string;
  readonly interim: boolean;
  readonly candidates: readonly ManagerCandidate[];
  readonly handedOverOn: CivilDate;
}

/** The mode that the residents chose is in force: a company's contract, or a document on unified management. */
export const managementInForce = defineTask({
  kind: 'management-in-force',
  title: '落实物业管理',
  titleEn: 'Put the property management in force',
  step,
  clause: 'P2.5.1',
  seats: ['subdistrict@subdistrict'],
  form: (_: ManagementContext) =>
    z.strictObject({
      mode: choice('物业管理模式', modes, managementModeNames),
      manager: organisationId('物业管理单位'),
      inForceOn: date('生效日期'),
      modeChange: attachment('居民同意变更管理模式的材料').optional(),
      documents: documents(['management-agreement'], { 'management-agreement': '物业服务合同或接管协议' }),
    }),
  rules: (form, context, { today }) => [
    ...(form.mode !== context.mode && !form.modeChange
      ? [
          no(
            'mode',
            '与居民选定的模式不一致，应附居民同意变更的材料',
            'not the mode that the residents chose: attach their consent',
          ),
        ]
      : []),
    ...(context.candidates.some(({ id, as }) => id === form.manager && as === form.mode)
      ? []
      : [no('manager', '管理单位与管理模式不符', 'the manager is not of this mode')]),
    ...(form.inForceOn > today ? [no('inForceOn', '物业管理应已生效', 'must be in force already')] : []),
  ],
  example: ({ mode, manager, candidates }, { today }) => {
    const suited = candidates.filter(({ as }) => as === mode);
    const chosen = suited.find(({ id }) => id === manager) ?? suited[0] ?? candidates[0];
    return {
      mode: chosen?.as ?? mode,
      manager: chosen?.id ?? manager,
      inForceOn: today,
      // Nobody of the mode that was chosen: the residents have agreed to another.
      ...(chosen === undefined || chosen.as === mode ? {} : { modeChange: SAMPLE_ATTACHMENT }),
      documents: sampleDocuments(['management-agreement']),
    };
  },
});

export interface SubsidyContext {
  readonly mode: ManagementMode;
  readonly manager: string;
}

/** P2.5.2: what the county gives to the manager; nothing is an answer too, with its reason. */
export const managementSubsidy = defineTask({
  kind: 'management-subsidy',
  title: '登记物业管理补贴',
  titleEn: "Record the county's subsidy to the manager",
  step,
  clause: 'P2.5.2',
  seats: ['finance@county'],
  form: (_: SubsidyContext) =>
    z.strictObject({
      amountFen: fen('补贴金额'),
      reason: prose('不予补贴的原因').optional(),
      document: attachment('补贴文件').optional(),
    }),
  rules: (form) =>
    form.amountFen > 0 || form.reason
      ? []
      : [
          refusal('不予补贴的，应说明原因', 'no subsidy: say why', {
            path: 'reason',
            clause: 'P2.5.2',
            basis: policyBasis,
          }),
        ],
  example: ({ mode }) =>
    mode === 'professional'
      ? { amountFen: 1_200_000 }
      : { amountFen: 0, reason: '样例：由街道、社区统一管理，无物业企业' },
});

export interface SatisfactionContext {
  readonly community: string;
  readonly name: string;
  readonly households: number;
}

/** P5.4.2: what the residents say, counted by the neighbourhood. */
export const satisfactionSurvey = defineTask({
  kind: 'satisfaction-survey',
  title: '登记居民满意度',
  titleEn: "Enter the residents' satisfaction",
  step,
  clause: 'P5.4.2',
  seats: ['neighbourhood@neighbourhood'],
  form: (_: SatisfactionContext) =>
    z.strictObject({
      asked: count('回收问卷户数', 1_000_000),
      satisfied: count('满意户数', 1_000_000),
      remarks: prose('主要意见').optional(),
    }),
  rules: (form, { households }) => [
    ...(form.asked > 0 ? [] : [evaluation('asked', '应实际征求居民意见', 'residents must be asked')]),
    ...(form.asked > households
      ? [evaluation('asked', `不得多于全部 ${households} 户`, `there are ${households} households`)]
      : []),
    ...(form.satisfied > form.asked
      ? [evaluation('satisfied', '满意户数多于征求户数', 'more are satisfied than were asked')]
      : []),
  ],
  example: ({ households }) => ({ asked: households, satisfied: Math.ceil(households * 0.95) }),
});

const grades = ['excellent', 'good', 'passed', 'failed'] as const;
export type Grade = (typeof grades)[number];
const grade = (title: string) =>
  choice(title, grades, { excellent: '优秀', good: '良好', passed: '合格', failed: '不合格' });

export interface EvaluationContext {
  readonly satisfaction: { readonly satisfied: number; readonly asked: number };
  readonly subsidyFen: number;
  /** The county's own evaluation, when the city evaluates. */
  readonly county?: Evaluation | undefined;
}

export interface Evaluation {
  readonly consultation: Grade;
  readonly plan: Grade;
  readonly effect: Grade;
  readonly satisfaction: Grade;
  readonly overall: Grade;
  readonly remarks?: string | undefined;
}

const evaluationForm = (_: EvaluationContext) =>
  z.strictObject({
    consultation: grade('民意协商'),
    plan: grade('方案编制'),
    effect: grade('改造成效'),
    satisfaction: grade('居民满意度'),
    overall: grade('总体评价'),
    remarks: prose('评价说明').optional(),
  });

function evaluationRefusals(form: Evaluation, { county }: EvaluationContext): Refusal[] {
  const parts = [form.consultation, form.plan, form.effect, form.satisfaction];
  return [
    ...(parts.includes('failed') && (form.overall === 'excellent' || form.overall === 'good')
      ? [evaluation('overall', '单项不合格的，总体不得评为优良', 'with a part failed, the whole is not good')]
      : []),
    ...([...parts, form.overall].includes('failed') && !form.remarks
      ? [evaluation('remarks', '评为不合格的，应说明', 'failed: say why')]
      : []),
    ...(county !== undefined && county.overall !== form.overall && !form.remarks
      ? [evaluation('remarks', '与县区评价不一致的，应说明', "differs from the county's: say why")]
      : []),
  ];
}

const evaluationExample = (): Evaluation => ({
  consultation: 'good',
  plan: 'good',
  effect: 'good',
  satisfaction: 'excellent',
  overall: 'good',
});

export const countyEvaluation = defineTask({
  kind: 'county-evaluation',
  title: '县区评价改造项目',
  titleEn: "The county's evaluation",
  step,
  clause: 'P5.4.2',
  seats: ['housing@county'],
  form: evaluationForm,
  rules: evaluationRefusals,
  example: evaluationExample,
});

export const cityEvaluation = defineTask({
  kind: 'city-evaluation',
  title: '市级评价改造项目',
  titleEn: "The city's evaluation",
  step,
  clause: 'P5.4.2',
  seats: ['housing@city'],
  form: evaluationForm,
  rules: evaluationRefusals,
  example: evaluationExample,
});

function evaluation(path: string, message: string, messageEn: string): Refusal {
  return refusal(message, messageEn, { path, clause: 'P5.4.2', basis: '临政办字〔2020〕81号 五(四)' });
}

function no(path: string, message: string, messageEn: string): Refusal {
  return refusal(message, messageEn, { path, clause: 'P2.5.1', basis: policyBasis });
}
