import { z } from 'zod';
import type { Plan } from '../plan';
import { planRefusals } from '../plan-rules';
import { defineTask, SAMPLE_ATTACHMENT } from '../task';
import { attachment, choice, fen, line, prose, yesNo } from './fields';
import { financingModeNames } from './names';
import type { PlanContext } from './plan-context';
import { documentRefusals, missingCommunities, operatorRefusals, rewardRefusals } from './plan-form-rules';
import { samplePlan } from './sample-plan';

const clause = 'P2.1.2';

const communityPlan = ({ communities, policy }: PlanContext) =>
  z.strictObject({
    communityId: z.enum(communities.map(({ id }) => id)).meta({ title: '小区' }),
    items: z
      .array(
        z.strictObject({
          no: z.literal(policy.items.map(({ no }) => no)).meta({ title: '改造内容' }),
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
  seats: ['housing@county'],
  form: (context: PlanContext) =>
    z.strictObject({
      communities: z
        .array(communityPlan(context))
        .max(context.communities.length)
        .meta({ title: '各小区方案' }),
      mode: choice(
        '改造和融资模式',
        context.policy.modes.map(({ key }) => key),
        financingModeNames,
      ),
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
    ...samplePlan(context),
    owner: context.owners[0]?.id ?? '',
    documents: { 'plan-text': SAMPLE_ATTACHMENT },
  }),
});
