import { z } from 'zod';
import { yuan, yuanEn } from '../money';
import { refusal } from '../refusal';
import { defineAct, defineTask } from '../task';
import { awardRefusals, bondRefusals, priceRefusals } from '../tendering';
import { advanceRefusals } from '../works';
import { documents, fen, line, prose, sampleDocuments, yesNo } from './fields';
import { companyRefusals } from './procurement';
import { notNow, type Ratios } from './tender';
import type { LotSeen, OwnWay } from './tendering';

/** From the published candidates to the contract (P2.3.3). */

export interface PublicationContext {
  readonly lot: LotSeen;
  readonly candidates: readonly { readonly company: string; readonly priceFen: number }[];
}

export const candidatePublication = defineTask({
  kind: 'candidate-publication',
  title: '公示中标候选人',
  titleEn: 'Publish the candidates',
  step: 'tendering',
  clause: 'P2.3.3',
  seats: ['project-owner@market'],
  form: (_: PublicationContext) => z.strictObject({ medium: line('公示媒介') }),
  example: () => ({ medium: '样例公共资源交易网' }),
});

export interface ObjectionContext {
  /** Lots whose candidates are published now: objections only then (实施条例 54). */
  readonly published: readonly { readonly lot: string; readonly name: string }[];
}

export const tenderObjection = defineAct({
  act: 'tender-objection',
  title: '登记对评标结果的异议',
  titleEn: 'Record an objection to the evaluation',
  step: 'tendering',
  clause: 'P2.3.3',
  seats: [{ body: 'project-owner', level: 'market' }],
  form: (_: ObjectionContext) =>
    z.strictObject({
      lot: line('标段', 40),
      objector: line('异议人（单位）', 80),
      content: prose('异议内容'),
    }),
  rules: (form, { published }) =>
    published.some(({ lot }) => lot === form.lot)
      ? []
      : [
          {
            ...notNow('异议应在中标候选人公示期间提出', 'objections only while the candidates are published'),
            basis: '招标投标法实施条例 54',
          },
        ],
  example: ({ published }) => ({
    lot: published[0]?.lot ?? '',
    objector: '样例投标单位',
    content: '样例：对业绩评分有异议',
  }),
});

export interface ObjectionAnswerContext {
  readonly lot: LotSeen;
  readonly objector: string;
  readonly content: string;
}

/** Due within three days; until it is answered the tender stands still. */
export const tenderObjectionAnswer = defineTask({
  kind: 'tender-objection-answer',
  title: '答复对评标结果的异议',
  titleEn: 'Answer an objection to the evaluation',
  step: 'tendering',
  clause: 'P2.3.3',
  seats: ['project-owner@market'],
  form: (_: ObjectionAnswerContext) =>
    z.strictObject({ answer: prose('答复'), evaluateAgain: yesNo('异议成立，重新评标') }),
  example: () => ({ answer: '样例：经核实，评分符合招标文件', evaluateAgain: false }),
});

export interface AwardContext {
  readonly lot: LotSeen;
  readonly candidates: readonly { readonly company: string; readonly priceFen: number }[];
  readonly excluded: readonly string[];
  /** The lot's budget, or the price over it that was approved. */
  readonly allowedFen: number;
}

export const tenderAward = defineTask({
  kind: 'tender-award',
  title: '确定中标人，发出中标通知书',
  titleEn: 'Award',
  step: 'tendering',
  clause: 'P2.3.3',
  seats: ['project-owner@market'],
  form: (_: AwardContext) =>
    z.strictObject({
      winner: line('中标人', 80),
      notice: line('中标通知书编号', 80),
      reason: prose('未确定排名第一的候选人的理由').optional(),
    }),
  rules: (form, { candidates, allowedFen, excluded }) => {
    const chosen = candidates.find(({ company }) => company === form.winner);
    return [
      ...awardRefusals({
        candidates: candidates.map(({ company }) => company),
        winner: form.winner,
        reason: form.reason,
        openObjections: 0,
      }),
      ...companyRefusals(form.winner, 'winner', { excluded }),
      ...(chosen ? priceRefusals(chosen.priceFen, allowedFen) : []),
    ];
  },
  example: ({ candidates, lot, excluded }) => {
    const open = candidates.find(({ company }) => !excluded.includes(company));
    return {
      winner: open?.company ?? '',
      notice: `样例中标通知书-${lot.id}`,
      ...(open === candidates[0] ? {} : { reason: '样例：排名第一的候选人放弃中标' }),
    };
  },
});

export interface ContractContext {
  readonly lot: LotSeen;
  readonly way: OwnWay;
  readonly winner: string;
  /** As bid and awarded, or as agreed where it was not tendered. */
  readonly priceFen: number;
  readonly ratios: Ratios<'advance-cap' | 'bid-bond' | 'performance-bond'>;
}

export const contractSigning = defineTask({
  kind: 'contract-signing',
  title: '订立合同',
  titleEn: 'Sign the contract',
  step: 'tendering',
  clause: 'P2.3.3',
  seats: ['project-owner@market'],
  form: (_: ContractContext) =>
    z.strictObject({
      number: line('合同编号', 80),
      amountFen: fen('合同价'),
      advanceFen: fen('预付款'),
      performanceBondFen: fen('履约保证金').optional(),
      documents: documents(['contracts'], { contracts: '合同' }),
    }),
  rules: (form, { priceFen, ratios, lot }) => [
    ...(form.amountFen === priceFen
      ? []
      : [
          refusal(
            `合同价应与中标（成交）价 ${yuan(priceFen)} 一致`,
            `the contract is for the price awarded, ${yuanEn(priceFen)}`,
            { path: 'amountFen', clause: 'P2.3.3', basis: '招标投标法 46' },
          ),
        ]),
    ...advanceRefusals(form.advanceFen, form.amountFen, { ratios }),
    ...bondRefusals(
      {
        performanceBondFen: form.performanceBondFen,
        contractFen: form.amountFen,
        estimateFen: lot.estimateFen,
      },
      { ratios },
    ),
  ],
  example: ({ priceFen, lot }) => ({
    number: `样例合同-${lot.id}`,
    amountFen: priceFen,
    advanceFen: Math.floor(priceFen / 10),
    documents: sampleDocuments(['contracts']),
  }),
});

/** Within fifteen days of the award the owner reports to the regulator in writing (招标投标法 47). */
export const regulatorReport = defineTask({
  kind: 'tender-regulator-report',
  title: '向监督部门提交招标投标情况书面报告',
  titleEn: 'Report the tender to the regulator',
  step: 'tendering',
  clause: 'P2.3.3',
  seats: ['project-owner@market'],
  form: (_: { readonly lot: LotSeen; readonly winner: string }) =>
    z.strictObject({ report: line('书面报告编号', 80), receivedBy: line('接收部门', 80) }),
  example: ({ lot }) => ({ report: `样例招标情况报告-${lot.id}`, receivedBy: '样例县区住房城乡建设局' }),
});
