import { z } from 'zod';
import { attachment, count, date, fen, line, organisationId } from './forms/fields';
import type { StepOutputs } from './outputs';
import { isBefore, STEP_ORDER, type Intake } from './project';
import { refusal, type Refusal } from './refusal';
import { sources, type Step } from '../policy/keys';

/**
 * 接入: what must be brought of the steps that were done on paper, so that the steps after them can go on.
 * The shapes are those that the steps themselves hand on (`outputs.ts`).
 */

const id = organisationId('编号');
const named = z.strictObject({ name: line('名称'), amountFen: fen('金额') });
const modes = z.enum(['professional', 'subdistrict', 'neighbourhood']);
const communityId = line('小区编号', 64);
const items = z.array(z.int().min(1).max(36)).max(36);

const communityPlan = z.strictObject({
  communityId,
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
  otherCosts: z.array(named).max(50),
  budgetFen: fen('总预算'),
  funding: z
    .array(
      z.strictObject({ source: z.enum(sources), amountFen: fen('金额'), giver: line('出资方').optional() }),
    )
    .max(50),
  income: z.array(named).max(50),
  newBuildings: z
    .array(z.strictObject({ name: line('名称'), agreement: attachment('权属协议').optional() }))
    .max(50),
  changesCommonUse: z.boolean(),
});

/** What each step hands on, as it may be entered from paper. */
export const outputShapes = {
  'needs-collection': z.strictObject({
    communities: z.array(communityId).min(1).max(50),
    surveys: z
      .array(
        z.strictObject({
          community: communityId,
          households: count('总户数'),
          answered: count('参与户数'),
          agreeing: count('同意户数'),
        }),
      )
      .max(50),
    items,
    managementMode: modes,
  }),
  'preliminary-plan': z.strictObject({
    plan: z.strictObject({
      communities: z.array(communityPlan).min(1).max(50),
      mode: line('融资模式', 40),
      members: z
        .array(z.strictObject({ name: line('名称'), costFen: fen('成本'), incomeFen: fen('收益') }))
        .max(50),
    }),
    owner: id,
  }),
  'public-notice': z.strictObject({
    adjust: z.literal(false),
    postedOn: date('公示开始'),
    endedOn: date('公示结束'),
    objections: count('异议'),
  }),
  'joint-document': z.strictObject({
    outcome: z.literal('listed'),
    year: z.int().min(2020).max(2100),
    number: line('文号', 60),
    date: date('印发日期'),
  }),
  'scheme-review': z.strictObject({
    designer: id,
    surveyor: id.optional(),
    estimateFen: fen('概算'),
    approvedOn: date('批准日期'),
    formalities: z.array(line('手续')).max(50),
  }),
  tendering: z.strictObject({
    contracts: z
      .array(
        z.strictObject({
          lot: line('标段'),
          kind: z.enum(['works', 'supervision', 'materials', 'operator-works']),
          way: z.enum(['tender', 'negotiation', 'consultation', 'inquiry', 'single-source', 'operator']),
          ground: line('依据', 2000).optional(),
          winner: id,
          amountFen: fen('合同金额'),
          signedOn: date('签订日期'),
        }),
      )
      .min(1)
      .max(50),
  }),
  construction: z.strictObject({
    startedOn: date('开工日期'),
    completedOn: date('完工日期'),
    approvedChangesFen: fen('变更'),
    paidFen: fen('已付'),
    moneyFindings: z.array(z.never()).max(0),
  }),
  'completion-acceptance': z.strictObject({
    acceptedOn: date('验收日期'),
    residentsPresent: count('居民代表'),
    operatorsPending: z.array(id).max(20),
  }),
} as const satisfies Partial<{ [S in keyof StepOutputs]: z.ZodType<unknown> }>;

type Brought = keyof typeof outputShapes;

/** Steps whose result a repair may enter by hand: none that residents, bureaus or the municipality decide in. */
export const BY_HAND = [
  'needs-collection',
  'preliminary-plan',
  'tendering',
  'construction',
] as const satisfies Brought[];

/** Steps at which a project can be taken in: those of the year are the whole county's, those at the end run together. */
const INTAKE_STEPS = [
  'preliminary-plan',
  'public-notice',
  'county-submission',
  'scheme-review',
  'tendering',
  'construction',
  'completion-acceptance',
  'final-accounts',
] as const satisfies readonly Step[];

const boundBodies = ['project-owner', 'designer', 'surveyor', 'contractor', 'supervisor'] as const;

/** Seats that earlier steps have bound, by the step that bound them. */
const BOUND_BY: readonly (readonly [Step, (typeof boundBodies)[number]])[] = [
  ['preliminary-plan', 'project-owner'],
  ['scheme-review', 'designer'],
  ['tendering', 'contractor'],
  ['tendering', 'supervisor'],
];

export const intakeForm = z.strictObject({
  enterAt: z.enum(INTAKE_STEPS).meta({ title: '进入步骤' }),
  outputs: z
    .strictObject({
      'needs-collection': outputShapes['needs-collection'].optional(),
      'preliminary-plan': outputShapes['preliminary-plan'].optional(),
      'public-notice': outputShapes['public-notice'].optional(),
      'joint-document': outputShapes['joint-document'].optional(),
      'scheme-review': outputShapes['scheme-review'].optional(),
      tendering: outputShapes.tendering.optional(),
      construction: outputShapes.construction.optional(),
      'completion-acceptance': outputShapes['completion-acceptance'].optional(),
    })
    .meta({ title: '各步骤结果' }),
  bindings: z.partialRecord(z.enum(boundBodies), id).meta({ title: '参建单位' }),
  documents: z
    .array(
      z.strictObject({
        step: z.enum(STEP_ORDER).meta({ title: '步骤' }),
        name: line('材料名称', 100),
        attachment: attachment('扫描件'),
        date: date('日期'),
      }),
    )
    .min(1)
    .max(200)
    .meta({ title: '纸质材料' }),
});
export type IntakeForm = z.infer<typeof intakeForm>;

/** Everything that the steps from `enterAt` on will look for must have been brought, with a paper for each step. */
export function intakeRefusals(form: IntakeForm, communities: readonly string[], today: string): Refusal[] {
  const before = STEP_ORDER.filter((step) => isBefore(step, form.enterAt));
  const brought = before.filter((step): step is Brought => step in outputShapes);
  const refusals: Refusal[] = [];
  for (const step of brought) {
    if (form.outputs[step] === undefined) refusals.push(missing(`outputs.${step}`, step));
    if (!form.documents.some((document) => document.step === step)) refusals.push(missing('documents', step));
  }
  for (const [step, body] of BOUND_BY) {
    if (before.includes(step) && form.bindings[body] === undefined)
      refusals.push(missing(`bindings.${body}`, step));
  }
  form.documents.forEach(({ date: dated }, index) => {
    if (dated > today) {
      refusals.push(
        no(`documents.${index}.date`, '纸质材料日期不能晚于今天', 'A paper is dated later than today'),
      );
    }
  });
  const known = form.outputs['needs-collection']?.communities ?? [];
  if (known.some((one) => !communities.includes(one)) || communities.some((one) => !known.includes(one))) {
    refusals.push(
      no('outputs.needs-collection.communities', '应与接入小区一致', 'Must be the communities taken in'),
    );
  }
  return refusals;
}

/** As the project's workflow starts with it. */
export function asIntake({ enterAt, outputs: brought, bindings, documents }: IntakeForm): Intake {
  // Absent steps are absent, not undefined: this enters a history.
  return JSON.parse(JSON.stringify({ enterAt, outputs: brought, bindings, documents })) as Intake;
}

function missing(path: string, step: Step): Refusal {
  return no(
    path,
    `接入须补齐 ${step} 的结果和纸质材料`,
    `${step} was done on paper: bring its result and papers`,
  );
}

function no(path: string, zh: string, en: string): Refusal {
  return refusal(zh, en, { path, clause: 'P1.4' });
}
