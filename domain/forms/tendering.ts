import { z } from 'zod';
import { partOf, sumFen, yuan, yuanEn } from '../money';
import { refusal, type Refusal } from '../refusal';
import { defineTask } from '../task';
import { compulsoryLots, procurementRefusals, type Lot } from '../tendering';
import type { PolicySnapshot } from '../../policy/snapshot';
import { choice, fen, line, prose, yesNo } from './fields';
import { purchaseWayNames } from './names';

/** What is bought and how (P2.3.3): the owner's lots, and what the operators carry out themselves (P2.3.5). */

export const ownWays = ['tender', 'negotiation', 'consultation', 'inquiry', 'single-source'] as const;
export type OwnWay = (typeof ownWays)[number];
export const ownKinds = ['works', 'supervision', 'materials'] as const;
export type OwnKind = (typeof ownKinds)[number];

const kindNames: Record<OwnKind, string> = { works: '施工', supervision: '监理', materials: '材料' };

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
    kind: choice('类别', ownKinds, kindNames),
    goods: line('材料名称', 40).optional(),
    estimateFen: fen('预算'),
    way: choice('采购方式', ownWays, purchaseWayNames),
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
  seats: ['project-owner@market'],
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
export function inquiryRefusals(kind: OwnKind, way: OwnWay): Refusal[] {
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
  /** What it has promised to pay, and the public reward 以奖代补 that the plan gives it (P4.5). */
  readonly promisedFen: number;
  readonly rewardFen: number;
}

/** Each operator says whether it carries out the works on its network itself, and on what ground. */
export const operatorWorks = defineTask({
  kind: 'operator-works',
  title: '专营设施改造的实施方式',
  titleEn: 'How the works on the network are carried out',
  step: 'tendering',
  clause: 'P2.3.5',
  seats: ['*@operator'],
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
  example: ({ promisedFen, rewardFen }) => ({
    carriesOut: true,
    ground: '样例：专营单位具备相应资质，自行组织实施',
    amountFen: promisedFen + rewardFen,
    sameTime: true,
  }),
});
