import { z } from 'zod';
import { refusal, type Refusal } from '../refusal';
import {
  estimateRefusals,
  formalities,
  formalityNames,
  formalityRefusals,
  overrunRefusals,
  owedFormalities,
  type Formality,
} from '../scheme';
import { defineTask, SAMPLE_ATTACHMENT } from '../task';
import { attachment, choice, date, documents, fen, line, prose, sampleDocuments, yesNo } from './fields';

/** Scheme review by the county (P2.3.1), its formalities (P2.3.2) and the bodies that are consulted (P5.1.2). */

/** A reason for which the scheme came back, with whose it is. */
export interface Remark {
  readonly by: string;
  readonly reason: string;
}

export interface SchemeContext {
  /** The plan's budget, which the estimate should keep to. */
  readonly budgetFen: number;
  /** Names of the chosen items. */
  readonly items: readonly string[];
  readonly surveyed: boolean;
  /** Operators' networks are concerned: theirs are designed and built at the same time. */
  readonly utilities: boolean;
  /** All reasons of the round before; empty in the first. */
  readonly remarks: readonly Remark[];
}

/** The owner submits the scheme: drawings, estimate, and what takes it out of the simplification. */
export const schemeSubmission = defineTask({
  kind: 'scheme-submission',
  title: '报送改造方案',
  titleEn: 'Submit the scheme',
  step: 'scheme-review',
  clause: 'P2.3.1',
  seats: ['project-owner@market'],
  form: (_: SchemeContext) =>
    z.strictObject({
      estimateFen: fen('概算'),
      overBudgetReason: prose('概算超计划预算的理由').optional(),
      newConstructionLand: yesNo('新增建设用地'),
      newPollutantDischarge: yesNo('新增污染物排放'),
      formalities: z
        .array(choice('手续', formalities, formalityNames))
        .max(8)
        .meta({ title: '需办理的手续' }),
      utilitiesDesigned: yesNo('专营设施改造已同步设计'),
      drawings: attachment('施工图'),
      documents: z
        .strictObject({
          scheme: attachment('改造方案及设计文件'),
          'survey-report': attachment('勘察报告').optional(),
        })
        .meta({ title: '附件材料' }),
      answer: prose('对上轮意见的说明').optional(),
    }),
  rules: (form, context) => [
    ...estimateRefusals(form.estimateFen, context.budgetFen, form.overBudgetReason),
    ...formalityRefusals(form, form.formalities),
    ...(context.utilities && !form.utilitiesDesigned
      ? [
          refusal(
            '专营设施应与小区改造同步设计、同步实施',
            'utility facilities are designed and built at the same time',
            { path: 'utilitiesDesigned', clause: 'P4.5', basis: '临政办字〔2020〕81号 四(五)' },
          ),
        ]
      : []),
    ...(context.surveyed && form.documents['survey-report'] === undefined
      ? [
          refusal('已委托勘察，应附勘察报告', 'surveyed: attach the survey report', {
            path: 'documents.survey-report',
            clause: 'P2.3.1',
            basis: '建设工程质量管理条例 5',
          }),
        ]
      : []),
  ],
  example: ({ budgetFen, surveyed }) => ({
    estimateFen: budgetFen,
    newConstructionLand: false,
    newPollutantDischarge: false,
    formalities: owedFormalities({ newConstructionLand: false, newPollutantDischarge: false }),
    utilitiesDesigned: true,
    drawings: SAMPLE_ATTACHMENT,
    documents: { ...sampleDocuments(['scheme']), ...(surveyed ? sampleDocuments(['survey-report']) : {}) },
  }),
});

/** The scheme as those see it who review it. */
export interface ReviewContext {
  readonly estimateFen: number;
  readonly budgetFen: number;
  readonly overBudgetReason?: string;
  readonly newConstructionLand: boolean;
  readonly newPollutantDischarge: boolean;
  readonly formalities: readonly Formality[];
  readonly items: readonly string[];
  readonly scheme: string;
  readonly drawings: string;
}

const decision = choice('审查意见', ['approve', 'return'], { approve: '通过', return: '退回修改' });

function reasonMissing(form: { decision: 'approve' | 'return'; reasons?: string[] | undefined }): Refusal[] {
  if (form.decision === 'approve' || (form.reasons?.length ?? 0) > 0) return [];
  return [
    refusal('退回应逐条写明理由', 'a return lists every reason', { path: 'reasons', clause: 'P2.3.1' }),
  ];
}

const reasons = z.array(prose('理由', 1000)).max(50).meta({ title: '退回理由' }).optional();

/** One of the county's bureaus beside housing; finance also answers for an estimate over the budget. */
export const schemeOpinion = defineTask({
  kind: 'scheme-opinion',
  title: '审查改造方案',
  titleEn: 'Review the scheme',
  step: 'scheme-review',
  clause: 'P2.3.1',
  seats: ['development-and-reform@county', 'finance@county', 'natural-resources-and-planning@county'],
  form: (_: ReviewContext & { bureau: 'finance' | 'other' }) =>
    z.strictObject({ decision, reasons, overrunAgreed: yesNo('同意超出计划预算部分').optional() }),
  rules: (form, { bureau, estimateFen, budgetFen }) => [
    ...reasonMissing(form),
    ...(bureau === 'finance'
      ? overrunRefusals(estimateFen - budgetFen, form.decision === 'approve', form.overrunAgreed)
      : []),
  ],
  example: ({ bureau, estimateFen, budgetFen }) => ({
    decision: 'approve' as const,
    ...(bureau === 'finance' && estimateFen > budgetFen ? { overrunAgreed: true } : {}),
  }),
});

export interface ConsultationContext extends ReviewContext {
  /** Names of the items on which this body is asked. */
  readonly concerning: readonly string[];
}

/** A body that policy consults on an item: its opinion is due and has no veto (P5.1.2). */
export const schemeConsultation = defineTask({
  kind: 'scheme-consultation',
  title: '对改造方案提出专业意见',
  titleEn: 'Give an opinion on the scheme',
  step: 'scheme-review',
  clause: 'P5.1.2',
  seats: ['*@county'],
  form: (_: ConsultationContext) =>
    z.strictObject({
      opinion: choice('意见', ['no-objection', 'suggestions', 'objection'], {
        'no-objection': '无意见',
        suggestions: '有建议',
        objection: '不同意',
      }),
      remarks: prose('具体意见').optional(),
    }),
  rules: ({ opinion, remarks }) =>
    opinion === 'no-objection' || remarks !== undefined
      ? []
      : [refusal('应写明具体意见', 'say what should be different', { path: 'remarks', clause: 'P5.1.2' })],
  example: () => ({ opinion: 'no-objection' as const }),
});

export interface OpinionSeen {
  readonly organisation: string;
  readonly decision: string;
  readonly remarks: readonly string[];
}

export interface ConclusionContext extends ReviewContext {
  readonly opinions: readonly OpinionSeen[];
  readonly consulted: readonly OpinionSeen[];
  /** Bodies whose opinion has not come in time. */
  readonly silent: readonly string[];
}

/** Housing leads: it concludes when the other three have decided, and can return where they approve. */
export const schemeConclusion = defineTask({
  kind: 'scheme-conclusion',
  title: '形成方案联合审查意见',
  titleEn: 'Conclude the joint scheme review',
  step: 'scheme-review',
  clause: 'P2.3.1',
  seats: ['housing@county'],
  form: (_: ConclusionContext) =>
    z.strictObject({
      decision,
      reasons,
      documents: documents(['scheme-approval'], { 'scheme-approval': '方案联合审查意见' }).optional(),
    }),
  rules: (form, { opinions }) => {
    const against = opinions.filter((one) => one.decision === 'return');
    if (form.decision === 'return') return against.length > 0 ? [] : reasonMissing(form);
    return [
      ...against.map(({ organisation }) =>
        refusal(
          `${organisation} 退回方案，联合审查不能通过`,
          `${organisation} returns the scheme: the joint review cannot pass it`,
          { path: 'decision', clause: 'P2.3.1', basis: '临政办字〔2020〕81号 二(三)1 联合审查批准' },
        ),
      ),
      ...(form.documents === undefined
        ? [
            refusal('通过应附联合审查意见', 'attach the opinion of the joint review', {
              path: 'documents.scheme-approval',
              clause: 'P2.3.1',
            }),
          ]
        : []),
    ];
  },
  example: ({ opinions }) =>
    opinions.some((one) => one.decision === 'return')
      ? { decision: 'return' as const }
      : { decision: 'approve' as const, documents: sampleDocuments(['scheme-approval']) },
});

export interface FormalityContext {
  readonly formality: Formality;
  readonly name: string;
  readonly approvedOn: string;
}

/** An ordinary formality that the simplification does not cover, done (P2.3.2). */
export const formalityDone = defineTask({
  kind: 'formality',
  title: '办理立项、用地、环评等手续',
  titleEn: 'Do an ordinary formality',
  step: 'scheme-review',
  clause: 'P2.3.2',
  seats: ['project-owner@market'],
  form: ({ name }: FormalityContext) =>
    z.strictObject({
      number: line(`${name}文号`, 80),
      date: date('批复日期'),
      documents: documents(['formalities'], { formalities: '批复文件' }),
    }),
  rules: (form, _, { today }) =>
    form.date <= today
      ? []
      : [
          refusal(`批复日期不能晚于今天（${today}）`, `not after today, ${today}`, {
            path: 'date',
            clause: 'P2.3.2',
          }),
        ],
  example: ({ formality }, { today }) => ({
    number: `样例〔${today.slice(0, 4)}〕${formalities.indexOf(formality) + 1}号`,
    date: today,
    documents: sampleDocuments(['formalities']),
  }),
});

export type SchemeForm = z.infer<ReturnType<typeof schemeSubmission.form>>;
