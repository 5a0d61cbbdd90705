import { z } from 'zod';
import { partOf, sumFen, yuan, yuanEn } from '../money';
import { refusal, type Refusal } from '../refusal';
import { defineTask } from '../task';
import { compulsoryLots, procurementRefusals, type Lot } from '../tendering';
import type { PolicySnapshot } from '../../policy/snapshot';
import { count, documents, fen, line, organisationId, prose, sampleDocuments, yesNo } from './fields';

/** What is bought and how (P2.3.3): the owner's lots, and what the operators carry out themselves (P2.3.5). */

export const ownWays = ['tender', 'negotiation', 'consultation', 'inquiry', 'single-source'] as const;
export type OwnWay = (typeof ownWays)[number];
const otherWays = ['negotiation', 'consultation', 'inquiry', 'single-source'] as const;
export const ownKinds = ['works', 'supervision', 'materials'] as const;
export type OwnKind = (typeof ownKinds)[number];

const kindNames: Record<OwnKind, string> = { works: '施工', supervision: '监理', materials: '材料' };

export interface Company {
  readonly id: string;
  readonly name: string;
}

/** A lot as its tasks show it. */
export interface LotSeen {
  readonly id: string;
  readonly name: string;
  readonly kind: OwnKind;
  readonly estimateFen: number;
}

export interface ProcurementContext {
  readonly estimateFen: number;
  /** What the operators pay for and carry out themselves. */
  readonly operatorFen: number;
  /** Lots that were planned before: like purchases are summed with them. */
  readonly earlier: readonly Lot[];
  /** What must be among the lots. */
  readonly needs: readonly OwnKind[];
  /** Why there is a further lot: an operator does not carry out its works itself. */
  readonly because?: string;
  readonly amounts: PolicySnapshot['amounts'];
}

const lot = z
  .strictObject({
    name: line('标段名称', 80),
    kind: z.enum(ownKinds).meta({ title: '类别' }),
    goods: line('材料名称', 40).optional(),
    estimateFen: fen('预算'),
    way: z.enum(ownWays).meta({ title: '采购方式' }),
    ground: prose('不招标的理由').optional(),
  })
  .meta({ title: '标段' });
export type PlannedLot = z.infer<typeof lot>;

/** The owner divides what is to be bought into lots, and says how each is bought. */
export const procurementPlan = defineTask({
  kind: 'procurement-plan',
  title: '编制采购（招标）计划',
  titleEn: 'Plan the purchases',
  step: 'tendering',
  clause: 'P2.3.3',
  form: (_: ProcurementContext) =>
    z.strictObject({ lots: z.array(lot).min(1).max(40).meta({ title: '标段' }) }),
  rules: ({ lots }, context) => [
    ...neededRefusals(lots, context),
    ...lots.flatMap((one, i) => wayRefusals(one, i, lots, context)),
    ...totalRefusals(lots, context),
  ],
  example: (context) => ({ lots: exampleLots(context) }),
});

/** Lots in the shape of the threshold's rule, with the ones planned before. */
export function lotsToSum(lots: readonly PlannedLot[], earlier: readonly Lot[]): Lot[] {
  return [
    ...earlier,
    ...lots.map(({ kind, estimateFen, goods }, i) => ({ id: `new-${i}`, kind, estimateFen, goods })),
  ];
}

function neededRefusals(lots: readonly PlannedLot[], { needs }: ProcurementContext): Refusal[] {
  return needs
    .filter((kind) => !lots.some((one) => one.kind === kind))
    .map((kind) =>
      refusal(`缺少${kindNames[kind]}标段`, `a lot for ${kind} is missing`, {
        path: 'lots',
        clause: 'P2.3.3',
      }),
    );
}

function wayRefusals(
  planned: PlannedLot,
  i: number,
  lots: readonly PlannedLot[],
  { earlier, amounts }: ProcurementContext,
): Refusal[] {
  const compulsory = compulsoryLots(lotsToSum(lots, earlier), { amounts }).includes(`new-${i}`);
  const found = [
    ...procurementRefusals({ ...planned, compulsory, failures: 0 }),
    ...inquiryRefusals(planned.kind, planned.way),
  ];
  if (planned.estimateFen === 0) {
    found.push(refusal('预算应大于零', 'must be above 0', { path: 'estimateFen', clause: 'P2.3.3' }));
  }
  if (planned.kind === 'materials' && planned.goods === undefined) {
    found.push(
      refusal('材料标段应写明材料名称', 'name the materials: like goods are summed', {
        path: 'goods',
        clause: 'P2.3.3',
        basis: '招标投标法 4',
      }),
    );
  }
  return found.map((one) => ({ ...one, path: `lots.${i}.${one.path ?? ''}` }));
}

/** Inquiry compares prices of goods of one standard (政府采购法 32): neither works nor services. */
function inquiryRefusals(kind: OwnKind, way: OwnWay): Refusal[] {
  if (way !== 'inquiry' || kind === 'materials') return [];
  return [
    refusal('询价只适用于规格标准统一的货物', 'inquiry is for goods of one standard only', {
      path: 'way',
      clause: 'P2.3.3',
      basis: '政府采购法 32',
    }),
  ];
}

function totalRefusals(lots: readonly PlannedLot[], { earlier, estimateFen }: ProcurementContext): Refusal[] {
  const total = sumFen([...earlier, ...lots].map((one) => one.estimateFen));
  if (total <= estimateFen) return [];
  return [
    refusal(
      `各标段预算合计 ${yuan(total)}，超过批准的概算 ${yuan(estimateFen)}`,
      `the lots' budgets are ${yuanEn(total)}, over the approved estimate of ${yuanEn(estimateFen)}`,
      { path: 'lots', clause: 'P2.3.3', basis: '政府投资条例 23' },
    ),
  ];
}

/** The shortest lawful way: tendered only where the amounts require it. */
function exampleLots({
  estimateFen,
  operatorFen,
  earlier,
  needs,
  amounts,
}: ProcurementContext): PlannedLot[] {
  const planned = sumFen(earlier.map((one) => one.estimateFen));
  const left = Math.max(0, estimateFen - operatorFen - planned);
  const share = { works: 92, supervision: 3, materials: 5 };
  const drafts = needs.map((kind) => ({
    name: `样例${kindNames[kind]}标段`,
    kind,
    ...(kind === 'materials' ? { goods: '样例材料' } : {}),
    estimateFen: Math.max(1, partOf(left, { numerator: share[kind], denominator: 100 })),
    way: 'tender' as const,
  }));
  const compulsory = compulsoryLots(lotsToSum(drafts, earlier), { amounts });
  return drafts.map((draft, i) =>
    compulsory.includes(`new-${i}`)
      ? draft
      : { ...draft, way: 'consultation' as const, ground: '样例：低于必须招标的规模标准' },
  );
}

export interface OperatorWorksContext {
  readonly utility: string;
  /** Names of the items that concern its network. */
  readonly items: readonly string[];
  /** What the plan books on it. */
  readonly plannedFen: number;
}

/** Each operator says whether it carries out the works on its network itself, and on what ground. */
export const operatorWorks = defineTask({
  kind: 'operator-works',
  title: '专营设施改造的实施方式',
  titleEn: 'How the works on the network are carried out',
  step: 'tendering',
  clause: 'P2.3.5',
  form: (_: OperatorWorksContext) =>
    z.strictObject({
      carriesOut: yesNo('由本单位依法组织实施'),
      ground: prose('理由').optional(),
      amountFen: fen('金额').optional(),
      sameTime: yesNo('与小区改造同步实施').optional(),
      remarks: prose('说明').optional(),
    }),
  rules: (form) => {
    if (!form.carriesOut) return [];
    const found: Refusal[] = procurementRefusals({
      kind: 'operator-works',
      way: 'operator',
      ground: form.ground,
      compulsory: false,
      failures: 0,
    }).map((one) => ({ ...one, clause: 'P2.3.5', basis: '招标投标法实施条例 9' }));
    if (form.amountFen === undefined) {
      found.push(refusal('应写明金额', 'say what it costs', { path: 'amountFen', clause: 'P2.3.5' }));
    }
    if (form.sameTime !== true) {
      found.push(
        refusal('专营设施应与小区改造同步实施', 'built at the same time as the renovation', {
          path: 'sameTime',
          clause: 'P4.5',
          basis: '临政办字〔2020〕81号 四(五)',
        }),
      );
    }
    return found;
  },
  example: ({ plannedFen }) => ({
    carriesOut: true,
    ground: '样例：专营单位具备相应资质，自行组织实施',
    amountFen: plannedFen,
    sameTime: true,
  }),
});

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
  form: (_: OtherWayContext) =>
    z.strictObject({
      way: z.enum(ownWays).meta({ title: '采购方式' }),
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
  readonly way?: (typeof otherWays)[number] | 'tender';
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
  form: approval,
  rules: opinionMissing,
  example: () => ({ approved: true }),
});
