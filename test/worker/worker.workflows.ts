/** Workflows of the worker's own tests: a step with one task, and the annual plan with its starter. */
export { consent } from '../../workflows/steps/consent';
export { startNextYearsPlan } from '../../workflows/start-next-years-plan';
export { annualPlan } from '../../workflows/annual-plan';
export { countySubmissionStep as countySubmission } from '../../workflows/steps/county-submission';
