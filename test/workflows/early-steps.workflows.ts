/** Steps 1–3: one bundle for their tests. */
export { needsCollection } from '../../workflows/steps/needs-collection';
export { preliminaryPlan } from '../../workflows/steps/preliminary-plan';
export { publicNotice } from '../../workflows/steps/public-notice';
