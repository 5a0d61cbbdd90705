import { outside } from '../workflows/outside';
import { defineStep } from '../workflows/step';
import type { SubmissionOutput } from '../workflows/steps/county-submission';

export * from '../workflows';

/**
 * A county's list that is submitted and reviewed as soon as it opens: the real one waits for 30 September and for the end of
 * November. What the municipality then sends back, the three bureaus review as ever.
 */
export const countySubmission = defineStep(
  'county-submission',
  'countySubmission',
  async (desk, { county }: { county: string }): Promise<SubmissionOutput> => ({
    approved: await outside.pool({ county, year: desk.start.planYear ?? 0 }),
  }),
);
