import { z } from 'zod';
import { refusal } from '../refusal';
import { defineAct, defineTask, SAMPLE_ATTACHMENT } from '../task';
import { paymentCap, paymentRefusals, type ContractMoney } from '../works';
import type { PolicySnapshot } from '../../policy/snapshot';
import { attachment, fen, line, prose, yesNo } from './fields';
import { clause, closedRefusals, OWNER, remarksMissing, step, unknownLot, type LotMoney } from './site';

/** 付款: payments never exceed what the certified progress bears (P2.3.4). */

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
  seats: ['supervisor@market', 'housing@county'],
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
  seats: ['finance@county'],
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
