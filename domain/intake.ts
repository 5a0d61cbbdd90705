import { z } from 'zod';
import { attachment, date, line, organisationId } from './forms/fields';
import { outputShapes, type Brought } from './outputs-on-paper';
import { isBefore, STEP_ORDER, type Intake } from './project';
import { refusal, type Refusal } from './refusal';
import type { Step } from '../policy/keys';

/**
 * 接入: what must be brought of the steps that were done on paper, so that the steps after them can go on.
 */

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
      'needs-collection': outputShapes['needs-collection']().optional(),
      'preliminary-plan': outputShapes['preliminary-plan']().optional(),
      'public-notice': outputShapes['public-notice']().optional(),
      'joint-document': outputShapes['joint-document']().optional(),
      'scheme-review': outputShapes['scheme-review']().optional(),
      tendering: outputShapes.tendering().optional(),
      construction: outputShapes.construction().optional(),
      'completion-acceptance': outputShapes['completion-acceptance']().optional(),
    })
    .meta({ title: '各步骤结果' }),
  bindings: z.partialRecord(z.enum(boundBodies), organisationId('编号')).meta({ title: '参建单位' }),
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
