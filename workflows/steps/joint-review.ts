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

/** What the bureaus have said of each project, once all have: kept by a step that may go on in a further run. */
export interface Said {
  verdicts?: Readonly<Record<string, readonly Verdict[]>>;
  opinions?: Readonly<Record<string, readonly string[]>>;
}

/**
 * 联合审查 (P2.2.1): the three bureaus, one task each, all of them; when all have decided, housing records the
 * conclusion for every project. A decision on 300 projects is one act.
 */
export async function reviewJointly(
  desk: StepDesk,
  context: ReviewContext,
  said: Said = {},
): Promise<readonly Conclusion[]> {
  if (said.verdicts === undefined) Object.assign(said, await askBureaus(desk, context));
  const { verdicts = {}, opinions = {} } = said;
  const { form } = await desk.ask(reviewConclusion, {
    seat: { body: 'housing', level: 'city' },
    context: { ...context, verdicts, opinions },
    due: desk.place.period('joint-review'),
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

async function askBureaus(desk: StepDesk, context: ReviewContext): Promise<Required<Said>> {
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
  return { verdicts, opinions };
}
