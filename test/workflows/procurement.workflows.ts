/** The steps from scheme review to construction, without the rest of a project's life. */
export { schemeReview } from '../../workflows/steps/scheme-review';
export { tendering } from '../../workflows/steps/tendering';
export { construction } from '../../workflows/steps/construction';
