/** The conditions of a financing mode (P3.1–P3.5) and the balance of income against cost (P4.1). */
import type { PolicySnapshot } from '../policy/snapshot';
import { isFen, sumFen, yuan, yuanEn } from './money';
import { budgetOf, type Plan } from './plan';
import { refusal, type Refusal } from './refusal';

/** Over the balance period; all in fen. */
export interface Balance {
  /** Income of the communities' own facilities. */
  readonly ownIncomeFen: number;
  /** What members earn over their cost; negative if they cost more. */
  readonly membersSurplusFen: number;
  /** What income must cover: the budget less the money that nobody wants back. */
  readonly gapFen: number;
  /** Income less gap; negative: not balanced. */
  readonly surplusFen: number;
}

type Asked = Pick<PolicySnapshot, 'modes' | 'sources'>;

/** Money lent, and capital that expects a return, leaves a gap that income must close. */
export function balanceOf(plan: Plan, policy: Asked): Balance {
  const wantedBack = new Set<string>(['society-capital']);
  for (const source of policy.sources) if (source.needsIncome) wantedBack.add(source.key);
  const funding = plan.communities.flatMap((community) => community.funding);
  const given = sumFen(
    funding.filter(({ source }) => !wantedBack.has(source)).map(({ amountFen }) => amountFen),
  );
  const ownIncomeFen = sumFen(
    plan.communities.flatMap(({ income }) => income.map(({ amountFen }) => amountFen)),
  );
  const membersSurplusFen = sumFen(plan.members.map(({ incomeFen, costFen }) => incomeFen - costFen));
  const gapFen = Math.max(0, budgetOf(plan) - given);
  return { ownIncomeFen, membersSurplusFen, gapFen, surplusFen: ownIncomeFen + membersSurplusFen - gapFen };
}

/** Why the plan does not fit its financing mode, and borrowed money without income. */
export function modeRefusals(plan: Plan, policy: Asked): Refusal[] {
  const mode = policy.modes.find(({ key }) => key === plan.mode);
  if (!mode) {
    return [
      refusal(`没有改造模式 ${plan.mode}`, `no financing mode ${plan.mode}`, {
        path: 'mode',
        clause: 'P3.5',
      }),
    ];
  }
  const malformed = plan.members.flatMap((member, i) =>
    isFen(member.costFen) && isFen(member.incomeFen)
      ? []
      : [
          refusal('金额应为非负整数（分）', 'must be whole numbers of fen', {
            path: `members.${i}`,
            clause: mode.clause,
          }),
        ],
  );
  if (malformed.length > 0) return malformed;
  return [
    ...memberRefusals(plan, mode),
    ...sourceRefusals(plan, mode),
    ...incomeRefusals(plan, policy),
    ...(mode.selfBalancing ? balanceRefusals(plan, mode, policy) : []),
  ];
}

type Mode = Asked['modes'][number];

function memberRefusals(plan: Plan, mode: Mode): Refusal[] {
  const where = { path: 'members', clause: mode.clause };
  if (mode.members === 'none') {
    return plan.members.length === 0
      ? []
      : [refusal('该模式不捆绑其他项目', 'this mode ties in no other project', where)];
  }
  if (plan.members.length > 0) return [];
  return mode.members === 'adjacent'
    ? [refusal('大片区统筹应列出相邻的捆绑项目', 'name the adjacent projects that are tied in', where)]
    : [refusal('跨片区组合应列出组合的项目', 'name the projects elsewhere that are combined', where)];
}

function sourceRefusals(plan: Plan, mode: Mode): Refusal[] {
  if (mode.needsOneOf.length === 0) return [];
  const used = plan.communities.flatMap(({ funding }) => funding.filter(({ amountFen }) => amountFen > 0));
  if (used.some(({ source }) => mode.needsOneOf.includes(source))) return [];
  const names = mode.needsOneOf.join('、');
  return [
    refusal(`该模式的资金应包含 ${names}`, `this mode needs funding from ${names}`, {
      path: 'mode',
      clause: mode.clause,
    }),
  ];
}

/** Special bonds and credit only where the project earns (四(三): 有收益的公益性资本支出). */
function incomeRefusals(plan: Plan, policy: Asked): Refusal[] {
  const { ownIncomeFen, membersSurplusFen } = balanceOf(plan, policy);
  if (ownIncomeFen + membersSurplusFen > 0) return [];
  const needing = new Map(
    policy.sources.filter((source) => source.needsIncome).map((source) => [source.key, source.name]),
  );
  return plan.communities.flatMap((community, c) =>
    community.funding.flatMap((entry, i) =>
      needing.has(entry.source) && entry.amountFen > 0
        ? [
            refusal(
              `项目没有收益，不能使用${needing.get(entry.source)}`,
              `${entry.source} needs income, the project has none`,
              {
                path: `communities.${c}.funding.${i}.source`,
                clause: 'P4.3.1',
                basis: '临政办字〔2020〕81号 四(三)',
              },
            ),
          ]
        : [],
    ),
  );
}

function balanceRefusals(plan: Plan, mode: Mode, policy: Asked): Refusal[] {
  const balance = balanceOf(plan, policy);
  const income = balance.ownIncomeFen + balance.membersSurplusFen;
  if (income <= 0) {
    return [
      refusal('自我平衡的模式应有收益测算', 'a self-balancing mode needs income', {
        path: 'income',
        clause: mode.clause,
      }),
    ];
  }
  if (balance.surplusFen >= 0) return [];
  return [
    refusal(
      `收益 ${yuan(income)} 不足以平衡缺口 ${yuan(balance.gapFen)}`,
      `income of ${yuanEn(income)} does not cover the gap of ${yuanEn(balance.gapFen)}`,
      { path: 'income', clause: mode.clause },
    ),
  ];
}
