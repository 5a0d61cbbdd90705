import { z } from 'zod';
import { refusal } from '../refusal';
import { defineAct, defineTask, SAMPLE_ATTACHMENT } from '../task';
import { attachment, choice, line, organisationId, prose, yesNo } from './fields';
import { findingKindNames } from './names';
import { clause, closedRefusals, remarksMissing, step } from './site';

/** 问题: found, answered or disputed, closed (P2.3.4). */

export const findingKinds = ['quality', 'safety', 'money', 'progress', 'other'] as const;
export interface FindingContext {
  /** Who can be found at fault: owner, designer, and everybody with a contract. */
  readonly parties: readonly { readonly organisation: string; readonly name: string }[];
  readonly completed: boolean;
}

/** By the supervisor, audit following along, inspectors of housing; also the city's. */
export const finding = defineAct({
  act: 'finding',
  title: '登记监理、审计、巡查发现的问题',
  titleEn: 'Open a finding',
  step,
  clause,
  seats: [
    { body: 'supervisor', level: 'market' },
    { body: 'audit', level: 'county' },
    { body: 'housing', level: 'county' },
    { body: 'audit', level: 'city' },
    { body: 'housing', level: 'city' },
  ],
  form: (_: FindingContext) =>
    z.strictObject({
      kind: choice('类别', findingKinds, findingKindNames),
      title: line('问题', 100),
      description: prose('具体情况和整改要求'),
      found: organisationId('责任单位'),
      evidence: attachment('现场照片、取证材料').optional(),
    }),
  rules: ({ found }, context) => [
    ...closedRefusals(context.completed),
    ...(context.parties.some(({ organisation }) => organisation === found)
      ? []
      : [refusal('该单位未参加本项目', 'has no part in this project', { path: 'found', clause })]),
  ],
  example: ({ parties: [first] }) => ({
    kind: 'quality' as const,
    title: '样例：排水管接口渗漏',
    description: '样例：3号楼北侧排水管接口渗漏，应返工并复查',
    found: first?.organisation ?? '',
  }),
});

/** A finding as its tasks show it. */
export interface FindingSeen {
  readonly id: string;
  readonly kind: (typeof findingKinds)[number];
  readonly title: string;
  readonly description: string;
  /** Name of the organisation that found it. */
  readonly finder: string;
  /** Why an answer was not accepted, or a dispute not upheld. */
  readonly remarks: readonly string[];
  /** It can be disputed once; after the superior's decision it must be put right. */
  readonly disputable: boolean;
}

export const findingAnswer = defineTask({
  kind: 'finding-answer',
  title: '整改并答复',
  titleEn: 'Put right and answer, or dispute',
  step,
  clause,
  seats: ['project-owner@market', 'designer@market', 'contractor@market', 'supervisor@market', '*@operator'],
  form: (_: FindingSeen) =>
    z.strictObject({
      answer: choice('答复', ['rectified', 'disputed'], { rectified: '已整改', disputed: '有异议' }),
      text: prose('整改情况（异议理由）'),
      evidence: attachment('整改材料').optional(),
    }),
  rules: ({ answer, evidence }, { disputable }) => {
    if (answer === 'disputed') {
      return disputable
        ? []
        : [
            refusal('上级已有处理意见，应予整改', 'the superior has decided: put it right', {
              path: 'answer',
              clause,
            }),
          ];
    }
    return evidence === undefined
      ? [refusal('应附整改材料', 'attach what shows that it was put right', { path: 'evidence', clause })]
      : [];
  },
  example: () => ({ answer: 'rectified' as const, text: '样例：已返工', evidence: SAMPLE_ATTACHMENT }),
});

export const findingClosure = defineTask({
  kind: 'finding-closure',
  title: '复查销号',
  titleEn: 'Close the finding',
  step,
  clause,
  seats: ['supervisor@market', 'audit@county', 'housing@county', 'audit@city', 'housing@city'],
  form: (_: FindingSeen & { readonly answer: string; readonly evidence?: string }) =>
    z.strictObject({ accepted: yesNo('整改到位，予以销号'), remarks: prose('复查意见').optional() }),
  rules: remarksMissing,
  example: () => ({ accepted: true }),
});

export const findingDispute = defineTask({
  kind: 'finding-dispute',
  title: '处理对问题的异议',
  titleEn: 'Decide a disputed finding',
  step,
  clause,
  seats: ['housing@county', 'housing@city', 'audit@city', 'government@city'],
  form: (_: FindingSeen & { readonly dispute: string }) =>
    z.strictObject({ upheld: yesNo('问题成立，应予整改'), opinion: prose('处理意见') }),
  example: () => ({ upheld: false, opinion: '样例：经复核，符合规范要求' }),
});
