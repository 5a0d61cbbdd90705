import { z } from 'zod';
import { lastDay } from '../calendar';
import type { PeriodRule } from '../due';
import { noticeRefusals, OBJECTION_SUBJECTS, type NoticedPlan, type ObjectionSubject } from '../notice';
import { refusal, type Refusal } from '../refusal';
import { defineAct, defineTask, SAMPLE_ATTACHMENT } from '../task';
import { attachment, choice, count, date, documents, line, prose, sampleDocuments, yesNo } from './fields';

const step = 'public-notice';
const clause = 'P2.1.3';

const no = (path: string, message: string, messageEn: string, basis?: string): Refusal =>
  refusal(message, messageEn, { path, clause, ...(basis === undefined ? {} : { basis }) });

interface Named {
  readonly id: string;
  readonly name: string;
}

export interface PostingContext {
  readonly plan: NoticedPlan;
  readonly period: PeriodRule;
  /** Why it is posted again. */
  readonly remarks?: string;
}

const PHOTO = ['notice-photo'] as const;

/** 改造前后对比: one place as it is, and as it is to be; ids of pictures. */
export interface BeforeAndAfter {
  readonly what: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

const MOST_PICTURES = 12;

const beforeAndAfter = z
  .array(
    z.strictObject({
      what: line('部位', 60),
      before: attachment('改造前照片').optional(),
      after: attachment('改造后效果图').optional(),
    }),
  )
  .max(MOST_PICTURES)
  .meta({ title: '改造前后对比图（随公示公开，不要拍到居民）' });

/** 张贴公示 (P2.1.3): inside the community, with a photo; `until` is the last day that the notice itself names. */
export const noticePosting = defineTask({
  kind: 'notice-posting',
  title: '在小区内张贴初步改造方案公示',
  titleEn: 'Post the public notice in the community',
  step,
  clause,
  seats: ['subdistrict@subdistrict'],
  form: (_: PostingContext) =>
    z.strictObject({
      place: line('张贴地点'),
      postedOn: date('张贴日期'),
      until: date('公示截止日期'),
      documents: documents(PHOTO, { 'notice-photo': '现场公示照片' }),
      pictures: beforeAndAfter.optional(),
    }),
  rules: (form, { period }, at) => [
    ...noticeRefusals(form, period, at),
    ...(form.pictures ?? []).flatMap(({ before, after }, i) =>
      before || after
        ? []
        : [
            no(
              `pictures.${i}.before`,
              '请上传改造前照片或改造后效果图',
              'a picture of before or after is missing',
            ),
          ],
    ),
  ],
  example: ({ period }, { today, calendar }) => ({
    place: '样例：小区南门公告栏',
    postedOn: today,
    until: lastDay(calendar, today, period.length).date,
    documents: sampleDocuments(PHOTO),
  }),
});

/** Like objections on paper, counted; the scan is kept with the file, its writer's name stays on it. */
export interface PaperObjection {
  readonly subject: ObjectionSubject;
  readonly count: number;
  readonly gist: string;
  readonly scan: string;
}

const SUBJECTS = Object.keys(OBJECTION_SUBJECTS) as ObjectionSubject[];

const paperList = z
  .array(
    z.strictObject({
      subject: choice('意见类别', SUBJECTS, OBJECTION_SUBJECTS),
      count: count('份数').min(1),
      gist: prose('内容摘要（不写姓名、电话、证件号）', 1000),
      scan: attachment('书面意见'),
    }),
  )
  .max(200)
  .meta({ title: '书面意见' });

export interface PaperObjectionsContext {
  readonly communities: readonly Named[];
}

/** 登记书面意见 (P2.1.3): while the notice hangs, the neighbourhood enters what residents hand in on paper. */
export const paperObjections = defineAct({
  act: 'paper-objections',
  title: '登记居民书面意见',
  titleEn: "Enter residents' objections from paper",
  step,
  clause,
  seats: [{ body: 'neighbourhood', level: 'neighbourhood' }],
  form: ({ communities }: PaperObjectionsContext) =>
    z.strictObject({
      community: z.enum(communities.map(({ id }) => id)).meta({ title: '小区' }),
      objections: paperList.min(1),
    }),
  example: ({ communities }) => ({
    community: communities[0]?.id ?? '',
    objections: [
      {
        subject: 'construction' as const,
        count: 1,
        gist: '样例：请避开高考期间施工',
        scan: SAMPLE_ATTACHMENT,
      },
    ],
  }),
});

export interface CertificateContext {
  readonly community: Named;
  readonly place: string;
  readonly postedOn: string;
  readonly lastDay: string;
}

const CERTIFICATE = ['notice-certificate'] as const;

/** 公示情况证明 (P2.1.3): after the last day, per community; a notice that did not hang throughout is posted again. */
export const noticeCertificate = defineTask({
  kind: 'notice-certificate',
  title: '出具公示情况证明',
  titleEn: 'Certify the public notice',
  step,
  clause,
  seats: ['neighbourhood@neighbourhood'],
  form: (_: CertificateContext) =>
    z.strictObject({
      keptUp: yesNo('公示期间完好张贴'),
      remarks: prose('未完好张贴的情况').optional(),
      objections: paperList,
      documents: documents(CERTIFICATE, { 'notice-certificate': '公示情况证明' }),
    }),
  rules: ({ keptUp, remarks }) =>
    keptUp || remarks ? [] : [no('remarks', '请说明未完好张贴的情况', 'say what happened to the notice')],
  example: () => ({ keptUp: true, objections: [], documents: sampleDocuments(CERTIFICATE) }),
});

/** Like objections, answered once: online and paper together. */
export interface ObjectionGroup {
  readonly group: string;
  readonly title: string;
  readonly count: number;
  /** Of those on paper. */
  readonly gists: readonly string[];
}

export interface ObjectionAnswerContext {
  readonly groups: readonly ObjectionGroup[];
}

/** 答复居民意见 (P2.1.3): every group is answered; one that is accepted says what of the plan changes. */
export const objectionAnswer = defineTask({
  kind: 'objection-answer',
  title: '答复公示期间的居民意见',
  titleEn: 'Answer the objections',
  step,
  clause,
  seats: ['subdistrict@subdistrict'],
  form: ({ groups }: ObjectionAnswerContext) =>
    z.strictObject({
      answers: z
        .array(
          z.strictObject({
            group: z.enum(groups.map(({ group }) => group)).meta({ title: '意见类别' }),
            answer: prose('答复'),
            changesPlan: yesNo('采纳并调整方案'),
            change: prose('方案如何调整').optional(),
          }),
        )
        .max(groups.length)
        .meta({ title: '逐类答复' }),
    }),
  rules: ({ answers }, { groups }) => [
    ...groups
      .filter(({ group }) => answers.filter((answer) => answer.group === group).length !== 1)
      .map(({ title, group }) =>
        no('answers', `“${title}”应答复一次`, `group ${group} must be answered exactly once`),
      ),
    ...answers.flatMap(({ changesPlan, change }, i) =>
      changesPlan && !change
        ? [no(`answers.${i}.change`, '请写明方案如何调整', 'say what of the plan changes')]
        : [],
    ),
  ],
  example: ({ groups }) => ({
    answers: groups.map(({ group }) => ({ group, answer: '样例：已向居民说明', changesPlan: false })),
  }),
});
