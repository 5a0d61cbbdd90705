import { z } from 'zod';
import type { CivilDate } from '../calendar';
import { refusal, type Refusal } from '../refusal';
import { defineAct, defineTask } from '../task';
import { progressRefusals } from '../works';
import { choice, date, documents, line, prose, sampleDocuments, share, yesNo } from './fields';

/** From the permit to the report of completion (P2.3.4, P4.5, P5.2). */

const step = 'construction';
const clause = 'P2.3.4';

/** Why a day that is said to have been cannot be. */
function dayRefusals(path: string, day: CivilDate, today: CivilDate, notBefore?: CivilDate): Refusal[] {
  if (day > today)
    return [refusal(`日期不能晚于今天（${today}）`, `not after today, ${today}`, { path, clause })];
  if (notBefore !== undefined && day < notBefore) {
    return [refusal(`日期不能早于 ${notBefore}`, `not before ${notBefore}`, { path, clause })];
  }
  return [];
}

export interface PermitContext {
  /** Names of the items in the order of urgency: safety first (P5.2). */
  readonly items: readonly string[];
}

/** The permit, or the start report where the works are below the permit's threshold (建筑法 7). */
export const constructionPermit = defineTask({
  kind: 'construction-permit',
  title: '领取施工许可证（开工报告备案）',
  titleEn: 'Obtain the construction permit, or file the start report',
  step,
  clause,
  seats: ['project-owner@market'],
  form: (_: PermitContext) =>
    z.strictObject({
      form: choice('形式', ['permit', 'start-report'], { permit: '施工许可证', 'start-report': '开工报告' }),
      number: line('证号（文号）', 80),
      date: date('领取（备案）日期'),
    }),
  rules: (form, _, { today }) => dayRefusals('date', form.date, today),
  example: (_, { today }) => ({ form: 'permit' as const, number: `样例施工许可-${today}`, date: today }),
});

export interface StartContext {
  readonly permitOn: CivilDate;
  readonly extensions: number;
}

/** Within three months of the permit, extended twice at most (建筑法 9). */
export const constructionStart = defineTask({
  kind: 'construction-start',
  title: '开工',
  titleEn: 'Start the works',
  step,
  clause,
  seats: ['project-owner@market'],
  form: (_: StartContext) =>
    z.strictObject({
      startedOn: date('开工日期'),
      documents: documents(['start-order'], { 'start-order': '开工报告（令）' }),
    }),
  rules: (form, { permitOn }, { today }) => dayRefusals('startedOn', form.startedOn, today, permitOn),
  example: (_, { today }) => ({ startedOn: today, documents: sampleDocuments(['start-order']) }),
});

export interface ExtensionContext {
  readonly permitOn?: CivilDate;
  readonly extensions: number;
  readonly asked: boolean;
  readonly started: boolean;
}

const EXTENSIONS = 2;

export const startExtension = defineAct({
  act: 'start-extension',
  title: '申请延期开工',
  titleEn: 'Apply to start later',
  step,
  clause,
  seats: [{ body: 'project-owner', level: 'market' }],
  form: (_: ExtensionContext) => z.strictObject({ reason: prose('不能按期开工的原因') }),
  rules: (_, { permitOn, extensions, asked, started }) => {
    const say = (message: string, messageEn: string): Refusal[] => [
      refusal(message, messageEn, { clause, basis: '建筑法 9' }),
    ];
    if (permitOn === undefined) return say('尚未领取施工许可证', 'there is no permit yet');
    if (started) return say('已经开工', 'the works have started');
    if (asked) return say('延期申请正在办理', 'an application is being decided');
    return extensions < EXTENSIONS ? [] : say('延期以两次为限', 'two extensions at most');
  },
  example: () => ({ reason: '样例：冬季停工期' }),
});

export const startExtensionDecision = defineTask({
  kind: 'start-extension-decision',
  title: '审批延期开工',
  titleEn: 'Decide on the later start',
  step,
  clause,
  seats: ['housing@county'],
  form: (_: { readonly reason: string; readonly permitOn: CivilDate; readonly extensions: number }) =>
    z.strictObject({ granted: yesNo('同意延期'), opinion: prose('意见').optional() }),
  example: () => ({ granted: true }),
});

export interface ProgressContext {
  /** `2027-03` */
  readonly month: string;
  /** Percent certified so far. */
  readonly certified: number;
}

/** What the owner reports of the month, cumulative. */
export const monthlyProgress = defineTask({
  kind: 'monthly-progress',
  title: '报送月度工程进度',
  titleEn: "Report the month's progress",
  step,
  clause: 'P5.3',
  seats: ['project-owner@market'],
  form: (_: ProgressContext) =>
    z.strictObject({
      percent: share('累计完成进度'),
      summary: prose('本月完成情况'),
      problems: prose('存在问题').optional(),
    }),
  rules: ({ percent }, { certified }) => backwards(certified, percent),
  // Two months bring a sample to its end.
  example: ({ month, certified }) => ({
    percent: certified < 50 ? 50 : 100,
    summary: `样例：${month} 按计划施工`,
  }),
});

function backwards(before: number, after: number): Refusal[] {
  return progressRefusals(before * 100, after * 100).map((one) => ({ ...one, path: 'percent' }));
}

export interface CertificateContext extends ProgressContext {
  readonly reported: number;
  readonly summary: string;
}

/** The supervisor certifies the progress that payments go by: at most what was reported. */
export const progressCertificate = defineTask({
  kind: 'progress-certificate',
  title: '确认工程进度',
  titleEn: 'Certify the progress',
  step,
  clause,
  seats: ['supervisor@market'],
  form: (_: CertificateContext) =>
    z.strictObject({
      percent: share('确认的累计进度'),
      opinion: prose('监理意见').optional(),
      documents: documents(['supervision-log'], { 'supervision-log': '监理日志及月报' }),
    }),
  rules: ({ percent, opinion }, { certified, reported }) => [
    ...backwards(certified, percent),
    ...(percent > reported
      ? [
          refusal(`不得超过报送的 ${reported}%`, `at most the ${reported} % reported`, {
            path: 'percent',
            clause,
          }),
        ]
      : []),
    ...(percent < reported && opinion === undefined
      ? [refusal('核减进度应说明理由', 'less than reported: say why', { path: 'opinion', clause })]
      : []),
  ],
  example: ({ reported }) => ({ percent: reported, documents: sampleDocuments(['supervision-log']) }),
});

export interface OperatorCompletionContext {
  readonly name: string;
  readonly startedOn: CivilDate;
}

/** Operators build theirs at the same time, and report when they have (四(五), 五(二)). */
export const operatorCompletion = defineTask({
  kind: 'operator-completion',
  title: '专营设施改造完工报告',
  titleEn: 'Report that the works on the network are complete',
  step,
  clause: 'P4.5',
  seats: ['*@operator'],
  form: (_: OperatorCompletionContext) =>
    z.strictObject({ completedOn: date('完工日期'), summary: prose('完成情况') }),
  rules: (form, { startedOn }, { today }) => dayRefusals('completedOn', form.completedOn, today, startedOn),
  example: (_, { today }) => ({ completedOn: today, summary: '样例：与小区改造同步完工' }),
});

export interface CompletionContext {
  readonly startedOn: CivilDate;
  /** Titles of open findings on quality and safety. */
  readonly openFindings: readonly string[];
  readonly pendingChanges: number;
  /** Why it is done again: the acceptance turned the works back. */
  readonly remarks?: string;
}

/** The owner reports that the works are complete; acceptance follows. */
export const completionReport = defineTask({
  kind: 'completion-report',
  title: '工程完工报告',
  titleEn: 'Report that the works are complete',
  step,
  clause,
  seats: ['project-owner@market'],
  form: (_: CompletionContext) =>
    z.strictObject({
      completedOn: date('完工日期'),
      statement: prose('完成设计和合同约定内容的说明'),
      documents: documents(['construction-record', 'material-tests'], {
        'construction-record': '施工技术资料',
        'material-tests': '材料进场检验报告',
      }),
    }),
  rules: (form, { startedOn, openFindings, pendingChanges }, { today }) => [
    ...dayRefusals('completedOn', form.completedOn, today, startedOn),
    ...openFindings.map((title) =>
      refusal(`质量安全问题未销号：${title}`, `a finding on quality or safety is open: ${title}`, {
        clause,
        basis: '临政办字〔2020〕81号 二(三)2 监督管理和跟踪审计',
      }),
    ),
    ...(pendingChanges > 0
      ? [
          refusal('尚有工程变更未办结', 'a change of the works is not decided', {
            clause,
            basis: '政府投资条例 23',
          }),
        ]
      : []),
  ],
  example: (_, { today }) => ({
    completedOn: today,
    statement: '样例：已完成设计和合同约定的全部内容',
    documents: sampleDocuments(['construction-record', 'material-tests']),
  }),
});
