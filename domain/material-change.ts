/** Which changes of a plan need a new public notice (P2.1.3). */
import type { RatiosOf } from '../policy/snapshot';
import { compareShare, shareText } from './money';
import { chosenItems, residentsPay, type CommunityPlan, type Plan } from './plan';

/**
 * The material changes, in Chinese; empty if the notice need not be repeated. A community that left changes
 * nothing for the others.
 */
export function materialChanges(before: Plan, after: Plan, policy: RatiosOf<'material-change'>): string[] {
  const changes = before.mode === after.mode ? [] : [`改造模式由 ${before.mode} 改为 ${after.mode}`];
  for (const community of after.communities) {
    const old = before.communities.find(({ communityId }) => communityId === community.communityId);
    changes.push(...(old ? communityChanges(old, community, policy) : [`新增小区 ${community.communityId}`]));
  }
  return changes;
}

function communityChanges(
  before: CommunityPlan,
  after: CommunityPlan,
  policy: RatiosOf<'material-change'>,
): string[] {
  const [had, has] = [chosenItems(before), chosenItems(after)];
  const [old, now] = [before, after].map(({ newBuildings }) => newBuildings.map(({ name }) => name)) as [
    string[],
    string[],
  ];
  return [
    ...has.filter((no) => !had.includes(no)).map((no) => `增加第 ${no} 项`),
    ...had.filter((no) => !has.includes(no)).map((no) => `取消第 ${no} 项`),
    ...moved('总投资', before.budgetFen, after.budgetFen, policy),
    ...moved('居民出资', residentsPay(before), residentsPay(after), policy),
    ...now.filter((name) => !old.includes(name)).map((name) => `增加公共建筑 ${name}`),
    ...old.filter((name) => !now.includes(name)).map((name) => `取消公共建筑 ${name}`),
  ];
}

/** A change that reaches the ratio counts; from nothing, every change does. */
function moved(what: string, before: number, after: number, policy: RatiosOf<'material-change'>): string[] {
  const ratio = policy.ratios['material-change'];
  if (before === after || compareShare(Math.abs(after - before), before, ratio) < 0) return [];
  return [`${what}变化达到 ${shareText(ratio)}`];
}
