import type { Contract, PlanOutput, SchemeOutput } from '../../domain/outputs';
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

/** Works, supervision and a water operator's own works: 3,100,000 yuan of an estimate of 4,000,000. */
export const contracts: readonly Contract[] = [
  {
    lot: 'L1',
    name: '样例施工标段',
    kind: 'works',
    way: 'consultation',
    ground: '样例',
    winner: '371300-contractor',
    amountFen: 300_000_000,
    advanceFen: 30_000_000,
    signedOn: '2026-11-20',
  },
  {
    lot: 'L2',
    name: '样例监理标段',
    kind: 'supervision',
    way: 'consultation',
    ground: '样例',
    winner: '371300-supervisor',
    amountFen: 10_000_000,
    signedOn: '2026-11-20',
  },
  {
    lot: 'O-water',
    kind: 'operator-works',
    way: 'operator',
    ground: '样例',
    winner: '371300-water',
    amountFen: 0,
    signedOn: '2026-11-20',
  },
];
