import { ApplicationFailure } from '@temporalio/workflow';
import type { z } from 'zod';
import { PROBLEMS, type ProblemCode } from '../domain/problems';
import type { Refusal } from '../domain/refusal';

/** What of a form does not fit its schema. */
export interface FormIssue {
  readonly path: string;
  readonly message: string;
}

/** What travels in the `details` of a refused Update. */
export interface FaultDetail {
  readonly detail?: { readonly zh: string; readonly en: string };
  readonly refusals?: readonly Refusal[];
  readonly issues?: readonly FormIssue[];
}

/**
 * The only error that may leave a handler: in an Update anything but an ApplicationFailure blocks the workflow task
 * for ever. Its type is the problem's code, so that one table maps it to an HTTP status.
 */
export function fault(code: ProblemCode, detail: FaultDetail = {}): ApplicationFailure {
  return ApplicationFailure.create({
    type: code,
    message: detail.detail?.en ?? detail.refusals?.[0]?.messageEn ?? PROBLEMS[code].en,
    nonRetryable: true,
    details: [detail],
  });
}

/** @throws ApplicationFailure with every field that does not fit */
export function requireShape(schema: z.ZodType, form: unknown): void {
  const parsed = schema.safeParse(form);
  if (!parsed.success) throw fault('invalid-request', { issues: issuesOf(parsed.error.issues) });
}

/** @throws ApplicationFailure with every rule that refuses */
export function requireNone(refusals: readonly Refusal[] = []): void {
  if (refusals.length > 0) throw refused(refusals);
}

export function refused(refusals: readonly Refusal[]): ApplicationFailure {
  return fault('rule-violated', { refusals });
}

/** `['funding', 2, 'amountFen']` → `funding.2.amountFen` */
function issuesOf(issues: readonly { path: readonly PropertyKey[]; message: string }[]): FormIssue[] {
  return issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
}
