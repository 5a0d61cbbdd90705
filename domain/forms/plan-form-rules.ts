import { sumFen, yuan, yuanEn } from '../money';
import type { Plan } from '../plan';
import { refusal, type Refusal } from '../refusal';
import { concernedUtilities } from '../utilities';
import type { PolicySnapshot } from '../../policy/snapshot';
import type { PlanContext, Reward } from './plan-context';

/** What is refused of a preliminary plan beside the plan's own rules: it depends on who is there to be named. */

const clause = 'P2.1.2';

/** 一小区一策: no community of the project is left without its own plan. */
export function missingCommunities(plan: Plan, { communities }: PlanContext): Refusal[] {
  const planned = new Set(plan.communities.map(({ communityId }) => communityId));
  return communities
    .filter(({ id }) => !planned.has(id))
    .map(({ id, name }) =>
      refusal(`缺少${name}的方案：一小区一策`, `the plan of ${id} is missing`, {
        path: 'communities',
        clause,
      }),
    );
}

const P45 = { clause: 'P4.5', basis: '临政办字〔2020〕81号 四(五)' };

/** Money is booked only on an operator whose network the chosen items of that community concern. */
export function operatorRefusals(plan: Plan, { policy, operators }: PlanContext): Refusal[] {
  return plan.communities.flatMap(({ items, funding }, c) => {
    const chosen = items.filter((item) => item.chosen).map(({ no }) => no);
    const concerned = new Set<string>(concernedUtilities(chosen, policy.items));
    return funding.flatMap(({ source, giver, amountFen }, i) => {
      if (source !== 'operator' || amountFen === 0 || giver === undefined) return [];
      const operator = operators.find(({ id }) => id === giver);
      if (operator?.utilities.some((utility) => concerned.has(utility))) return [];
      return [
        refusal(
          operator ? `所选内容不涉及${operator.name}` : `没有专营单位 ${giver}`,
          operator ? `no chosen item concerns ${giver}` : `no utility operator ${giver}`,
          { path: `communities.${c}.funding.${i}.giver`, ...P45 },
        ),
      ];
    });
  });
}

export function rewardRefusals(
  plan: Plan,
  rewards: readonly Reward[],
  { policy, operators }: PlanContext,
): Refusal[] {
  const named = rewards.map(({ operator }) => operator);
  const wrong = rewards.flatMap(({ operator }, i) => {
    const path = `rewards.${i}.operator`;
    if (!operators.some(({ id }) => id === operator))
      return [refusal(`没有专营单位 ${operator}`, `no utility operator ${operator}`, { path, ...P45 })];
    if (named.indexOf(operator) !== i)
      return [refusal('专营单位重复', 'the operator is there twice', { path, ...P45 })];
    return [];
  });
  const fiscal = fiscalFen(plan, policy);
  const offered = sumFen(rewards.map(({ amountFen }) => amountFen));
  if (offered <= fiscal) return wrong;
  return [
    ...wrong,
    refusal(
      `奖补合计 ${yuan(offered)}，超过方案中的财政资金 ${yuan(fiscal)}`,
      `the rewards are ${yuanEn(offered)}, the plan's public money is ${yuanEn(fiscal)}`,
      { path: 'rewards', ...P45 },
    ),
  ];
}

/** Money from public budgets. */
export function fiscalFen(plan: Plan, policy: Pick<PolicySnapshot, 'sources'>): number {
  const fiscal = new Set<string>(policy.sources.filter((source) => source.fiscal).map(({ key }) => key));
  return sumFen(
    plan.communities.flatMap(({ funding }) =>
      funding.filter(({ source }) => fiscal.has(source)).map(({ amountFen }) => amountFen),
    ),
  );
}

export function documentRefusals(
  plan: Plan,
  documents: { 'ownership-agreement'?: string | undefined; 'income-forecast'?: string | undefined },
  { policy }: PlanContext,
): Refusal[] {
  const found: Refusal[] = [];
  const builds = plan.communities.some(({ newBuildings }) => newBuildings.length > 0);
  if (builds && documents['ownership-agreement'] === undefined)
    found.push(
      refusal('新增公共建筑应附权属协议', 'new public buildings need an ownership agreement', {
        path: 'documents.ownership-agreement',
        clause: 'P4.4',
        basis: '临政办字〔2020〕81号 四(四)',
      }),
    );
  const earning = new Set<string>(
    policy.sources.filter((source) => source.needsIncome).map(({ key }) => key),
  );
  const borrows = plan.communities.some(({ funding }) =>
    funding.some(({ source, amountFen }) => earning.has(source) && amountFen > 0),
  );
  if (borrows && documents['income-forecast'] === undefined)
    found.push(
      refusal('使用专项债券或信贷资金应附项目收益测算', 'bonds and credit need a forecast of income', {
        path: 'documents.income-forecast',
        clause: 'P4.3.1',
        basis: '临政办字〔2020〕81号 四(三)',
      }),
    );
  return found;
}
