import { z } from 'zod';
import type { CivilDate } from '../calendar';
import { sumFen, yuan, yuanEn } from '../money';
import { refusal, type Refusal } from '../refusal';
import { accountsRefusals } from '../settlement';
import { defineTask, SAMPLE_ATTACHMENT } from '../task';
import { attachment, date, documents, fen, line, prose, sampleDocuments, yesNo } from './fields';
import type { Source } from '../../policy/keys';
import type { PolicySnapshot } from '../../policy/snapshot';

/** 竣工结算、竣工财务决算 (P2.4.3): settled per contract, against budget, contracts and payments. Money in fen. */

const step = 'final-accounts' as const;
const clause = 'P2.4.3';
const accountsRules = '财建〔2016〕503号';

const titled = (keys: readonly string[]) =>
  documents(keys, { 'settlement-report': '工程结算审查报告', 'final-accounts': '竣工财务决算' });

export interface SettlementContext {
  readonly lot: string;
  readonly winner: string;
  readonly contractFen: number;
  readonly approvedChangesFen: number;
  /** Days of review for this amount (财建〔2004〕369号). */
  readonly reviewDays: number;
  readonly acceptedOn: CivilDate;
  /** Why finance sent it back. */
  readonly remarks?: string | undefined;
}

/** One contract's settlement, as its company asks for it and as it was reviewed. */
export const settlementReview = defineTask({
  kind: 'settlement-review',
  title: '审查合同结算',
  titleEn: 'Review the settlement of a contract',
  step,
  clause,
  seats: ['project-owner@market'],
  form: (_: SettlementContext) =>
    z.strictObject({
      submittedOn: date('收到结算文件日期'),
      submittedFen: fen('送审价'),
      settledFen: fen('审定价'),
      reason: prose('审定价与合同及变更不一致的原因').optional(),
      documents: titled(['settlement-report']),
    }),
  rules: (form, context, { today }) => {
    const agreed = context.contractFen + context.approvedChangesFen;
    return [
      ...(form.submittedOn > today ? [no('submittedOn', '日期不得晚于今天', 'not after today')] : []),
      ...(form.settledFen > form.submittedFen
        ? [
            no(
              'settledFen',
              `审定价不得高于送审价 ${yuan(form.submittedFen)}`,
              `not above the price submitted, ${yuanEn(form.submittedFen)}`,
              '财建〔2004〕369号',
            ),
          ]
        : []),
      ...(form.settledFen !== agreed && !form.reason
        ? [
            no(
              'reason',
              `审定价与合同及变更 ${yuan(agreed)} 不一致，应说明`,
              `differs from contract and changes, ${yuanEn(agreed)}: explain`,
            ),
          ]
        : []),
    ];
  },
  example: ({ contractFen, approvedChangesFen }, { today }) => ({
    submittedOn: today,
    submittedFen: contractFen + approvedChangesFen,
    settledFen: contractFen + approvedChangesFen,
    documents: sampleDocuments(['settlement-report']),
  }),
});

/** A contract as the accounts show it: settled before, paid as the owner enters it. */
export interface AccountsContract {
  readonly lot: string;
  readonly contractFen: number;
  readonly approvedChangesFen: number;
  readonly settledFen: number;
  readonly reason?: string | undefined;
  /** Paid by the record of the works; more may have been paid since. */
  readonly paidFen: number;
}

export interface AccountsContext {
  readonly budgetFen: number;
  readonly contracts: readonly AccountsContract[];
  /** Paid during the works, over all contracts. */
  readonly paidFen: number;
  readonly sources: readonly { readonly source: Source; readonly plannedFen: number }[];
  readonly ratios: Pick<PolicySnapshot['ratios'], 'retention'>;
  /** What finance asked to correct. */
  readonly remarks?: string | undefined;
}

export const finalAccounts = defineTask({
  kind: 'final-accounts',
  title: '编制竣工财务决算',
  titleEn: 'Draw up the final accounts',
  step,
  clause,
  seats: ['project-owner@market'],
  form: (_: AccountsContext) =>
    z.strictObject({
      paid: z
        .array(z.strictObject({ lot: line('标段'), paidFen: fen('累计已付') }))
        .max(200)
        .meta({ title: '各合同累计付款' }),
      otherCostsFen: fen('无合同的其他费用'),
      otherCostsNote: prose('其他费用说明').optional(),
      totalFen: fen('决算总额'),
      sources: z
        .array(
          z.strictObject({
            source: line('资金来源', 40),
            paidInFen: fen('到位'),
            spentFen: fen('支出'),
            reason: prose('到位与计划不一致的原因').optional(),
          }),
        )
        .max(40)
        .meta({ title: '各来源资金' }),
      overBudgetApproval: attachment('超预算批准文件').optional(),
      documents: titled(['final-accounts']),
    }),
  rules: (form, context) => {
    const shape = [
      ...sameLines(
        form.paid.map(({ lot }) => lot),
        context.contracts.map(({ lot }) => lot),
        'paid',
        '各合同',
      ),
      ...sameLines(
        form.sources.map(({ source }) => source),
        context.sources.map(({ source }) => source),
        'sources',
        '各资金来源',
      ),
    ];
    if (shape.length > 0) return shape;
    return [
      ...paidRefusals(form.paid, context),
      ...(form.otherCostsFen > 0 && !form.otherCostsNote
        ? [no('otherCostsNote', '无合同的费用应说明', 'explain costs without a contract')]
        : []),
      ...accountsRefusals(
        {
          budgetFen: context.budgetFen,
          contracts: form.paid.flatMap(({ lot, paidFen }) =>
            context.contracts
              .filter((contract) => contract.lot === lot)
              .map((contract) => ({ ...contract, paidFen })),
          ),
          otherCostsFen: form.otherCostsFen,
          totalFen: form.totalFen,
          sources: form.sources.map((given) => ({
            ...given,
            source: given.source as Source,
            plannedFen: context.sources.find(({ source }) => source === given.source)?.plannedFen ?? 0,
          })),
          overBudgetApproval: form.overBudgetApproval,
        },
        context,
      ),
    ];
  },
  example: (context) => {
    const totalFen = sumFen(context.contracts.map(({ settledFen }) => settledFen));
    let unspent = totalFen;
    return {
      paid: context.contracts.map(({ lot, paidFen }) => ({ lot, paidFen })),
      otherCostsFen: 0,
      totalFen,
      sources: context.sources.map(({ source, plannedFen }) => {
        const spentFen = Math.min(unspent, plannedFen);
        unspent -= spentFen;
        return { source, paidInFen: plannedFen, spentFen };
      }),
      ...(totalFen > context.budgetFen ? { overBudgetApproval: SAMPLE_ATTACHMENT } : {}),
      documents: sampleDocuments(['final-accounts']),
    };
  },
});

function sameLines(
  given: readonly string[],
  asked: readonly string[],
  path: string,
  what: string,
): Refusal[] {
  const [a, b] = [[...given].sort(), [...asked].sort()];
  if (a.length === b.length && a.every((one, i) => one === b[i])) return [];
  return [no(path, `${what}应逐项填写一次：${asked.join('、')}`, `one line each: ${asked.join(', ')}`)];
}

/** The accounts may know of later payments than the works, never of fewer. */
function paidRefusals(paid: readonly { readonly paidFen: number }[], context: AccountsContext): Refusal[] {
  const total = sumFen(paid.map(({ paidFen }) => paidFen));
  if (total >= context.paidFen) return [];
  return [
    no(
      'paid',
      `累计付款 ${yuan(total)} 少于实施阶段已付 ${yuan(context.paidFen)}`,
      `${yuanEn(total)} paid in all, ${yuanEn(context.paidFen)} during the works alone`,
    ),
  ];
}

export interface AccountsReviewContext {
  readonly budgetFen: number;
  readonly totalFen: number;
  readonly paidFen: number;
  readonly lots: readonly string[];
  readonly document: string;
}

export const finalAccountsReview = defineTask({
  kind: 'final-accounts-review',
  title: '审核竣工财务决算',
  titleEn: 'Review the final accounts',
  step,
  clause,
  seats: ['finance@county'],
  form: (_: AccountsReviewContext) =>
    z.strictObject({
      approved: yesNo('同意批复决算'),
      remarks: prose('退回补正的内容').optional(),
      lots: z.array(line('标段')).max(200).optional().meta({ title: '须重新审查结算的合同' }),
    }),
  rules: (form, { lots }) => [
    ...(form.approved || form.remarks
      ? []
      : [no('remarks', '退回的，应说明补正内容', 'sent back: say what to correct')]),
    ...(form.approved && (form.lots?.length ?? 0) > 0
      ? [no('lots', '须重新审查结算的，不得批复', 'a settlement to be done again is not approved')]
      : []),
    ...(form.lots ?? [])
      .filter((lot) => !lots.includes(lot))
      .map((lot) => no('lots', `没有标段 ${lot}`, `there is no lot ${lot}`)),
  ],
  example: () => ({ approved: true }),
});

function no(path: string, message: string, messageEn: string, basis = accountsRules): Refusal {
  return refusal(message, messageEn, { path, clause, basis });
}
