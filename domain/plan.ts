/**
 * A preliminary plan (P2.1.2): one plan per community 一小区一策, its items, budget and funding, and the
 * project's financing mode. All amounts in fen.
 */
import type { Source } from '../policy/keys';
import { sumFen } from './money';

/** A line of the list of 36; a basic item that is not chosen gives a reason. */
export interface PlanItem {
  readonly no: number;
  readonly chosen: boolean;
  readonly reason?: string | undefined;
  /** 0 or absent if not chosen. */
  readonly budgetFen?: number | undefined;
}

export interface NamedAmount {
  readonly name: string;
  readonly amountFen: number;
}

export interface FundingEntry {
  readonly source: Source;
  readonly amountFen: number;
  /** Who gives, where the source asks for it: an operator's or donor's organisation. */
  readonly giver?: string | undefined;
}

/** A new public building; the ownership agreement is the id of an attachment (P4.4). */
export interface NewBuilding {
  readonly name: string;
  readonly agreement?: string | undefined;
}

export interface CommunityPlan {
  readonly communityId: string;
  readonly items: readonly PlanItem[];
  /** Design, supervision, contingencies and the like. */
  readonly otherCosts: readonly NamedAmount[];
  /** The whole budget: items and other costs; and the sum of the funding. */
  readonly budgetFen: number;
  readonly funding: readonly FundingEntry[];
  /** Income of facilities in this community over the balance period; empty if none. */
  readonly income: readonly NamedAmount[];
  readonly newBuildings: readonly NewBuilding[];
  /** The plan puts common parts to another use: owners decide first. */
  readonly changesCommonUse: boolean;
}

/** A project tied in to balance the money (P3.1, P3.2), with its own cost and income (P4.1). */
export interface BalanceMember {
  readonly name: string;
  readonly costFen: number;
  readonly incomeFen: number;
}

export interface Plan {
  readonly communities: readonly CommunityPlan[];
  /** Key of a financing mode of the policy. */
  readonly mode: string;
  readonly members: readonly BalanceMember[];
}

/** Budget of the whole project. */
export function budgetOf(plan: Plan): number {
  return sumFen(plan.communities.map((community) => community.budgetFen));
}

/** Planned money per source, over all communities, in the order of first mention. */
export function fundingBySource(plan: Plan): { source: Source; amountFen: number }[] {
  const sums = new Map<Source, number>();
  for (const { source, amountFen } of plan.communities.flatMap((community) => community.funding)) {
    sums.set(source, sumFen([sums.get(source) ?? 0, amountFen]));
  }
  return [...sums].map(([source, amountFen]) => ({ source, amountFen }));
}

/** What residents of a community pay together. */
export function residentsPay(community: CommunityPlan): number {
  return sumFen(
    community.funding.filter(({ source }) => source === 'resident').map(({ amountFen }) => amountFen),
  );
}

/** Numbers of the items chosen in a community, ascending. */
export function chosenItems(community: CommunityPlan): number[] {
  return community.items
    .filter((item) => item.chosen)
    .map((item) => item.no)
    .sort((a, b) => a - b);
}

/** The plan without a community that declined or left; the others keep their own plans. */
export function withoutCommunity(plan: Plan, communityId: string): Plan {
  return {
    ...plan,
    communities: plan.communities.filter((community) => community.communityId !== communityId),
  };
}
