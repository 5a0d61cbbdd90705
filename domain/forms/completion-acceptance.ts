import { z } from 'zod';
import {
  acceptanceChecks,
  acceptanceRefusals,
  invitationRefusals,
  REPRESENTATIVES,
  type AcceptanceMeeting,
  type InvitationPeriod,
} from '../acceptance';
import { plusDays, type CivilDate } from '../calendar';
import { dueOf, type PeriodRule } from '../due';
import { refusal, type Refusal } from '../refusal';
import { defineTask, SAMPLE_ATTACHMENT, type Moment } from '../task';
import { attachment, count, date, documents, line, prose, sampleDocuments, yesNo } from './fields';

/** 竣工验收 (P2.4.1): convened by the owner, residents present, five parties sign, filed with county housing. */

const step = 'completion-acceptance' as const;
const clause = 'P2.4.1';
const policyBasis = '临政办字〔2020〕81号 二(四)';
const qualityRules = '建设工程质量管理条例 16';

export interface NamedCommunity {
  readonly id: string;
  readonly name: string;
}

export interface ConveningContext {
  /** Those whose residents are invited now: all, or, the second time, where too few came. */
  readonly communities: readonly NamedCommunity[];
  /** 1 for the first invitation. */
  readonly invitation: number;
  readonly period: PeriodRule;
  /** Keys of the policy's documents that are on the table when the meeting is convened. */
  readonly documents: readonly string[];
}

const documentTitles: Record<string, string> = {
  'as-built-drawings': '竣工图',
  'quality-statements': '各方质量合格文件',
  warranty: '工程质量保修书',
  'elevator-inspection': '电梯监督检验合格证明',
  'acceptance-report': '竣工验收报告',
  'operator-acceptance': '专营设施验收记录',
};
const titled = (keys: readonly string[]) => documents(keys, documentTitles);

/** A meeting further ahead than this is a slip of the pen, and the step would wait for it. */
const FARTHEST_DAYS = 60;

const convening = {
  meetingOn: date('验收日期'),
  venue: line('验收地点'),
  invited: z
    .array(
      z.strictObject({
        community: line('小区编号', 64),
        representatives: count('邀请居民代表人数', 1000),
      }),
    )
    .min(1)
    .max(200)
    .meta({ title: '各小区邀请的居民代表（不填姓名）' }),
  inclusive: yesNo('已邀请残疾人、老年人代表参加（鼓励）'),
};

function conveningRefusals(
  form: { meetingOn: CivilDate; invited: readonly { community: string; representatives: number }[] },
  context: ConveningContext,
  at: Moment,
): Refusal[] {
  const farthest = plusDays(at.today, FARTHEST_DAYS);
  return [
    ...invitationRefusals(at.today, form.meetingOn, at.calendar, periods(context.period)).map((found) => ({
      ...found,
      path: 'meetingOn',
    })),
    ...(form.meetingOn > farthest
      ? [no('meetingOn', `验收日期不应晚于 ${farthest}`, `the meeting is held by ${farthest}`)]
      : []),
    ...onceEach(form.invited, context.communities, 'invited'),
    ...form.invited.flatMap(({ representatives }, i) =>
      representatives >= REPRESENTATIVES
        ? []
        : [
            no(
              `invited.${i}.representatives`,
              `每个小区至少邀请 ${REPRESENTATIVES} 名居民代表`,
              `at least ${REPRESENTATIVES} representatives of each community are invited`,
            ),
          ],
    ),
  ];
}

function conveningExample(context: ConveningContext, at: Moment) {
  return {
    meetingOn: plusDays(dueOf(context.period, at.today, at.calendar).date, 1),
    venue: '样例：小区中心广场',
    invited: context.communities.map(({ id }) => ({ community: id, representatives: 3 })),
    inclusive: true,
  };
}

/** The owner convenes when work and papers are complete. */
export const acceptanceConvening = defineTask({
  kind: 'acceptance-convening',
  title: '组织竣工验收、邀请居民代表',
  titleEn: 'Convene the completion acceptance and invite residents',
  step,
  clause,
  form: (context: ConveningContext) =>
    z.strictObject({
      ...convening,
      contractor: prose('施工单位竣工报告摘要').optional(),
      documents: titled(context.documents),
    }),
  rules: conveningRefusals,
  example: (context, at) => ({
    ...conveningExample(context, at),
    documents: sampleDocuments(context.documents),
  }),
});

/** Too few residents came: they are invited again, with the whole period. */
export const acceptanceInvitation = defineTask({
  kind: 'acceptance-invitation',
  title: '再次邀请居民代表参加竣工验收',
  titleEn: 'Invite residents to the acceptance once more',
  step,
  clause,
  form: (_: ConveningContext) => z.strictObject(convening),
  rules: conveningRefusals,
  example: conveningExample,
});

export interface MeetingContext {
  readonly communities: readonly NamedCommunity[];
  readonly invitation: number;
  readonly invitedOn: CivilDate;
  readonly meetingOn: CivilDate;
}

/** What the owner records of the meeting: who was there (numbers, no names) and what residents said. */
export const acceptanceMeeting = defineTask({
  kind: 'acceptance-meeting',
  title: '记录竣工验收会议',
  titleEn: 'Record the acceptance meeting',
  step,
  clause,
  form: (_: MeetingContext) =>
    z.strictObject({
      heldOn: date('实际验收日期'),
      attendance: z
        .array(z.strictObject({ community: line('小区编号', 64), present: count('到场居民代表人数', 1000) }))
        .min(1)
        .max(200)
        .meta({ title: '各小区到场的居民代表（不填姓名）' }),
      heard: prose('居民代表意见及当场答复').optional(),
    }),
  rules: (form, context, at) => [
    ...(form.heldOn < context.meetingOn
      ? [
          no(
            'heldOn',
            `通知的验收日期为 ${context.meetingOn}，不得提前`,
            `invited for ${context.meetingOn}: not held before`,
          ),
        ]
      : []),
    ...notAfterToday('heldOn', form.heldOn, at),
    ...onceEach(form.attendance, context.communities, 'attendance'),
    ...(form.attendance.some(({ present }) => present > 0) && !form.heard
      ? [no('heard', '应听取到场居民代表的意见并记录', 'the representatives present are heard: record it')]
      : []),
  ],
  example: ({ communities }, { today }) => ({
    heldOn: today,
    attendance: communities.map(({ id }) => ({ community: id, present: 3 })),
    heard: '样例：居民代表现场查看，对道路、管网、照明无异议',
  }),
});

export interface AttestationContext {
  readonly community: string;
  readonly name: string;
  readonly invitedOn: readonly CivilDate[];
  readonly meetings: readonly CivilDate[];
}

/** After a second invitation without two residents present the neighbourhood attests that they were invited. */
export const acceptanceAttestation = defineTask({
  kind: 'acceptance-attestation',
  title: '证明已两次邀请居民代表',
  titleEn: 'Attest that residents were invited twice',
  step,
  clause,
  form: (_: AttestationContext) =>
    z.strictObject({ attested: yesNo('已两次邀请，居民代表未到场'), remarks: prose('说明').optional() }),
  rules: (form) =>
    form.attested || form.remarks
      ? []
      : [no('remarks', '不能证明的，应说明情况', 'say why it cannot be attested')],
  example: () => ({ attested: true }),
});

export type SigningBody = 'project-owner' | 'designer' | 'contractor' | 'supervisor' | 'surveyor';

export interface MendedDefect {
  readonly defect: string;
  readonly how: string;
}

export interface SignatureContext {
  readonly body: SigningBody;
  readonly heldOn: CivilDate;
  readonly heard: string;
  /** What this party refused for before, and how it was mended. */
  readonly mended: readonly MendedDefect[];
}

const defects = z
  .array(prose('缺陷及整改要求', 2000))
  .max(200)
  .optional()
  .meta({ title: '缺陷（不同意验收时填写）' });

function opinionRefusals(form: { accepted: boolean; defects?: readonly string[] | undefined }): Refusal[] {
  const listed = form.defects?.length ?? 0;
  if (form.accepted && listed > 0) {
    return [
      no(
        'defects',
        '列有缺陷的，整改后方可同意验收',
        'with defects listed: accept after they are mended',
        qualityRules,
      ),
    ];
  }
  if (!form.accepted && listed === 0) {
    return [no('defects', '不同意验收的，应逐条列明缺陷', 'refused: list every defect', qualityRules)];
  }
  return [];
}

/** Designer, contractor, supervisor, surveyor: each signs, with its own statement of quality, or lists defects. */
export const acceptanceSignature = defineTask({
  kind: 'acceptance-signature',
  title: '竣工验收签署意见',
  titleEn: 'Sign the completion acceptance',
  step,
  clause,
  form: (_: SignatureContext) =>
    z.strictObject({
      accepted: yesNo('同意通过竣工验收'),
      defects,
      documents: titled(['quality-statements']).optional(),
    }),
  rules: (form) => [
    ...opinionRefusals(form),
    ...(form.accepted && !form.documents
      ? [
          no(
            'documents',
            '同意验收的，应附本单位质量合格文件',
            'attach your statement of quality',
            qualityRules,
          ),
        ]
      : []),
  ],
  example: () => ({ accepted: true, documents: sampleDocuments(['quality-statements']) }),
});

const checks = z
  .strictObject({
    workComplete: yesNo('完成设计和合同约定的内容'),
    technicalFile: yesNo('技术档案和施工管理资料完整'),
    materialTests: yesNo('主要材料进场试验报告齐全'),
    qualityStatements: yesNo('勘察、设计、施工、监理的质量合格文件齐全'),
    warranty: yesNo('施工单位已签署工程质量保修书'),
    barrierFree: yesNo('无障碍设施同步验收合格'),
  })
  .meta({ title: '验收条件' });

const allChecked = Object.fromEntries(acceptanceChecks.map((check) => [check, true])) as z.infer<
  typeof checks
>;

/** The owner signs for the whole: every condition of law is met, barrier-free facilities included. */
export const acceptanceOwnerSignature = defineTask({
  kind: 'acceptance-owner-signature',
  title: '建设单位竣工验收意见',
  titleEn: "The owner's signature to the acceptance",
  step,
  clause,
  form: (_: SignatureContext) => z.strictObject({ accepted: yesNo('同意通过竣工验收'), checks, defects }),
  rules: (form) => [
    ...opinionRefusals(form),
    ...(form.accepted
      ? acceptanceChecks
          .filter((check) => !form.checks[check])
          .map((check) =>
            no(
              `checks.${check}`,
              '验收条件不具备的，不得通过验收',
              'a condition of acceptance is not met',
              check === 'barrierFree' ? '无障碍环境建设法 17' : qualityRules,
            ),
          )
      : []),
  ],
  example: () => ({ accepted: true, checks: allChecked }),
});

export interface Defect {
  readonly id: string;
  readonly by: string;
  readonly what: string;
}

export interface RectificationContext {
  readonly defects: readonly Defect[];
}

export const acceptanceRectification = defineTask({
  kind: 'acceptance-rectification',
  title: '整改竣工验收缺陷',
  titleEn: 'Mend the defects found at acceptance',
  step,
  clause,
  form: (_: RectificationContext) =>
    z.strictObject({
      measures: z
        .array(
          z.strictObject({
            defect: line('缺陷编号', 64),
            how: prose('整改情况', 2000),
            evidence: attachment('整改照片或记录'),
          }),
        )
        .max(500)
        .meta({ title: '逐条整改' }),
    }),
  rules: (form, { defects: asked }) => {
    const mended = form.measures.map(({ defect }) => defect);
    return asked
      .filter(({ id }) => mended.filter((one) => one === id).length !== 1)
      .map(({ id, what }) =>
        no('measures', `缺陷 ${id}（${what}）应整改一次并说明`, `defect ${id}: say once how it was mended`),
      );
  },
  example: ({ defects: asked }) => ({
    measures: asked.map(({ id }) => ({ defect: id, how: '样例：已返工并复验', evidence: SAMPLE_ATTACHMENT })),
  }),
});

export interface ReportContext extends InvitationPeriod {
  readonly meeting: AcceptanceMeeting;
}

/** The owner concludes; every condition is looked at once more. */
export const acceptanceReport = defineTask({
  kind: 'acceptance-report',
  title: '出具竣工验收报告',
  titleEn: 'Issue the acceptance report',
  step,
  clause,
  form: (_: ReportContext) =>
    z.strictObject({ acceptedOn: date('验收合格日期'), documents: titled(['acceptance-report']) }),
  rules: (form, context, at) => [
    ...(form.acceptedOn < context.meeting.heldOn
      ? [no('acceptedOn', '不得早于验收会议', 'not before the meeting')]
      : []),
    ...notAfterToday('acceptedOn', form.acceptedOn, at),
    ...acceptanceRefusals(context.meeting, at.calendar, context),
  ],
  example: (_, { today }) => ({ acceptedOn: today, documents: sampleDocuments(['acceptance-report']) }),
});

export interface FilingContext {
  readonly acceptedOn: CivilDate;
  /** Why the filing was not received before. */
  readonly remarks?: string | undefined;
}

export const acceptanceFiling = defineTask({
  kind: 'acceptance-filing',
  title: '竣工验收备案',
  titleEn: 'File the acceptance with county housing',
  step,
  clause,
  form: (_: FilingContext) =>
    z.strictObject({ form: attachment('竣工验收备案表'), remarks: prose('说明').optional() }),
  example: () => ({ form: SAMPLE_ATTACHMENT }),
});

export const acceptanceFilingReceipt = defineTask({
  kind: 'acceptance-filing-receipt',
  title: '接收竣工验收备案',
  titleEn: 'Receive the filing',
  step,
  clause,
  form: (_: FilingContext & { form: string }) =>
    z.strictObject({
      received: yesNo('材料齐全，予以备案'),
      number: line('备案编号', 100).optional(),
      remarks: prose('需补正的内容').optional(),
    }),
  rules: (form) => {
    if (form.received && !form.number) return [filing('number', '应填写备案编号', 'give the number')];
    if (!form.received && !form.remarks)
      return [filing('remarks', '应说明需补正的内容', 'say what is missing')];
    return [];
  },
  example: (_, { today }) => ({ received: true, number: `样例备案〔${today.slice(0, 4)}〕1号` }),
});

export interface OperatorAcceptanceContext {
  readonly operator: string;
  /** Names of the items that touch this operator's network. */
  readonly items: readonly string[];
  readonly mended: readonly MendedDefect[];
}

/** P2.4.2: an operator accepts the works on its own network. */
export const operatorAcceptance = defineTask({
  kind: 'operator-acceptance',
  title: '专营设施验收',
  titleEn: 'Accept the works on your network',
  step,
  clause: 'P2.4.2',
  form: (_: OperatorAcceptanceContext) =>
    z.strictObject({
      accepted: yesNo('专营设施验收合格'),
      defects,
      documents: titled(['operator-acceptance']).optional(),
    }),
  rules: (form) => [
    ...opinionRefusals(form).map((found) => ({ ...found, clause: 'P2.4.2' })),
    ...(form.accepted && !form.documents
      ? [
          refusal('验收合格的，应附专营设施验收记录', 'attach the record of acceptance', {
            path: 'documents',
            clause: 'P2.4.2',
            basis: policyBasis,
          }),
        ]
      : []),
  ],
  example: () => ({ accepted: true, documents: sampleDocuments(['operator-acceptance']) }),
});

function periods(period: PeriodRule): InvitationPeriod {
  const { length, basis } = period;
  return { periods: { 'acceptance-invitation': { length, basis } } };
}

function onceEach(
  lines: readonly { readonly community: string }[],
  communities: readonly NamedCommunity[],
  path: string,
): Refusal[] {
  const given = lines.map(({ community }) => community).sort();
  const asked = communities.map(({ id }) => id).sort();
  if (given.length === asked.length && given.every((id, i) => id === asked[i])) return [];
  return [
    no(
      path,
      `应逐个小区填写：${communities.map(({ name }) => name).join('、')}`,
      'one line for each community',
    ),
  ];
}

function notAfterToday(path: string, day: CivilDate, { today }: Moment): Refusal[] {
  return day > today ? [no(path, '日期不得晚于今天', 'not after today')] : [];
}

function filing(path: string, message: string, messageEn: string): Refusal {
  return no(path, message, messageEn, '建设工程质量管理条例 49');
}

function no(path: string, message: string, messageEn: string, basis = policyBasis): Refusal {
  return refusal(message, messageEn, { path, clause, basis });
}
