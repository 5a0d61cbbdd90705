import { z } from 'zod';
import { refusal } from '../refusal';
import { defineAct } from '../task';
import { prose } from './fields';

/**
 * 适用新版政策: a project that has begun goes on under another version of its city's policy. The form names the version
 * by what it says (SHA-256 over its snapshot), so that nothing else can be slipped in for it later.
 */
export interface PolicyMoveContext {
  /** The version under which the project runs now. */
  readonly version: string;
}

const policyMoveForm = z.strictObject({
  version: z
    .string()
    .regex(/^\d{4}\.\d{1,3}$/, '版本形如 2026.1')
    .meta({ title: '政策版本' }),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ title: '政策内容校验值' }),
  reason: prose('理由'),
});
export type PolicyMoveForm = z.infer<typeof policyMoveForm>;

export const policyMove = defineAct({
  act: 'policy-move',
  byAdministrator: true,
  title: '改按另一版政策办理',
  titleEn: 'Go on under another version of the policy',
  step: 'control',
  clause: 'P1.4',
  seats: [],
  form: (_: PolicyMoveContext) => policyMoveForm,
  rules: ({ version }, context) =>
    version === context.version
      ? [
          refusal(`项目已按 ${version} 版办理`, `The project already runs under ${version}`, {
            path: 'version',
          }),
        ]
      : [],
  example: ({ version }) => ({
    version: `${Number(version.slice(0, 4)) + 1}.1`,
    sha256: '0'.repeat(64),
    reason: '样例：市政府印发新的实施方案',
  }),
});
