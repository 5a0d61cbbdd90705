/** 直接返回退回环节: whether what the steps between have done still stands after an earlier step was done again. */
import { hashOf, type Json } from './events';
import type { Plan } from './plan';
import { materialChanges } from './material-change';
import { undecidedMatters, type OwnersDecision } from './notice';
import type { Step } from '../policy/keys';
import type { PolicySnapshot } from '../policy/snapshot';

/** How a project comes back from a return: every step again, or straight to the step that returned it. */
export const RETURN_WAYS = ['walk-again', 'come-back'] as const;
export type ReturnWay = (typeof RETURN_WAYS)[number];
export const returnWayNames: Readonly<Record<ReturnWay, string>> = {
  'walk-again': '逐步重新办理',
  'come-back': '直接返回退回环节',
};

/**
 * What later steps have built on, by field. The figures of a survey are no such thing once it carries; of a step that
 * is not named here, everything is.
 */
const BUILT_ON: Readonly<Partial<Record<Step, Readonly<Record<string, string>>>>> = {
  'needs-collection': {
    communities: '参加改造的小区',
    items: '居民需要的改造内容',
    lists: '各小区改造内容清单',
    managementMode: '物业管理模式',
  },
};

/**
 * Why the steps after `step` must be walked again, in Chinese; empty if what they have shown and decided still stands.
 *
 * A plan that was on public notice is judged by `noticeAnew`.
 */
export function changesBehind(step: Step, before: Json, after: Json): string[] {
  if (hashOf(before) === hashOf(after)) return [];
  const fields = BUILT_ON[step];
  if (!fields) return ['本步骤的办理结果与退回前不同'];
  return Object.entries(fields)
    .filter(([field]) => hashOf(fieldOf(before, field)) !== hashOf(fieldOf(after, field)))
    .map(([, title]) => `${title}有变化`);
}

/**
 * Why a plan must be on public notice, and for its whole period (P2.1.3), though an earlier one was: a material change
 * of what was shown, or something on which the owners have not decided, or not on such a sum (民法典 278).
 */
export function noticeAnew(
  shown: Plan,
  plan: Plan,
  agreed: readonly OwnersDecision[],
  policy: Pick<PolicySnapshot, 'ratios' | 'sources'>,
): string[] {
  return [
    ...materialChanges(shown, plan, policy),
    ...undecidedMatters(plan, agreed, policy).map(
      ({ community, matter }) => `小区 ${community} 的业主须另行表决（${matter}）`,
    ),
  ];
}

function fieldOf(output: Json, field: string): Json {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return null;
  return output[field] ?? null;
}
