/**
 * Every workflow of the worker, by the name under which the engine knows it. A name is never reused for something
 * else: histories that run for years refer to it.
 */
export { annualPlan } from './annual-plan';
export { renovationProject } from './project';
export { startNextYearsPlan } from './start-next-years-plan';
export { archiving } from './steps/archiving';
export { completionAcceptance } from './steps/completion-acceptance';
export { consent } from './steps/consent';
export { countySubmissionStep as countySubmission } from './steps/county-submission';
export { finalAccounts } from './steps/final-accounts';
export { handover } from './steps/handover';
export { intake } from './steps/intake';
export { jointDocument } from './steps/joint-document';
export { municipalApproval } from './steps/municipal-approval';
export { needsCollection } from './steps/needs-collection';
export { planReview } from './steps/plan-review';
export { preliminaryPlan } from './steps/preliminary-plan';
export { propertyManagement } from './steps/property-management';
export { repairApprovalStep as repairApproval } from './steps/repair-approval';
export { publicNotice } from './steps/public-notice';
export { schemeReview } from './steps/scheme-review';
export { tendering } from './steps/tendering';
export { construction } from './steps/construction';
