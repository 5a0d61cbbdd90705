import { z } from 'zod';
import { yuan, yuanEn } from '../money';
import { refusal, type Refusal } from '../refusal';
import { defineAct, defineTask, SAMPLE_ATTACHMENT } from '../task';
import { paymentCap, paymentRefusals, type ContractMoney } from '../works';
import type { PolicySnapshot } from '../../policy/snapshot';
import { attachment, fen, line, prose, yesNo } from './fields';

/** What people begin of themselves on a site: a finding, a change of the works, a payment (P2.3.4). */

const step = 'construction';
const clause = 'P2.3.4';
const OWNER = { body: 'project-owner', level: 'market' } as const;

function closedRefusals(completed: boolean): Refusal[] {
  return completed
    ? [refusal('已报完工，转入验收和决算办理', 'complete: acceptance and accounts follow', { clause })]
    : [];
}

export const findingKinds = ['quality', 'safety', 'money', 'progress', 'other'] as const;
export const parties = ['project-owner', 'contractor', 'supervisor', 'designer'] as const;
export type Party = (typeof parties)[number];

export interface FindingContext {
  /** Parties that an act has named, who can be found at fault. */
  readonly parties: readonly Party[];
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
      kind: z.enum(findingKinds).meta({ title: '类别' }),
      title: line('问题', 100),
      description: prose('具体情况和整改要求'),
      found: z.enum(parties).meta({ title: '责任单位' }),
      evidence: attachment('现场照片、取证材料').optional(),
    }),
  rules: ({ found }, context) => [
    ...closedRefusals(context.completed),
    ...(context.parties.includes(found)
      ? []
      : [refusal('该责任单位尚未确定', 'nobody holds this seat yet', { path: 'found', clause })]),
  ],
  example: ({ parties: [first] }) => ({
    kind: 'quality' as const,
    title: '样例：排水管接口渗漏',
    description: '样例：3号楼北侧排水管接口渗漏，应返工并复查',
    found: first ?? 'project-owner',
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
  form: (_: FindingSeen) =>
    z.strictObject({
      answer: z.enum(['rectified', 'disputed']).meta({ title: '答复' }),
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
  form: (_: FindingSeen & { readonly answer: string; readonly evidence?: string }) =>
    z.strictObject({ accepted: yesNo('整改到位，予以销号'), remarks: prose('复查意见').optional() }),
  rules: remarksMissing,
  example: () => ({ accepted: true }),
});

function remarksMissing({
  accepted,
  remarks,
}: {
  accepted: boolean;
  remarks?: string | undefined;
}): Refusal[] {
  if (accepted || remarks !== undefined) return [];
  return [refusal('不予通过应写明理由', 'say what is missing', { path: 'remarks', clause })];
}

export const findingDispute = defineTask({
  kind: 'finding-dispute',
  title: '处理对问题的异议',
  titleEn: 'Decide a disputed finding',
  step,
  clause,
  form: (_: FindingSeen & { readonly dispute: string }) =>
    z.strictObject({ upheld: yesNo('问题成立，应予整改'), opinion: prose('处理意见') }),
  example: () => ({ upheld: false, opinion: '样例：经复核，符合规范要求' }),
});

/** A contract as the acts show it. */
export interface LotMoney extends ContractMoney {
  readonly lot: string;
  readonly name: string;
}

export interface ChangeContext {
  readonly lots: readonly LotMoney[];
  readonly estimateFen: number;
  readonly committedFen: number;
  readonly completed: boolean;
}

const signedFen = z
  .int()
  .min(-1_000_000_000_000)
  .max(1_000_000_000_000)
  .meta({ title: '变更金额（分，减少为负）' });

export const change = defineAct({
  act: 'change',
  title: '申请工程变更',
  titleEn: 'Request a change of the works',
  step,
  clause,
  seats: [OWNER],
  form: (_: ChangeContext) =>
    z.strictObject({
      lot: line('标段', 100),
      amountFen: signedFen,
      reason: prose('变更内容和理由'),
      drawings: attachment('变更文件'),
    }),
  rules: ({ lot, amountFen }, { lots, completed }) => {
    const found = lots.find((one) => one.lot === lot);
    if (!found) return [...closedRefusals(completed), unknownLot];
    const after = found.contractFen + found.approvedChangesFen + amountFen;
    return [
      ...closedRefusals(completed),
      ...(after < found.paidFen
        ? [
            refusal(
              `变更后价款 ${yuan(Math.max(0, after))} 低于已付和在办付款 ${yuan(found.paidFen)}`,
              `the price would be below the ${yuanEn(found.paidFen)} paid or pending`,
              { path: 'amountFen', clause },
            ),
          ]
        : []),
    ];
  },
  example: ({ lots }) => ({
    lot: lots[0]?.lot ?? '',
    amountFen: 0,
    reason: '样例：井位调整，造价不变',
    drawings: SAMPLE_ATTACHMENT,
  }),
});

const unknownLot = refusal('没有该标段的合同', 'no contract for this lot', { path: 'lot', clause });

export interface ChangeSeen {
  readonly id: string;
  readonly lot: string;
  readonly name: string;
  readonly amountFen: number;
  readonly reason: string;
  readonly drawings: string;
  readonly committedFen: number;
  readonly estimateFen: number;
}

const agreement = (_: ChangeSeen) =>
  z.strictObject({ accepted: yesNo('同意'), remarks: prose('意见').optional() });

/** The supervisor looks at what is to be built differently. */
export const changeReview = defineTask({
  kind: 'change-review',
  title: '审核工程变更',
  titleEn: 'Review the change',
  step,
  clause,
  form: agreement,
  rules: remarksMissing,
  example: () => ({ accepted: true }),
});

/** Over the approved estimate: development-and-reform and finance of the county (政府投资条例 23). */
export const changeApproval = defineTask({
  kind: 'change-approval',
  title: '审批超概算的工程变更',
  titleEn: 'Approve a change over the estimate',
  step,
  clause,
  form: agreement,
  rules: remarksMissing,
  example: () => ({ accepted: true }),
});

export type PaymentRatios = Pick<PolicySnapshot['ratios'], 'advance-cap' | 'progress-payment' | 'retention'>;

export interface PaymentContext {
  readonly lots: readonly LotMoney[];
  readonly ratios: PaymentRatios;
  readonly completed: boolean;
}

export const payment = defineAct({
  act: 'payment',
  title: '申请付款',
  titleEn: 'Request a payment',
  step,
  clause,
  seats: [OWNER],
  form: (_: PaymentContext) =>
    z.strictObject({
      lot: line('标段', 100),
      amountFen: fen('申请金额'),
      invoice: attachment('发票及付款申请'),
    }),
  rules: ({ lot, amountFen }, { lots, ratios, completed }) => {
    const found = lots.find((one) => one.lot === lot);
    if (!found) return [...closedRefusals(completed), unknownLot];
    return [...closedRefusals(completed), ...paymentRefusals(amountFen, found, { ratios })];
  },
  example: ({ lots, ratios }) => {
    const left = lots.map((one) => ({ lot: one.lot, amountFen: paymentCap(one, { ratios }) - one.paidFen }));
    const most = left.reduce((best, one) => (one.amountFen > best.amountFen ? one : best), {
      lot: '',
      amountFen: 0,
    });
    return { ...most, invoice: SAMPLE_ATTACHMENT };
  },
});

export interface PaymentSeen {
  readonly id: string;
  readonly lot: string;
  readonly name: string;
  readonly payee: string;
  readonly amountFen: number;
  readonly invoice: string;
  /** Without this payment. */
  readonly money: ContractMoney;
  readonly ratios: PaymentRatios;
}

/** The supervisor certifies what the progress bears: at most what is asked. */
export const paymentCertificate = defineTask({
  kind: 'payment-certificate',
  title: '签认付款',
  titleEn: 'Certify the payment',
  step,
  clause,
  form: (_: PaymentSeen) =>
    z.strictObject({
      accepted: yesNo('同意付款'),
      amountFen: fen('签认金额').optional(),
      remarks: prose('意见').optional(),
    }),
  rules: (form, { amountFen, money, ratios }) => {
    if (!form.accepted) return remarksMissing(form);
    const certified = form.amountFen ?? amountFen;
    return [
      ...(certified > amountFen
        ? [refusal('签认金额不得超过申请金额', 'at most what is asked', { path: 'amountFen', clause })]
        : []),
      ...paymentRefusals(certified, money, { ratios }),
    ];
  },
  example: ({ amountFen }) => ({ accepted: true, amountFen }),
});

/** County finance pays, within thirty days (保障中小企业款项支付条例). */
export const paymentConfirmation = defineTask({
  kind: 'payment-confirmation',
  title: '审核并支付',
  titleEn: 'Review and pay',
  step,
  clause,
  form: (_: PaymentSeen) =>
    z.strictObject({
      accepted: yesNo('已支付'),
      voucher: line('支付凭证号', 80).optional(),
      remarks: prose('意见').optional(),
    }),
  rules: (form, { amountFen, money, ratios }) => {
    if (!form.accepted) return remarksMissing(form);
    return [
      ...paymentRefusals(amountFen, money, { ratios }),
      ...(form.voucher === undefined
        ? [refusal('应填写支付凭证号', 'enter the voucher', { path: 'voucher', clause })]
        : []),
    ];
  },
  example: ({ id }) => ({ accepted: true, voucher: `样例凭证-${id}` }),
});
