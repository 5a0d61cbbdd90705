import { sumFen } from '../money';
import type { FundingEntry, NamedAmount, NewBuilding, BalanceMember } from '../plan';
import { concernedUtilities } from '../utilities';
import type { PlanContext, PlanCommunity } from './plan-context';

/** 样例: 314 yuan a ㎡, the cost of a district's real plan; a twentieth of it for design, supervision and reserve. */
const FEN_A_SQUARE_METRE = 31_400;

/**
 * 样例: a complete plan for these communities that every rule accepts. All basic items and what the residents wish;
 * each operator concerned pays one hundredth, residents five, the rest comes from the budgets that the policy knows.
 */
export function samplePlan(context: Pick<PlanContext, 'communities' | 'policy' | 'operators'>) {
  const { modes } = context.policy;
  const mode = modes.find(
    (one) => !one.selfBalancing && one.members === 'none' && one.needsOneOf.length === 0,
  );
  return {
    communities: context.communities.map((community) => planFor(community, context)),
    mode: (mode ?? modes[0])?.key ?? '',
    members: [] as BalanceMember[],
  };
}

function planFor(
  { id, floorArea, wishes }: PlanCommunity,
  { policy, operators }: Pick<PlanContext, 'policy' | 'operators'>,
) {
  const budgetFen = Math.max(10_000_000, Math.round(floorArea * FEN_A_SQUARE_METRE));
  const chosen = policy.items.filter((item) => item.class === 'basic' || wishes.includes(item.no));
  const each = Math.floor((budgetFen * 19) / 20 / chosen.length);
  const hundredth = Math.floor(budgetFen / 100);
  const concerned = new Set<string>(
    concernedUtilities(
      chosen.map(({ no }) => no),
      policy.items,
    ),
  );
  const givers = policy.sources.some(({ key }) => key === 'operator')
    ? operators.filter(({ utilities }) => utilities.some((utility) => concerned.has(utility)))
    : [];
  const given: FundingEntry[] = givers.map((giver) => ({
    source: 'operator',
    amountFen: hundredth,
    giver: giver.id,
  }));
  if (policy.sources.some(({ key }) => key === 'resident'))
    given.push({ source: 'resident', amountFen: hundredth * 5 });
  const budgets = policy.sources.filter((source) => source.fiscal && !source.needsIncome);
  const rest = budgetFen - sumFen(given.map(({ amountFen }) => amountFen));
  const share = Math.floor(rest / budgets.length);
  return {
    communityId: id,
    items: chosen.map(({ no }) => ({ no, chosen: true, budgetFen: each })),
    otherCosts: [{ name: '样例：设计、监理及预备费', amountFen: budgetFen - each * chosen.length }],
    budgetFen,
    funding: [
      ...budgets.map(({ key }, i) => ({
        source: key,
        amountFen: i === 0 ? rest - share * (budgets.length - 1) : share,
      })),
      ...given,
    ],
    income: [] as NamedAmount[],
    newBuildings: [] as NewBuilding[],
    changesCommonUse: false,
  };
}
