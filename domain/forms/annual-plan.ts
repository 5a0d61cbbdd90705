import { z } from 'zod';
import { refusal, type Refusal } from '../refusal';
import { defineAct, defineTask, SAMPLE_ATTACHMENT } from '../task';
import type { Candidate } from '../world';
import { attachment, choice, date, documents, line, prose, sampleDocuments, yesNo } from './fields';

/**
 * The year's plan: the county's list (P2.1.4), joint review (P2.2.1), municipal approval (P2.2.2) and the joint
 * document (P2.2.3).
 */

const projectId = z
  .string()
  .regex(/^[0-9a-z-]{10,40}$/, { message: '应为项目编号' })
  .meta({ title: '项目编号' });

export interface ListContext {
  readonly year: number;
  readonly county: string;
  readonly candidates: readonly Candidate[];
}

/** The county's housing bureau puts the list together: every project that is ready, or why not. */
export const countyList = defineTask({
  kind: 'county-list',
  title: '汇总本县区改造计划',
  titleEn: "Prepare the county's list",
  step: 'county-submission',
  clause: 'P2.1.4',
  seats: ['housing@county'],
  form: (_: ListContext) =>
    z.strictObject({
      projects: z.array(projectId).max(2000).meta({ title: '列入提报的项目' }),
      remarks: prose('说明').optional(),
    }),
  rules: (form, context) => listRefusals(form.projects, context),
  example: ({ candidates }) => ({ projects: candidates.map((candidate) => candidate.projectId) }),
});

function listRefusals(projects: readonly string[], { candidates }: ListContext): Refusal[] {
  const refusals: Refusal[] = [];
  if (projects.length === 0) {
    refusals.push(
      refusal('提报清单不能为空', 'An empty list cannot be submitted', {
        path: 'projects',
        clause: 'P2.1.4',
      }),
    );
  }
  const known = new Set(candidates.map((candidate) => candidate.projectId));
  projects.forEach((id, index) => {
    if (!known.has(id) || projects.indexOf(id) !== index) {
      refusals.push(
        refusal(`${id} 未具备提报条件或重复列入`, `${id} is not ready for submission, or listed twice`, {
          path: `projects.${index}`,
          clause: 'P2.1.4',
        }),
      );
    }
  });
  return refusals;
}

export interface SubmissionContext {
  readonly year: number;
  readonly county: string;
  readonly projects: readonly Candidate[];
  readonly totals: { readonly projects: number; readonly households: number; readonly budgetFen: number };
}

/** County government, or the management committee, submits the list to the city. */
export const countySubmission = defineTask({
  kind: 'county-submission',
  title: '提报年度改造计划',
  titleEn: "Submit the county's list",
  step: 'county-submission',
  clause: 'P2.1.4',
  seats: ['government@county'],
  form: (_: SubmissionContext) =>
    z.strictObject({
      submit: yesNo('同意提报'),
      remarks: prose('意见').optional(),
      documents: documents(['county-list'], { 'county-list': '提报文件' }),
    }),
  rules: (form) =>
    form.submit || form.remarks !== undefined
      ? []
      : [refusal('退回汇总须说明意见', 'Say why the list goes back', { path: 'remarks', clause: 'P2.1.4' })],
  example: () => ({ submit: true, documents: sampleDocuments(['county-list']) }),
});

export interface LateContext {
  readonly year: number;
  readonly missed: readonly string[];
}

/** City housing admits a project after the close, with reason, until the review closes. */
export const lateAdmission = defineAct({
  act: 'late-admission',
  title: '逾期补报',
  titleEn: 'Late admission',
  step: 'county-submission',
  clause: 'P2.1.4',
  seats: [{ body: 'housing', level: 'city' }],
  form: (_: LateContext) => z.strictObject({ projectId, reason: prose('理由') }),
  rules: (form, { missed }) =>
    missed.includes(form.projectId)
      ? []
      : [
          refusal('该项目不在逾期未提报之列', 'This project did not miss the close', {
            path: 'projectId',
            clause: 'P2.1.4',
          }),
        ],
  example: ({ missed }) => ({ projectId: missed[0] ?? '000000-0000-0000', reason: '样例：上级调整任务' }),
});

export const verdicts = ['approve', 'correct', 'defer', 'reject'] as const;
export type Verdict = (typeof verdicts)[number];

const verdict = choice('审查意见', verdicts, {
  approve: '通过',
  correct: '修改',
  defer: '缓列',
  reject: '不予列入',
});

export interface ReviewContext {
  readonly year: number;
  readonly county?: string;
  readonly round: number;
  readonly projects: readonly Candidate[];
  /** Why it is reviewed again: the municipality's remarks, a correction. */
  readonly remarks?: string;
}

const decisions = z
  .array(z.strictObject({ projectId, verdict, remarks: prose('说明').optional() }))
  .min(1)
  .max(2000)
  .meta({ title: '逐项意见' });

interface OneDecision {
  readonly projectId: string;
  readonly verdict: Verdict;
  readonly remarks?: string | undefined;
}

/** Each project exactly once, and whatever is not approved with its reason. */
function decisionRefusals(given: readonly OneDecision[], projects: readonly Candidate[]): Refusal[] {
  const refusals: Refusal[] = [];
  const wanted = new Set(projects.map((project) => project.projectId));
  const seen = new Set<string>();
  given.forEach((one, index) => {
    if (!wanted.has(one.projectId) || seen.has(one.projectId)) {
      refusals.push(
        refusal(`${one.projectId} 不在本清单或重复`, `${one.projectId} is not on this list, or given twice`, {
          path: `decisions.${index}.projectId`,
          clause: 'P2.2.1',
        }),
      );
    }
    seen.add(one.projectId);
    if (one.verdict !== 'approve' && one.remarks === undefined) {
      refusals.push(
        refusal('修改、缓列、不予列入须说明理由', 'Whatever is not approved needs its reason', {
          path: `decisions.${index}.remarks`,
          clause: 'P2.2.1',
        }),
      );
    }
  });
  for (const id of wanted) {
    if (!seen.has(id)) {
      refusals.push(
        refusal(`未对 ${id} 提出意见`, `No decision on ${id}`, { path: 'decisions', clause: 'P2.2.1' }),
      );
    }
  }
  return refusals;
}

/** One task a bureau and county's list, carrying a verdict for every project of it. */
export const jointReview = defineTask({
  kind: 'joint-review',
  title: '联合审查改造计划',
  titleEn: "Review the county's list",
  step: 'joint-review',
  clause: 'P2.2.1',
  seats: ['housing@city', 'development-and-reform@city', 'finance@city'],
  form: (_: ReviewContext) => z.strictObject({ decisions }),
  rules: (form, { projects }) => decisionRefusals(form.decisions, projects),
  example: ({ projects }) => ({
    decisions: projects.map((project) => ({ projectId: project.projectId, verdict: 'approve' as const })),
  }),
});

export interface ConclusionContext extends ReviewContext {
  /** The three bureaus' verdicts by project. */
  readonly verdicts: Readonly<Record<string, readonly Verdict[]>>;
  readonly opinions: Readonly<Record<string, readonly string[]>>;
}

/** The conclusion that the three verdicts on a project lead to: the strictest that the policy allows. */
export function concludedFrom(given: readonly Verdict[]): Verdict {
  if (given.every((one) => one === 'approve')) return 'approve';
  if (given.every((one) => one === 'reject')) return 'reject';
  return given.includes('defer') || given.includes('reject') ? 'defer' : 'correct';
}

/** City housing records the conclusion for every project, after all three have decided. */
export const reviewConclusion = defineTask({
  kind: 'review-conclusion',
  title: '汇总联合审查结论',
  titleEn: 'Record the conclusion of the joint review',
  step: 'joint-review',
  clause: 'P2.2.1',
  seats: ['housing@city'],
  form: (_: ConclusionContext) => z.strictObject({ decisions }),
  rules: (form, context) => [
    ...decisionRefusals(form.decisions, context.projects),
    ...form.decisions.flatMap((one, index) => {
      const given = context.verdicts[one.projectId] ?? [];
      const refuse = (zh: string, en: string): Refusal[] => [
        refusal(zh, en, { path: `decisions.${index}.verdict`, clause: 'P2.2.1' }),
      ];
      if (one.verdict === 'reject' && !given.every((v) => v === 'reject')) {
        return refuse('三部门一致不予列入方可否决', 'Only all three together reject');
      }
      if (one.verdict === 'approve' && !given.every((v) => v === 'approve')) {
        return refuse('三部门一致通过方可列入', 'Only all three together approve');
      }
      return [];
    }),
  ],
  example: ({ projects, verdicts: given, opinions }) => ({
    decisions: projects.map((project) => {
      const concluded = concludedFrom(given[project.projectId] ?? []);
      if (concluded === 'approve') return { projectId: project.projectId, verdict: concluded };
      const remarks = (opinions[project.projectId] ?? []).join('；') || '样例：按部门意见';
      return { projectId: project.projectId, verdict: concluded, remarks };
    }),
  }),
});

export interface ArrangementContext {
  readonly year: number;
  readonly projects: number;
  readonly households: number;
  readonly budgetFen: number;
  readonly counties: readonly {
    readonly county: string;
    readonly projects: number;
    readonly budgetFen: number;
  }[];
  readonly round: number;
}

/** 报经市政府同意 */
export const municipalApproval = defineTask({
  kind: 'municipal-approval',
  title: '市政府审定年度改造计划',
  titleEn: "Approve the year's arrangement",
  step: 'municipal-approval',
  clause: 'P2.2.2',
  seats: ['government@city'],
  form: (_: ArrangementContext) =>
    z.strictObject({
      approved: yesNo('同意'),
      remarks: prose('意见').optional(),
      documents: documents(['municipal-approval'], { 'municipal-approval': '市政府批复' }).optional(),
    }),
  rules: (form) =>
    form.approved || form.remarks !== undefined
      ? []
      : [
          refusal('不同意须说明意见', 'Say why it goes back to joint review', {
            path: 'remarks',
            clause: 'P2.2.2',
          }),
        ],
  example: () => ({ approved: true, documents: sampleDocuments(['municipal-approval']) }),
});

/** The three bureaus sign the draft of the joint document. */
export const jointSignature = defineTask({
  kind: 'joint-signature',
  title: '会签联合行文',
  titleEn: 'Sign the joint document',
  step: 'joint-document',
  clause: 'P2.2.3',
  seats: ['housing@city', 'development-and-reform@city', 'finance@city'],
  form: (_: ArrangementContext) => z.strictObject({ signed: z.literal(true).meta({ title: '会签' }) }),
  example: () => ({ signed: true as const }),
});

export interface IssueContext extends ArrangementContext {
  /** Why the number has to be given again: it is taken. */
  readonly remarks?: string;
}

/** The lead bureau's registry numbers the document; housing enters number and date as issued. */
export const documentIssue = defineTask({
  kind: 'document-issue',
  title: '登记联合行文文号',
  titleEn: 'Enter number and date of the joint document',
  step: 'joint-document',
  clause: 'P2.2.3',
  seats: ['housing@city'],
  form: (_: IssueContext) =>
    z.strictObject({
      number: line('文号', 40).regex(/^[\p{Script=Han}]{2,12}〔\d{4}〕\d{1,4}号$/u, {
        message: '应为 发文字号〔年份〕序号号',
      }),
      date: date('印发日期'),
      document: attachment('联合行文'),
    }),
  rules: (form, _, at) => [
    ...(form.date > at.today
      ? [refusal('印发日期不能晚于今天', 'The date of issue is not yet', { path: 'date', clause: 'P2.2.3' })]
      : []),
    ...(form.number.includes(`〔${form.date.slice(0, 4)}〕`)
      ? []
      : [
          refusal('文号年份应与印发日期一致', 'The year in the number is not that of its date', {
            path: 'number',
            clause: 'P2.2.3',
          }),
        ]),
  ],
  example: ({ year, round }, at) => ({
    number: `样例临建发〔${at.today.slice(0, 4)}〕${(year % 100) * 10 + round}号`,
    date: at.today,
    document: SAMPLE_ATTACHMENT,
  }),
});
