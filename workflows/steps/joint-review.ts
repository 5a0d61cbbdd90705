import {
  concludedFrom,
  jointReview as jointReviewTask,
  reviewConclusion,
  type ReviewContext,
  type Verdict,
} from '../../domain/forms/annual-plan';
import type { Seat } from '../../policy/keys';
import type { StepDesk } from '../step';

export const THREE_BUREAUS: readonly Seat[] = [
  { body: 'housing', level: 'city' },
  { body: 'development-and-reform', level: 'city' },
  { body: 'finance', level: 'city' },
];

export interface Conclusion {
  readonly projectId: string;
  readonly verdict: Verdict;
  readonly remarks?: string | undefined;
}

/**
 * 联合审查 (P2.2.1): the three bureaus, one task each, all of them; when all have decided, housing records the
 * conclusion for every project. A decision on 300 projects is one act.
 */
export async function reviewJointly(desk: StepDesk, context: ReviewContext): Promise<readonly Conclusion[]> {
  const due = desk.place.period('joint-review');
  const bureaus = THREE_BUREAUS.map((seat) => ({ seat, context, due }));
  // Each decides on every project; what becomes of one is concluded from the three verdicts on it.
  const { answers } = await desk.askJointly('joint-review', jointReviewTask, bureaus, () => true);
  const verdicts: Record<string, Verdict[]> = {};
  const opinions: Record<string, string[]> = {};
  for (const { form } of answers) {
    for (const { projectId, verdict, remarks } of form.decisions) {
      (verdicts[projectId] ??= []).push(verdict);
      if (remarks !== undefined) (opinions[projectId] ??= []).push(remarks);
    }
  }
  const { form } = await desk.ask(reviewConclusion, {
    seat: { body: 'housing', level: 'city' },
    context: { ...context, verdicts, opinions },
    due,
  });
  return form.decisions.map((one) => ({
    ...one,
    remarks:
      one.remarks ??
      (concludedFrom(verdicts[one.projectId] ?? []) === 'approve'
        ? undefined
        : opinions[one.projectId]?.join('；')),
  }));
}
