import type { CommunityPlan, FundingEntry, Plan } from '../../domain/plan';
import { sumFen } from '../../domain/money';

/** 样例: every basic item chosen at 10,000 yuan each, paid by county and residents. */
export function communityPlan(communityId: string, change: Partial<CommunityPlan> = {}): CommunityPlan {
  const items = Array.from({ length: 19 }, (_, i) => ({ no: i + 1, chosen: true, budgetFen: 1_000_000 }));
  return {
    communityId,
    items,
    otherCosts: [{ name: '设计、监理费', amountFen: 1_000_000 }],
    budgetFen: 20_000_000,
    funding: [
      { source: 'county', amountFen: 15_000_000 },
      { source: 'resident', amountFen: 5_000_000 },
    ],
    income: [],
    newBuildings: [],
    changesCommonUse: false,
    ...change,
  };
}

export function samplePlan(change: Partial<CommunityPlan> = {}, of: Partial<Plan> = {}): Plan {
  return { communities: [communityPlan('c1', change)], mode: 'government-guided', members: [], ...of };
}

/** The sample's budget with some of the county's money replaced by these entries. */
export function fundedBy(...entries: FundingEntry[]): FundingEntry[] {
  const rest = 20_000_000 - sumFen(entries.map(({ amountFen }) => amountFen));
  return [{ source: 'county', amountFen: rest }, ...entries];
}
