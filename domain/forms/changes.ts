import { z } from 'zod';
import { yuan, yuanEn } from '../money';
import { refusal } from '../refusal';
import { defineAct, defineTask, SAMPLE_ATTACHMENT } from '../task';
import { attachment, line, prose, yesNo } from './fields';
import { clause, closedRefusals, OWNER, remarksMissing, step, unknownLot, type LotMoney } from './site';

/** 工程变更 (P2.3.4, 政府投资条例 23). */

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
  seats: ['supervisor@market', 'housing@county'],
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
  seats: ['development-and-reform@county', 'finance@county'],
  form: agreement,
  rules: remarksMissing,
  example: () => ({ accepted: true }),
});
