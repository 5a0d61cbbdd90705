import { z } from 'zod';
import { attachment, count, date, fen, line, organisationId } from './forms/fields';
import type { StepOutputs } from './outputs';
import { sources } from '../policy/keys';

/**
 * What a step hands on, as it may be entered from paper: by a project that is taken in half-way (接入), or by a repair.
 * The shapes are those that the steps themselves hand on (`outputs.ts`), each made when it is asked for: every workflow
 * loads this, and hardly any needs it.
 */

const id = () => organisationId('编号');
const named = () => z.strictObject({ name: line('名称'), amountFen: fen('金额') });
const communityId = () => line('小区编号', 64);

const communityPlan = () =>
  z.strictObject({
    communityId: communityId(),
    items: z
      .array(
        z.strictObject({
          no: z.int().min(1).max(36),
          chosen: z.boolean(),
          reason: line('理由', 2000).optional(),
          budgetFen: fen('预算').optional(),
        }),
      )
      .max(36),
    otherCosts: z.array(named()).max(50),
    budgetFen: fen('总预算'),
    funding: z
      .array(
        z.strictObject({ source: z.enum(sources), amountFen: fen('金额'), giver: line('出资方').optional() }),
      )
      .max(50),
    income: z.array(named()).max(50),
    newBuildings: z
      .array(z.strictObject({ name: line('名称'), agreement: attachment('权属协议').optional() }))
      .max(50),
    changesCommonUse: z.boolean(),
  });

/** By step. */
export const outputShapes = {
  'needs-collection': () =>
    z.strictObject({
      communities: z.array(communityId()).min(1).max(50),
      surveys: z
        .array(
          z.strictObject({
            community: communityId(),
            households: count('总户数'),
            answered: count('参与户数'),
            agreeing: count('同意户数'),
          }),
        )
        .max(50),
      items: z.array(z.int().min(1).max(36)).max(36),
      managementMode: z.enum(['professional', 'subdistrict', 'neighbourhood']),
    }),
  'preliminary-plan': () =>
    z.strictObject({
      plan: z.strictObject({
        communities: z.array(communityPlan()).min(1).max(50),
        mode: line('融资模式', 40),
        members: z
          .array(z.strictObject({ name: line('名称'), costFen: fen('成本'), incomeFen: fen('收益') }))
          .max(50),
      }),
      owner: id(),
    }),
  'public-notice': () =>
    z.strictObject({
      adjust: z.literal(false),
      postedOn: date('公示开始'),
      endedOn: date('公示结束'),
      objections: count('异议'),
    }),
  'joint-document': () =>
    z.strictObject({
      outcome: z.literal('listed'),
      year: z.int().min(2020).max(2100),
      number: line('文号', 60),
      date: date('印发日期'),
    }),
  'scheme-review': () =>
    z.strictObject({
      designer: id(),
      surveyor: id().optional(),
      estimateFen: fen('概算'),
      approvedOn: date('批准日期'),
      formalities: z.array(line('手续')).max(50),
    }),
  tendering: () =>
    z.strictObject({
      contracts: z
        .array(
          z.strictObject({
            lot: line('标段'),
            kind: z.enum(['works', 'supervision', 'materials', 'operator-works']),
            way: z.enum(['tender', 'negotiation', 'consultation', 'inquiry', 'single-source', 'operator']),
            ground: line('依据', 2000).optional(),
            winner: id(),
            amountFen: fen('合同金额'),
            signedOn: date('签订日期'),
          }),
        )
        .min(1)
        .max(50),
    }),
  construction: () =>
    z.strictObject({
      startedOn: date('开工日期'),
      completedOn: date('完工日期'),
      approvedChangesFen: fen('变更'),
      paidFen: fen('已付'),
      moneyFindings: z.array(z.never()).max(0),
    }),
  'completion-acceptance': () =>
    z.strictObject({
      acceptedOn: date('验收日期'),
      residentsPresent: count('居民代表'),
      operatorsPending: z.array(id()).max(20),
    }),
} as const satisfies Partial<{ [S in keyof StepOutputs]: () => z.ZodType<unknown> }>;

export type Brought = keyof typeof outputShapes;

/** Steps whose result a repair may enter by hand: none that residents, bureaus or the municipality decide in. */
export const BY_HAND = [
  'needs-collection',
  'preliminary-plan',
  'tendering',
  'construction',
] as const satisfies Brought[];
