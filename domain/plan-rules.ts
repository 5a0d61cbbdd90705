/** When a preliminary plan is accepted (P1.2, P2.1.2, P4.3.1, P4.4) and what owners must decide first. */
import type { OwnersMatter, Source } from '../policy/keys';
import type { PolicySnapshot, SnapshotSource } from '../policy/snapshot';
import { modeRefusals } from './financing';
import { isFen, sumFen, yuan, yuanEn } from './money';
import type { CommunityPlan, Plan } from './plan';
import { refusal, type Refusal } from './refusal';

/** Why the plan cannot be put to the residents; paths are those of `Plan`. */
export function planRefusals(
  plan: Plan,
  policy: Pick<PolicySnapshot, 'items' | 'sources' | 'modes'>,
): Refusal[] {
  if (plan.communities.length === 0) {
    return [
      refusal('方案中没有小区', 'the plan has no community', { path: 'communities', clause: 'P2.1.2' }),
    ];
  }
  const ids = plan.communities.map((community) => community.communityId);
  const own = plan.communities.flatMap((community, i) => {
    const at = `communities.${i}`;
    const twice =
      ids.indexOf(community.communityId) === i
        ? []
        : [no(`${at}.communityId`, 'P2.1.2', '小区重复', 'the community is there twice')];
    return [
      ...twice,
      ...amountRefusals(community, at),
      ...itemRefusals(community, at, policy),
      ...fundingRefusals(community, at, policy),
      ...buildingRefusals(community, at),
    ];
  });
  if (own.some((one) => one.message === NOT_FEN)) return own;
  return [
    ...own,
    ...plan.communities.flatMap((c, i) => sumRefusals(c, `communities.${i}`)),
    ...modeRefusals(plan, policy),
  ];
}

/** What the owners of a community must have decided before the county submits (P2.1.3, 民法典 278). */
export function ownersMattersOf(
  community: CommunityPlan,
  policy: Pick<PolicySnapshot, 'sources'>,
): OwnersMatter[] {
  const used = new Set(
    community.funding.filter(({ amountFen }) => amountFen > 0).map(({ source }) => source),
  );
  const matters = policy.sources.flatMap(({ key, ownersMatter }) =>
    ownersMatter && used.has(key) ? [ownersMatter] : [],
  );
  if (community.changesCommonUse) matters.push('change-common-use');
  return [...new Set(matters)];
}

const NOT_FEN = '金额应为非负整数（分）';

function amountRefusals(community: CommunityPlan, at: string): Refusal[] {
  const amounts: [path: string, value: number][] = [
    [`${at}.budgetFen`, community.budgetFen],
    ...community.items.map((item, i): [string, number] => [
      `${at}.items.${i}.budgetFen`,
      item.budgetFen ?? 0,
    ]),
    ...community.otherCosts.map((cost, i): [string, number] => [
      `${at}.otherCosts.${i}.amountFen`,
      cost.amountFen,
    ]),
    ...community.funding.map((entry, i): [string, number] => [
      `${at}.funding.${i}.amountFen`,
      entry.amountFen,
    ]),
    ...community.income.map((entry, i): [string, number] => [`${at}.income.${i}.amountFen`, entry.amountFen]),
  ];
  return amounts
    .filter(([, value]) => !isFen(value))
    .map(([path]) => no(path, 'P2.1.2', NOT_FEN, 'must be a whole number of fen, not negative'));
}

/** "List + standards", "mandatory + optional": every basic item is chosen or says why not. */
function itemRefusals(
  community: CommunityPlan,
  at: string,
  policy: Pick<PolicySnapshot, 'items'>,
): Refusal[] {
  const known = new Map(policy.items.map((item) => [item.no, item]));
  const numbers = community.items.map((item) => item.no);
  const lines = community.items.flatMap((item, i) => {
    const path = `${at}.items.${i}`;
    const found: Refusal[] = [];
    if (!known.has(item.no))
      found.push(no(`${path}.no`, 'P1.2', `清单中没有第 ${item.no} 项`, `no item ${item.no} in the list`));
    if (numbers.indexOf(item.no) !== i)
      found.push(no(`${path}.no`, 'P1.2', `第 ${item.no} 项重复`, `item ${item.no} is there twice`));
    if (!item.chosen && (item.budgetFen ?? 0) > 0) {
      found.push(
        no(
          `${path}.budgetFen`,
          'P2.1.2',
          `第 ${item.no} 项未选，不应有预算`,
          `item ${item.no} is not chosen and has a budget`,
        ),
      );
    }
    if (!item.chosen && known.get(item.no)?.class === 'basic' && !item.reason?.trim()) {
      found.push(
        no(
          `${path}.reason`,
          'P2.1.2',
          `第 ${item.no} 项为基础类，不选应说明理由`,
          `basic item ${item.no} is not chosen: give a reason`,
        ),
      );
    }
    return found;
  });
  const missing = policy.items
    .filter((item) => item.class === 'basic' && !numbers.includes(item.no))
    .map((item) =>
      no(
        `${at}.items`,
        'P2.1.2',
        `缺少基础类第 ${item.no} 项：应选或说明理由`,
        `basic item ${item.no} is missing: choose it or say why not`,
      ),
    );
  const none = community.items.some((item) => item.chosen)
    ? []
    : [no(`${at}.items`, 'P1.2', '没有选择任何改造内容', 'nothing is chosen')];
  return [...lines, ...missing, ...none];
}

/** Sums agree to the fen: items and other costs make the budget, and the funding covers it. */
function sumRefusals(community: CommunityPlan, at: string): Refusal[] {
  const costs = sumFen([
    ...community.items.map((item) => item.budgetFen ?? 0),
    ...community.otherCosts.map((cost) => cost.amountFen),
  ]);
  const funded = sumFen(community.funding.map((entry) => entry.amountFen));
  const found: Refusal[] = [];
  if (costs !== community.budgetFen) {
    found.push(
      no(
        `${at}.budgetFen`,
        'P2.1.2',
        `各项合计 ${yuan(costs)}，与预算 ${yuan(community.budgetFen)} 不符`,
        `items and other costs are ${yuanEn(costs)}, the budget says ${yuanEn(community.budgetFen)}`,
      ),
    );
  }
  if (funded !== community.budgetFen) {
    found.push(
      no(
        `${at}.funding`,
        'P4.3.1',
        `资金合计 ${yuan(funded)}，与预算 ${yuan(community.budgetFen)} 不符`,
        `the funding is ${yuanEn(funded)}, the budget ${yuanEn(community.budgetFen)}`,
      ),
    );
  }
  return found;
}

function fundingRefusals(
  community: CommunityPlan,
  at: string,
  policy: Pick<PolicySnapshot, 'sources'>,
): Refusal[] {
  const sources = new Map<Source, SnapshotSource>(policy.sources.map((source) => [source.key, source]));
  return community.funding.flatMap((entry, i) => {
    const source = sources.get(entry.source);
    const path = `${at}.funding.${i}`;
    if (!source)
      return [no(`${path}.source`, 'P4.3.1', `没有资金渠道 ${entry.source}`, `no source ${entry.source}`)];
    if (source.namesGiver && entry.amountFen > 0 && !entry.giver?.trim()) {
      return [
        no(`${path}.giver`, 'P4.3.1', `${source.name}应写明出资方`, `${entry.source} must name who gives`),
      ];
    }
    return [];
  });
}

function buildingRefusals(community: CommunityPlan, at: string): Refusal[] {
  return community.newBuildings.flatMap((building, i) =>
    building.agreement?.trim()
      ? []
      : [
          refusal(
            `新增公共建筑“${building.name}”应在立项前达成权属协议`,
            `new public building "${building.name}" needs an ownership agreement before initiation`,
            {
              path: `${at}.newBuildings.${i}.agreement`,
              clause: 'P4.4',
              basis: '临政办字〔2020〕81号 四(四)',
            },
          ),
        ],
  );
}

function no(path: string, clause: string, message: string, messageEn: string): Refusal {
  return refusal(message, messageEn, { path, clause });
}
