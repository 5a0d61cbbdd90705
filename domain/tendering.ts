/** What must be tendered, what may be bought another way, and who wins (P2.3.3, P2.3.5). */
import type { AmountKey } from '../policy/keys';
import type { PolicySnapshot, RatiosOf } from '../policy/snapshot';
import { compareShare, partOf, sumFen, yuan, yuanEn } from './money';
import { refusal, type Refusal } from './refusal';

export type LotKind = 'works' | 'materials' | 'supervision' | 'design' | 'survey' | 'operator-works';

/** 政府采购法实施条例 25, and the operator's own works (P2.3.5). */
export type ProcurementWay =
  'tender' | 'negotiation' | 'consultation' | 'inquiry' | 'single-source' | 'operator';

/** A purchase as planned, before its way is chosen. */
export interface Lot {
  readonly id: string;
  readonly kind: LotKind;
  readonly estimateFen: number;
  /** Materials are alike only under the same name; other kinds are alike in themselves. */
  readonly goods?: string | undefined;
}

const clause = 'P2.3.3';
const thresholds: Record<LotKind, AmountKey> = {
  works: 'tender-works',
  materials: 'tender-goods',
  supervision: 'tender-services',
  design: 'tender-services',
  survey: 'tender-services',
  'operator-works': 'tender-works',
};

/**
 * Ids of the lots that must be tendered: like purchases of one project are summed, so that splitting them
 * (招标投标法 4) gains nothing.
 */
export function compulsoryLots(lots: readonly Lot[], policy: Pick<PolicySnapshot, 'amounts'>): string[] {
  const sums = new Map<string, number>();
  for (const lot of lots) sums.set(likeness(lot), sumFen([sums.get(likeness(lot)) ?? 0, lot.estimateFen]));
  return lots
    .filter((lot) => (sums.get(likeness(lot)) ?? 0) >= policy.amounts[thresholds[lot.kind]])
    .map(({ id }) => id);
}

function likeness(lot: Lot): string {
  return lot.kind === 'materials' ? `materials/${lot.goods ?? ''}` : lot.kind;
}

/** How a lot is bought. */
export interface ProcurementChoice {
  readonly kind: LotKind;
  readonly way: ProcurementWay;
  /** Why it is not tendered. */
  readonly ground?: string | undefined;
  /** Approval (an attachment) of another way after two failed tenders. */
  readonly approval?: string | undefined;
  readonly compulsory: boolean;
  /** Tenders of this lot that failed before. */
  readonly failures: number;
}

/** Why a lot may not be bought this way. */
export function procurementRefusals(choice: ProcurementChoice): Refusal[] {
  if (choice.way === 'tender') return [];
  const found: Refusal[] = [];
  if (!choice.ground?.trim()) {
    found.push(no('ground', '不招标应写明理由', 'not tendered: give the ground', '政府采购法实施条例 25'));
  }
  if (choice.way === 'operator') {
    if (choice.kind === 'operator-works') return found;
    return [
      ...found,
      refusal('只有专营设施可由专营单位实施', 'only utility works may be done by the operator', {
        path: 'way',
        clause: 'P2.3.5',
      }),
    ];
  }
  if (!choice.compulsory) return found;
  if (choice.failures < 2) {
    return [
      ...found,
      no(
        'way',
        '达到规模标准，必须招标',
        'above the threshold: must be tendered',
        '必须招标的工程项目规定（16号令）5',
      ),
    ];
  }
  if (!choice.approval?.trim()) {
    found.push(
      no(
        'approval',
        '两次招标失败后改用其他方式应经批准',
        'another way after two failures needs approval',
        '招标投标法实施条例 44',
      ),
    );
  }
  return found;
}

/** With fewer than three bidders a tender has failed (招标投标法 28). */
export function tenderFailed(bidders: number): boolean {
  return bidders < 3;
}

/** After the second failure another way is open, with approval. */
export function afterFailure(failures: number): 'tender-again' | 'other-way' {
  return failures >= 2 ? 'other-way' : 'tender-again';
}

/** A price over the budget needs re-approval (an attachment). */
export function priceRefusals(priceFen: number, budgetFen: number, reapproval?: string): Refusal[] {
  if (priceFen <= budgetFen || reapproval?.trim()) return [];
  return [
    no(
      'amountFen',
      `价格 ${yuan(priceFen)} 超过预算 ${yuan(budgetFen)}，应重新报批`,
      `the price of ${yuanEn(priceFen)} is over the budget of ${yuanEn(budgetFen)}: needs re-approval`,
      '政府投资条例 23',
    ),
  ];
}

/** The committee that evaluates bids: at least five, an odd number, experts two thirds (招标投标法 37). */
export function committeeRefusals(
  { members, experts }: { readonly members: number; readonly experts: number },
  policy: RatiosOf<'committee-experts'>,
): Refusal[] {
  const basis = '招标投标法 37';
  const found: Refusal[] = [];
  if (members < 5)
    found.push(no('committee.members', '评标委员会不得少于 5 人', 'at least five members', basis));
  if (members % 2 === 0)
    found.push(no('committee.members', '评标委员会人数应为单数', 'an odd number of members', basis));
  if (experts > members)
    found.push(no('committee.experts', '专家人数多于委员会人数', 'more experts than members', basis));
  if (compareShare(experts, members, policy.ratios['committee-experts']) < 0) {
    found.push(no('committee.experts', '专家不得少于三分之二', 'experts at least two thirds', basis));
  }
  return found;
}

/** Bonds in fen, against the estimate (bid) and the contract price (performance). */
export function bondRefusals(
  bonds: {
    readonly bidBondFen?: number | undefined;
    readonly estimateFen: number;
    readonly performanceBondFen?: number | undefined;
    readonly contractFen?: number | undefined;
  },
  policy: RatiosOf<'bid-bond' | 'performance-bond'>,
): Refusal[] {
  const found: Refusal[] = [];
  const bidCap = partOf(bonds.estimateFen, policy.ratios['bid-bond']);
  if ((bonds.bidBondFen ?? 0) > bidCap) {
    found.push(
      no(
        'bidBondFen',
        `投标保证金不得超过 ${yuan(bidCap)}`,
        `the bid bond is at most ${yuanEn(bidCap)}`,
        '招标投标法实施条例 26',
      ),
    );
  }
  const performanceCap = partOf(bonds.contractFen ?? 0, policy.ratios['performance-bond']);
  if ((bonds.performanceBondFen ?? 0) > performanceCap) {
    found.push(
      no(
        'performanceBondFen',
        `履约保证金不得超过 ${yuan(performanceCap)}`,
        `the performance bond is at most ${yuanEn(performanceCap)}`,
        '招标投标法实施条例 58',
      ),
    );
  }
  return found;
}

/** The first-ranked candidate wins; another one only for a reason (gave up, cannot perform, unlawful). */
export function awardRefusals(award: {
  /** Candidates, best first. */
  readonly candidates: readonly string[];
  readonly winner: string;
  /** Why those ranked before the winner do not win. */
  readonly reason?: string | undefined;
  readonly openObjections: number;
}): Refusal[] {
  const basis = '招标投标法实施条例 54、55';
  const rank = award.candidates.indexOf(award.winner);
  const found: Refusal[] = [];
  if (rank < 0)
    found.push(no('winner', '中标人不在候选人之中', 'the winner is not among the candidates', basis));
  if (rank > 0 && !award.reason?.trim()) {
    found.push(
      no(
        'winner',
        '应确定排名第一的候选人为中标人，否则说明理由',
        'the first-ranked wins, else give a reason',
        basis,
      ),
    );
  }
  if (award.openObjections > 0) {
    found.push(
      no('winner', '尚有异议未答复，招标活动暂停', 'suspended: an objection is not answered', basis),
    );
  }
  return found;
}

function no(path: string, message: string, messageEn: string, basis: string): Refusal {
  return refusal(message, messageEn, { path, clause, basis });
}
