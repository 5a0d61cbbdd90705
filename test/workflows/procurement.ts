import type { PlanOutput, SchemeOutput } from '../../domain/outputs';
import type { FundingEntry } from '../../domain/plan';

/** 样例: what the steps from scheme review to construction begin with. */

export const OWNER = '371300-project-owner';
export const BINDINGS = { 'project-owner': OWNER };

/** A plan of one community; without more said: water pipes, fire protection and sports facilities. */
export const planned = (
  numbers: readonly number[] = [1, 12, 24],
  budgetFen = 400_000_000,
  funding: readonly FundingEntry[] = [{ source: 'county', amountFen: budgetFen }],
): PlanOutput => ({
  owner: OWNER,
  plan: {
    mode: 'government-guided',
    members: [],
    communities: [
      {
        communityId: 'c1',
        items: numbers.map((no) => ({ no, chosen: true, budgetFen: Math.floor(budgetFen / numbers.length) })),
        otherCosts: [],
        budgetFen,
        funding,
        income: [],
        newBuildings: [],
        changesCommonUse: false,
      },
    ],
  },
});

export const scheme = (estimateFen = 400_000_000): SchemeOutput => ({
  designer: '371300-designer',
  estimateFen,
  approvedOn: '2026-11-20',
  formalities: [],
});
