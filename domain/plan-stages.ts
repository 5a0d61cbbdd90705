import type { Step } from '../policy/keys';

/** What each piece of news from the year's plan, by its event in a project's record, begins; `undefined` ends the time in the plan. */
export const PLAN_STAGES: Readonly<Record<string, Step | undefined>> = {
  'ready-for-submission': 'county-submission',
  'listing-in-review': 'joint-review',
  'listing-late-admitted': 'joint-review',
  'listing-reviewed': 'municipal-approval',
  'listing-corrected': undefined,
  'listing-deferred': undefined,
  'listing-rejected': undefined,
  'listing-missed': undefined,
  'listing-listed': undefined,
  'project-ended': undefined,
};
