import { z } from 'zod';
import {
  acceptanceChecks,
  acceptanceRefusals,
  type AcceptanceMeeting,
  type InvitationPeriod,
} from '../acceptance';
import type { CivilDate } from '../calendar';
import { defineTask, SAMPLE_ATTACHMENT } from '../task';
import {
  defects,
  no,
  notAfterToday,
  opinionRefusals,
  qualityRules,
  titled,
  type Defect,
  type MendedDefect,
} from './acceptance-fields';
import { attachment, date, line, prose, sampleDocuments, yesNo } from './fields';

/** 竣工验收签署 (P2.4.1): every party signs or lists defects; what is mended is looked at again; then the report. */

const step = 'completion-acceptance' as const;
const clause = 'P2.4.1';

export type SigningBody = 'project-owner' | 'designer' | 'contractor' | 'supervisor' | 'surveyor';

export interface SignatureContext {
  readonly body: SigningBody;
  readonly heldOn: CivilDate;
  readonly heard: string;
  /** What this party refused for before, and how it was mended. */
  readonly mended: readonly MendedDefect[];
}

/** Designer, contractor, supervisor, surveyor: each signs, with its own statement of quality, or lists defects. */
export const acceptanceSignature = defineTask({
  kind: 'acceptance-signature',
  title: '竣工验收签署意见',
  titleEn: 'Sign the completion acceptance',
  step,
  clause,
  seats: ['designer@market', 'contractor@market', 'supervisor@market', 'surveyor@market'],
  form: (_: SignatureContext) =>
    z.strictObject({
      accepted: yesNo('同意通过竣工验收'),
      defects: defects(),
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

const everyCheck = (value: boolean) =>
  Object.fromEntries(acceptanceChecks.map((check) => [check, value])) as z.infer<typeof checks>;
/** What stands before the owner has signed. */
export const nothingChecked = everyCheck(false);

/** The owner signs for the whole: every condition of law is met, barrier-free facilities included. */
export const acceptanceOwnerSignature = defineTask({
  kind: 'acceptance-owner-signature',
  title: '建设单位竣工验收意见',
  titleEn: "The owner's signature to the acceptance",
  step,
  clause,
  seats: ['project-owner@market'],
  form: (_: SignatureContext) =>
    z.strictObject({ accepted: yesNo('同意通过竣工验收'), checks, defects: defects() }),
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
  example: () => ({ accepted: true, checks: everyCheck(true) }),
});

export interface RectificationContext {
  readonly defects: readonly Defect[];
}

export const acceptanceRectification = defineTask({
  kind: 'acceptance-rectification',
  title: '整改竣工验收缺陷',
  titleEn: 'Mend the defects found at acceptance',
  step,
  clause,
  seats: ['contractor@market'],
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
  seats: ['project-owner@market'],
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
