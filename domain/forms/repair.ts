import { z } from 'zod';
import type { Json } from '../events';
import { BY_HAND, outputShapes } from '../outputs-on-paper';
import { STEP_ORDER } from '../project';
import { stageTitles } from '../words';
import { refusal, type Refusal } from '../refusal';
import { defineAct, defineTask } from '../task';
import { attachment, choice, prose, yesNo } from './fields';
import type { Step } from '../../policy/keys';

/**
 * 应急修复: what may be done about a project that is stuck for no reason of the policy: a step was ended from outside,
 * a record cannot be written. The system administrator proposes, a signatory of the city's housing bureau approves;
 * both stay visible on the project. What the policy promises to residents and bureaus is never skipped, only redone.
 */

/** In whose name a system administrator acts: they belong to no organisation and hold no seat. */
export const SYSTEM_ADMINISTRATION = 'system-administration';

export const MEASURES = ['record-again', 'reopen-step', 'move-on'] as const;
export type Measure = (typeof MEASURES)[number];

export const measureTitles: Readonly<Record<Measure, string>> = {
  'record-again': '重新写入记录',
  'reopen-step': '重新办理本步骤',
  'move-on': '补录本步骤结果后继续',
};

export interface RepairContext {
  /** Steps that run now, and those that were ended from outside and wait. */
  readonly steps: readonly Step[];
}

const repairForm = z.strictObject({
  measure: choice('措施', MEASURES, measureTitles),
  step: choice('步骤', STEP_ORDER, stageTitles),
  reason: prose('理由'),
  output: z.record(z.string(), z.json()).optional().meta({ title: '本步骤结果（仅补录时填写）' }),
  document: attachment('依据文件').optional(),
});
export type RepairForm = z.infer<typeof repairForm>;

export const repair = defineAct({
  act: 'repair',
  byAdministrator: true,
  title: '应急修复',
  titleEn: 'Repair a stuck project',
  step: 'control',
  clause: 'P1.4',
  seats: [],
  form: (_: RepairContext) => repairForm,
  rules: (form, { steps }) => [...wrongStep(form.step, steps), ...wrongOutput(form)],
  example: ({ steps }) => ({
    measure: 'reopen-step' as const,
    step: steps[0] ?? 'needs-collection',
    reason: '样例：步骤流程被误终止',
  }),
});

export interface RepairApprovalContext {
  readonly project: string;
  readonly measure: Measure;
  readonly step: Step;
  readonly reason: string;
  readonly output?: Json;
}

export const repairApproval = defineTask({
  kind: 'repair-approval',
  title: '审批应急修复',
  titleEn: 'Approve the repair of a stuck project',
  step: 'control',
  clause: 'P1.4',
  seats: ['housing@city'],
  role: 'signatory',
  form: (_: RepairApprovalContext) =>
    z.strictObject({ approved: yesNo('同意修复'), opinion: prose('意见').optional() }),
  example: () => ({ approved: true }),
});

function wrongStep(step: Step, steps: readonly Step[]): Refusal[] {
  if (steps.includes(step)) return [];
  return [
    refusal('只能修复正在办理的步骤', 'Only a step that is under way can be repaired', {
      path: 'step',
      clause: 'P1.4',
    }),
  ];
}

/** A result is entered by hand only where nobody outside the project relies on how it came about. */
function wrongOutput({ measure, step, output, document }: RepairForm): Refusal[] {
  if (measure !== 'move-on') {
    return output === undefined
      ? []
      : [refusal('本措施不填写步骤结果', 'This measure takes no result', { path: 'output', clause: 'P1.4' })];
  }
  const byHand = BY_HAND.find((one) => one === step);
  if (byHand === undefined) {
    return [
      refusal(
        '公示、联合审查、市政府批准、方案审查、竣工验收等不得以补录代替，只能重新办理',
        'Public notice, joint review, municipal approval, scheme review and acceptance are never entered by hand',
        { path: 'measure', clause: 'P1.4', basis: '临政办字〔2020〕81号 二' },
      ),
    ];
  }
  const parsed = outputShapes[byHand]().safeParse(output);
  const wrong = parsed.success ? [] : parsed.error.issues;
  return [
    ...wrong.map(({ path, message }) =>
      refusal(`步骤结果有误：${message}`, 'The result does not fit its step', {
        path: ['output', ...path.map(String)].join('.'),
        clause: 'P1.4',
      }),
    ),
    ...(document === undefined
      ? [refusal('补录须附依据文件', 'A paper must prove it', { path: 'document', clause: 'P1.4' })]
      : []),
  ];
}
