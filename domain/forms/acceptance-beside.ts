import { z } from 'zod';
import type { CivilDate } from '../calendar';
import { refusal, type Refusal } from '../refusal';
import { defineAct, defineTask, SAMPLE_ATTACHMENT } from '../task';
import { defects, no, opinionRefusals, titled, type Defect, type MendedDefect } from './acceptance-fields';
import { attachment, choice, line, prose, sampleDocuments, yesNo } from './fields';
import { findingKindNames } from './names';

/** Beside the signatures: findings (P2.3.4), the operators' own acceptance (P2.4.2) and the filing (P2.4.1). */

const step = 'completion-acceptance' as const;
const clause = 'P2.4.1';

export interface FindingContext {
  /** The acceptance has been reported: what comes up now is a matter of warranty. */
  readonly reported: boolean;
}

/** Whoever supervises may still find something; until it is closed the acceptance is not passed (P2.3.4). */
export const acceptanceFinding = defineAct({
  act: 'acceptance-finding',
  title: '提出竣工验收中的质量、安全问题',
  titleEn: 'Raise a finding on quality or safety at acceptance',
  step,
  clause: 'P2.3.4',
  seats: [
    { body: 'supervisor', level: 'market' },
    { body: 'housing', level: 'county' },
    { body: 'housing', level: 'city' },
    { body: 'fire-rescue', level: 'county' },
    { body: 'market-regulation', level: 'county' },
    { body: 'subdistrict', level: 'subdistrict' },
    { body: 'neighbourhood', level: 'neighbourhood' },
  ],
  form: (_: FindingContext) =>
    z.strictObject({
      kind: choice('问题类别', ['quality', 'safety'], findingKindNames),
      what: prose('问题及整改要求', 2000),
    }),
  rules: (_, { reported }) =>
    reported
      ? [
          refusal('竣工验收已通过，问题按质量保修处理', 'Accepted already: this is a matter of warranty', {
            clause: 'P2.4.1',
            basis: '建设工程质量管理条例 40',
          }),
        ]
      : [],
  example: () => ({ kind: 'quality' as const, what: '样例：单元门口坡道高差过大' }),
});

export const acceptanceFindingClosing = defineTask({
  kind: 'acceptance-finding-closing',
  title: '销号质量、安全问题',
  titleEn: 'Close a finding on quality or safety',
  step,
  clause: 'P2.3.4',
  seats: ['*@city', '*@county', '*@market', '*@neighbourhood', '*@subdistrict'],
  form: (_: Defect & { how: string }) =>
    z.strictObject({ closed: yesNo('已整改到位，予以销号'), remarks: prose('复查意见').optional() }),
  rules: (form) =>
    form.closed || form.remarks ? [] : [no('remarks', '不予销号的，应说明', 'not closed: say why')],
  example: () => ({ closed: true }),
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
  seats: ['*@operator'],
  form: (_: OperatorAcceptanceContext) =>
    z.strictObject({
      accepted: yesNo('专营设施验收合格'),
      defects: defects(),
      documents: titled(['operator-acceptance']).optional(),
    }),
  rules: (form) => [
    ...opinionRefusals(form).map((found) => ({ ...found, clause: 'P2.4.2' })),
    ...(form.accepted && !form.documents
      ? [
          refusal('验收合格的，应附专营设施验收记录', 'attach the record of acceptance', {
            path: 'documents',
            clause: 'P2.4.2',
            basis: '临政办字〔2020〕81号 二(四)',
          }),
        ]
      : []),
  ],
  example: () => ({ accepted: true, documents: sampleDocuments(['operator-acceptance']) }),
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
  seats: ['project-owner@market'],
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
  seats: ['housing@county'],
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

function filing(path: string, message: string, messageEn: string): Refusal {
  return no(path, message, messageEn, '建设工程质量管理条例 49');
}
