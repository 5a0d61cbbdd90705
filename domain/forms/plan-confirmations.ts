import { z } from 'zod';
import { yuan, yuanEn, sumFen } from '../money';
import { refusal, type Refusal } from '../refusal';
import { defineTask, SAMPLE_ATTACHMENT } from '../task';
import { operatorPlanRefusals } from '../utilities';
import { attachment, choice, fen, line, prose, yesNo } from './fields';
import { utilityNames } from './names';
import type { Named, Operator } from './plan-context';

/** What the preliminary plan asks of others: operators' own plans, county finance, and whoever gives money. */

const step = 'preliminary-plan';
const BASIS_45 = '临政办字〔2020〕81号 四(五)';

const why = (remarks: string | undefined, clause: string): Refusal[] =>
  remarks ? [] : [refusal('请说明不同意的理由', 'say why not', { path: 'remarks', clause })];

export interface OperatorPlanContext {
  readonly operator: Operator;
  /** The communities whose chosen items concern this operator, with those items. */
  readonly communities: readonly (Named & { readonly items: readonly { no: number; name: string }[] })[];
  /** What the plan books on this operator, over all communities. */
  readonly bookedFen: number;
  /** 以奖代补 offered to it. */
  readonly rewardFen: number;
}

/**
 * 专营单位同步制定初步方案 (P2.1.2, P4.5): outside the entry port, what the operator owns it renews itself and pays
 * alone; what it does not own it contributes to, and the government may reward it.
 */
export const operatorPlan = defineTask({
  kind: 'operator-plan',
  title: '制定专营设施初步改造方案',
  titleEn: "Make the operator's own plan",
  step,
  clause: 'P4.5',
  seats: ['*@operator'],
  form: ({ operator }: OperatorPlanContext) =>
    z.strictObject({
      agrees: yesNo('同意承担方案所列改造'),
      facilities: z
        .array(
          z.strictObject({
            utility: choice('专业', operator.utilities, utilityNames),
            name: line('入户端口以外的设施', 100),
            owner: choice('产权', ['operator', 'other'], { operator: '专营单位', other: '其他' }),
            costFen: fen('改造费用'),
            operatorPaysFen: fen('专营单位承担'),
            rewardFen: fen('政府奖补'),
          }),
        )
        .max(100)
        .meta({ title: '专营设施' }),
      sameDesignAndBuild: yesNo('与小区改造同步设计、同步实施'),
      remarks: prose('意见').optional(),
    }),
  rules: (form, { operator, bookedFen, rewardFen }) => {
    const { agrees, facilities, sameDesignAndBuild, remarks } = form;
    if (!agrees) return why(remarks, 'P4.5');
    const [utility] = operator.utilities;
    if (facilities.length === 0 || utility === undefined)
      return [no('facilities', '请列明专营设施', 'list the facilities')];
    const promised = sumFen(facilities.map(({ operatorPaysFen }) => operatorPaysFen));
    const rewarded = sumFen(facilities.map((facility) => facility.rewardFen));
    return [
      ...operatorPlanRefusals({ utility, facilities, sameDesignAndBuild }),
      ...(bookedFen === 0 || promised === bookedFen
        ? []
        : [
            no(
              'facilities',
              `方案列本单位出资 ${yuan(bookedFen)}，所列设施由本单位承担 ${yuan(promised)}；不一致时请不同意并说明`,
              `the plan books ${yuanEn(bookedFen)} on you, the facilities come to ${yuanEn(promised)}; disagree if it is wrong`,
            ),
          ]),
      ...(rewarded <= rewardFen
        ? []
        : [
            no(
              'facilities',
              `奖补合计 ${yuan(rewarded)}，方案只安排 ${yuan(rewardFen)}`,
              `the rewards come to ${yuanEn(rewarded)}, the plan offers ${yuanEn(rewardFen)}`,
            ),
          ]),
    ];
  },
  example: ({ operator, bookedFen }) => ({
    agrees: true,
    facilities: operator.utilities.slice(0, 1).map((utility) => ({
      utility,
      name: '样例：小区内公共管线及设备',
      owner: 'operator' as const,
      costFen: bookedFen,
      operatorPaysFen: bookedFen,
      rewardFen: 0,
    })),
    sameDesignAndBuild: true,
  }),
});

function no(path: string, message: string, messageEn: string): Refusal {
  return refusal(message, messageEn, { path, clause: 'P4.5', basis: BASIS_45 });
}

export interface FiscalContext {
  /** Public money of the plan by source, over all communities. */
  readonly fiscal: readonly { readonly source: string; readonly name: string; readonly amountFen: number }[];
  readonly fiscalFen: number;
  readonly budgetFen: number;
  readonly mode: string;
  /** 以奖代补, paid from the public money. */
  readonly rewardsFen: number;
  /** Income less what must be earned back, by the plan (P4.1). */
  readonly surplusFen: number;
}

/** 财政承受能力 (P2.1.2, P4.3.1): county finance confirms the fiscal share, and that no hidden debt arises. */
export const fiscalConfirmation = defineTask({
  kind: 'fiscal-confirmation',
  title: '确认财政资金安排、不新增政府隐性债务',
  titleEn: 'Confirm the fiscal share and that no hidden debt arises',
  step,
  clause: 'P4.3.1',
  seats: ['finance@county'],
  form: (_: FiscalContext) =>
    z.strictObject({
      confirmed: yesNo('财政资金可以安排'),
      noHiddenDebt: yesNo('不新增政府隐性债务'),
      remarks: prose('意见').optional(),
    }),
  rules: ({ confirmed, noHiddenDebt, remarks }) => {
    if (!confirmed) return why(remarks, 'P4.3.1');
    return noHiddenDebt
      ? []
      : [
          refusal('新增政府隐性债务的方案不得确认', 'a plan that adds hidden debt cannot be confirmed', {
            path: 'noHiddenDebt',
            clause: 'P4.3.1',
            basis: '临政办字〔2020〕81号 三',
          }),
        ];
  },
  example: () => ({ confirmed: true, noHiddenDebt: true }),
});

export interface GiverContext {
  readonly giver: string;
  readonly source: string;
  readonly sourceName: string;
  readonly amountFen: number;
  /** The giver is no organisation here: county housing records its written confirmation. */
  readonly inWriting: boolean;
}

/** 出资确认 (P4.3.1): whoever gives confirms the amount; outsiders in writing, recorded by county housing. */
export const giverConfirmation = defineTask({
  kind: 'giver-confirmation',
  title: '确认出资',
  titleEn: 'Confirm what is given',
  step,
  clause: 'P4.3.1',
  seats: ['*@city', '*@county', '*@subdistrict', '*@neighbourhood', '*@operator', '*@market'],
  form: (_: GiverContext) =>
    z.strictObject({
      confirmed: yesNo('确认出资'),
      letter: attachment('出资方书面确认').optional(),
      remarks: prose('意见').optional(),
    }),
  rules: ({ confirmed, letter, remarks }, { inWriting }) => {
    if (!confirmed) return why(remarks, 'P4.3.1');
    return inWriting && letter === undefined
      ? [
          refusal('应附出资方的书面确认', "the giver's written confirmation is needed", {
            path: 'letter',
            clause: 'P4.3.1',
          }),
        ]
      : [];
  },
  example: ({ inWriting }) => ({ confirmed: true, ...(inWriting ? { letter: SAMPLE_ATTACHMENT } : {}) }),
});
