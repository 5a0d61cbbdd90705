import { z } from 'zod';
import { refusal, type Refusal } from '../refusal';
import { defineTask } from '../task';
import { procurementRefusals } from '../tendering';
import { choice, count, documents, fen, line, organisationId, prose, sampleDocuments, yesNo } from './fields';
import { purchaseWayNames } from './names';
import { inquiryRefusals, ownWays, type LotSeen, type OwnWay } from './tendering';

/** What is bought without a tender, and the approvals on the way (P2.3.3). */

export interface Company {
  readonly id: string;
  readonly name: string;
}

export interface ProcurementResultContext {
  readonly lot: LotSeen;
  readonly way: OwnWay;
  readonly ground: string;
  /** Companies of the register; absent for materials, whose suppliers are named. */
  readonly companies?: readonly Company[];
  /** May not win: supervisor and contractor are never the same (建筑法 34). */
  readonly excluded: readonly string[];
  readonly remarks?: string;
}

/** The company field: one of the register, or a supplier's name. */
export const companyField = (companies: readonly Company[] | undefined) =>
  companies ? organisationId('成交（中标）单位') : line('供应商名称', 80);

/** Why a company cannot win a lot. */
export function companyRefusals(
  company: string,
  path: string,
  { companies, excluded }: { companies?: readonly Company[]; excluded: readonly string[] },
): Refusal[] {
  const found: Refusal[] = [];
  if (companies && !companies.some(({ id }) => id === company)) {
    found.push(refusal('名录中没有该单位', 'not in the register', { path, clause: 'P2.3.3' }));
  }
  if (excluded.includes(company)) {
    found.push(
      refusal(
        '监理单位与施工单位、材料供应单位不得为同一单位或有利害关系',
        'supervisor and contractor must not be the same',
        { path, clause: 'P2.3.3', basis: '建筑法 34' },
      ),
    );
  }
  return found;
}

/** The first company that may win: for examples. */
export function eligibleCompany({
  companies,
  excluded,
}: {
  companies?: readonly Company[];
  excluded: readonly string[];
}): string {
  if (!companies) return '样例材料有限公司';
  return companies.find(({ id }) => !excluded.includes(id))?.id ?? '';
}

/** Suppliers that must at least be asked (政府采购法 38、40; M: to be confirmed by the city's lawyer). */
const ASKED = 3;

/** The result of negotiation, consultation, inquiry or single source, with its record. */
export const procurementResult = defineTask({
  kind: 'procurement-result',
  title: '登记采购结果',
  titleEn: 'Record the result of the purchase',
  step: 'tendering',
  clause: 'P2.3.3',
  seats: ['project-owner@market'],
  form: ({ companies }: ProcurementResultContext) =>
    z.strictObject({
      suppliers: count('参加的供应商数', 1000),
      company: companyField(companies),
      priceFen: fen('成交价'),
      documents: documents(['procurement-record'], { 'procurement-record': '采购方式及理由记录' }),
    }),
  rules: (form, context) => [
    ...companyRefusals(form.company, 'company', context),
    ...(form.priceFen === 0
      ? [refusal('成交价应大于零', 'must be above 0', { path: 'priceFen', clause: 'P2.3.3' })]
      : []),
    ...(form.suppliers >= (context.way === 'single-source' ? 1 : ASKED)
      ? []
      : [
          refusal('参加的供应商不得少于三家', 'at least three suppliers', {
            path: 'suppliers',
            clause: 'P2.3.3',
            basis: '政府采购法 38、40',
          }),
        ]),
  ],
  example: (context) => ({
    suppliers: context.way === 'single-source' ? 1 : ASKED,
    company: eligibleCompany(context),
    priceFen: context.lot.estimateFen,
    documents: sampleDocuments(['procurement-record']),
  }),
});

export interface OtherWayContext {
  readonly lot: LotSeen;
  readonly failures: number;
  readonly remarks: readonly string[];
}

/** After two failed tenders the owner may propose another way (实施条例 44; 招标投标法 28). */
export const otherWay = defineTask({
  kind: 'procurement-other-way',
  title: '两次招标失败后拟改用其他采购方式',
  titleEn: 'Propose another way after two failed tenders',
  step: 'tendering',
  clause: 'P2.3.3',
  seats: ['project-owner@market'],
  form: (_: OtherWayContext) =>
    z.strictObject({
      way: choice('采购方式', ownWays, purchaseWayNames),
      ground: prose('理由').optional(),
    }),
  rules: ({ way, ground }, { lot: { kind }, failures }) => [
    // The approval itself is the next task, of two bureaus.
    ...procurementRefusals({ kind, way, ground, compulsory: true, failures, approval: 'asked' }),
    ...inquiryRefusals(kind, way),
  ],
  example: () => ({ way: 'negotiation' as const, ground: '样例：两次公开招标投标人不足三家' }),
});

export interface ApprovalContext {
  readonly lot: LotSeen;
  /** What is to be approved. */
  readonly what: 'other-way' | 'price';
  readonly way?: OwnWay;
  readonly ground?: string;
  readonly priceFen?: number;
  readonly budgetFen?: number;
}

const approval = (_: ApprovalContext) =>
  z.strictObject({ approved: yesNo('同意'), opinion: prose('意见').optional() });

function opinionMissing(form: { approved: boolean; opinion?: string | undefined }): Refusal[] {
  if (form.approved || form.opinion !== undefined) return [];
  return [refusal('不同意应写明理由', 'say why not', { path: 'opinion', clause: 'P2.3.3' })];
}

/** County housing and development-and-reform approve another way. */
export const otherWayApproval = defineTask({
  kind: 'procurement-approval',
  title: '批准改用其他采购方式',
  titleEn: 'Approve another way of procurement',
  step: 'tendering',
  clause: 'P2.3.3',
  seats: ['housing@county', 'development-and-reform@county'],
  form: approval,
  rules: opinionMissing,
  example: () => ({ approved: true }),
});

/** County finance and development-and-reform approve a price over the lot's budget (政府投资条例 23). */
export const priceApproval = defineTask({
  kind: 'price-approval',
  title: '审批超预算的中标（成交）价',
  titleEn: 'Approve a price over the budget',
  step: 'tendering',
  clause: 'P2.3.3',
  seats: ['finance@county', 'development-and-reform@county'],
  form: approval,
  rules: opinionMissing,
  example: () => ({ approved: true }),
});
