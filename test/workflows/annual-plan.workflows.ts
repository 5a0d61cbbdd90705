export { annualPlan } from '../../workflows/annual-plan';
export { countySubmissionStep as countySubmission } from '../../workflows/steps/county-submission';
export { jointDocument } from '../../workflows/steps/joint-document';
export { municipalApproval } from '../../workflows/steps/municipal-approval';
export { planReview } from '../../workflows/steps/plan-review';
