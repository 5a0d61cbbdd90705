import { z } from 'zod';
import { sumFen, yuan, yuanEn } from '../money';
import type { Plan } from '../plan';
import { planRefusals } from '../plan-rules';
import { refusal, type Refusal } from '../refusal';
import { defineTask, SAMPLE_ATTACHMENT } from '../task';
import { concernedUtilities } from '../utilities';
import { attachment, fen, line, prose, yesNo } from './fields';
import { samplePlan } from './sample-plan';
import type { Utility } from '../../policy/keys';
import type { PolicySnapshot } from '../../policy/snapshot';

const clause = 'P2.1.2';

export interface Named {
  readonly id: string;
  readonly name: string;
}

/** A community as its plan is made: figures of the register, and what its residents asked for. */
export interface PlanCommunity extends Named {
  readonly households: number;
  /** ㎡ */
  readonly floorArea: number;
  /** Numbers of the items of needs collection. */
  readonly wishes: readonly number[];
}

export interface Operator extends Named {
  readonly utilities: readonly Utility[];
}

export interface PlanContext {
  readonly communities: readonly PlanCommunity[];
  readonly policy: Pick<PolicySnapshot, 'items' | 'sources' | 'modes'>;
  /** Who may be named as 建设单位: companies, and county housing itself. */
  readonly owners: readonly Named[];
  /** Every operator that serves the place. */
  readonly operators: readonly Operator[];
  /** Why it is made again: who says what. */
  readonly remarks: readonly Remark[];
  readonly before?: Plan;
}

export interface Remark {
  readonly by: string;
  readonly remarks: string;
}

/** 以奖代补: what the government offers an operator for facilities that the operator does not own (P4.5). */
export interface Reward {
  readonly operator: string;
  readonly amountFen: number;
}

const communityPlan = ({ communities, policy }: PlanContext) =>
  z.strictObject({
    communityId: z.enum(communities.map(({ id }) => id)).meta({ title: '小区' }),
    items: z
      .array(
        z.strictObject({
          no: z.literal(policy.items.map(({ no }) => no)).meta({ title: '改造内容序号' }),
          chosen: yesNo('选择'),
          reason: prose('不选的理由', 500).optional(),
          budgetFen: fen('预算').optional(),
        }),
      )
      .max(policy.items.length)
      .meta({ title: '改造内容' }),
    otherCosts: z.array(namedAmount('费用名称', '金额')).max(30).meta({ title: '其他费用' }),
    budgetFen: fen('总预算'),
    funding: z
      .array(
        z.strictObject({
          source: z.enum(policy.sources.map(({ key }) => key)).meta({ title: '资金渠道' }),
          amountFen: fen('金额'),
          giver: line('出资方（单位编号或名称）', 100).optional(),
        }),
      )
      .max(60)
      .meta({ title: '资金来源' }),
    income: z.array(namedAmount('收益名称', '测算期内收益')).max(30).meta({ title: '未来收益' }),
    newBuildings: z
      .array(
        z.strictObject({
          name: line('公共建筑名称', 100),
          agreement: attachment('权属协议').optional(),
        }),
      )
      .max(20)
      .meta({ title: '新增公共建筑' }),
    changesCommonUse: yesNo('改变共有部分用途或利用共有部分经营'),
  });

function namedAmount(name: string, amount: string) {
  return z.strictObject({ name: line(name, 100), amountFen: fen(amount) });
}

/**
 * 初步改造方案 (P2.1.2): one plan a community, its items, budget and funding, and the financing mode of the project
 * (P3.1–P3.5); the owner is named with it.
 */
export const preliminaryPlan = defineTask({
  kind: 'preliminary-plan',
  title: '编制初步改造方案及预算',
  titleEn: 'Make the preliminary plan and budget',
  step: 'preliminary-plan',
  clause,
  form: (context: PlanContext) =>
    z.strictObject({
      communities: z
        .array(communityPlan(context))
        .max(context.communities.length)
        .meta({ title: '各小区方案' }),
      mode: z.enum(context.policy.modes.map(({ key }) => key)).meta({ title: '改造和融资模式' }),
      members: z
        .array(
          z.strictObject({
            name: line('捆绑或组合的项目', 100),
            costFen: fen('支出'),
            incomeFen: fen('收益'),
          }),
        )
        .max(50)
        .meta({ title: '统筹平衡的其他项目' }),
      owner: z.enum(context.owners.map(({ id }) => id)).meta({ title: '建设单位' }),
      rewards: z
        .array(z.strictObject({ operator: line('专营单位编号', 64), amountFen: fen('奖补金额') }))
        .max(30)
        .optional()
        .meta({ title: '对专营单位的以奖代补' }),
      documents: z
        .strictObject({
          'plan-text': attachment('初步改造方案及预算'),
          'ownership-agreement': attachment('新增公共建筑权属协议').optional(),
          'income-forecast': attachment('项目收益测算').optional(),
        })
        .meta({ title: '附件材料' }),
    }),
  rules: (form, context) => {
    const { documents, rewards = [] } = form;
    const plan: Plan = { communities: form.communities, mode: form.mode, members: form.members };
    return [
      ...missingCommunities(plan, context),
      ...planRefusals(plan, context.policy),
      ...operatorRefusals(plan, context),
      ...rewardRefusals(plan, rewards, context),
      ...documentRefusals(plan, documents, context),
    ];
  },
  example: (context) => ({
    ...mutable(samplePlan(context)),
    owner: context.owners[0]?.id ?? '',
    documents: { 'plan-text': SAMPLE_ATTACHMENT },
  }),
});

/** Plain JSON: the form's own type has mutable lists. */
function mutable(plan: Plan) {
  return JSON.parse(JSON.stringify(plan)) as {
    communities: {
      communityId: string;
      items: { no: number; chosen: boolean; reason?: string; budgetFen?: number }[];
      otherCosts: { name: string; amountFen: number }[];
      budgetFen: number;
      funding: {
        source: PlanContext['policy']['sources'][number]['key'];
        amountFen: number;
        giver?: string;
      }[];
      income: { name: string; amountFen: number }[];
      newBuildings: { name: string; agreement?: string }[];
      changesCommonUse: boolean;
    }[];
    mode: string;
    members: { name: string; costFen: number; incomeFen: number }[];
  };
}

/** 一小区一策: no community of the project is left without its own plan. */
function missingCommunities(plan: Plan, { communities }: PlanContext): Refusal[] {
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
function operatorRefusals(plan: Plan, { policy, operators }: PlanContext): Refusal[] {
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

function rewardRefusals(
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

function documentRefusals(
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
