import { z } from 'zod';
import { invitationRefusals, REPRESENTATIVES, type InvitationPeriod } from '../acceptance';
import { plusDays, type CivilDate } from '../calendar';
import { dueOf, type PeriodRule } from '../due';
import type { Refusal } from '../refusal';
import { defineTask, type Moment } from '../task';
import { no, notAfterToday, titled } from './acceptance-fields';
import { count, date, line, prose, sampleDocuments, yesNo } from './fields';

/** 竣工验收 (P2.4.1): the owner convenes, residents are invited ahead, present and heard. */

const step = 'completion-acceptance' as const;
const clause = 'P2.4.1';

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
  seats: ['project-owner@market'],
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
  seats: ['project-owner@market'],
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
  seats: ['project-owner@market'],
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
  seats: ['neighbourhood@neighbourhood'],
  form: (_: AttestationContext) =>
    z.strictObject({ attested: yesNo('已两次邀请，居民代表未到场'), remarks: prose('说明').optional() }),
  rules: (form) =>
    form.attested || form.remarks
      ? []
      : [no('remarks', '不能证明的，应说明情况', 'say why it cannot be attested')],
  example: () => ({ attested: true }),
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
