import type { ReviewContext } from '../../domain/forms/annual-plan';
import { defineStep } from '../step';
import { reviewJointly, type Conclusion } from './joint-review';

/** Back from the municipal government with remarks: the three bureaus review the whole arrangement again (P2.2.2). */
export const planReview = defineStep(
  'joint-review',
  'planReview',
  (desk, input: ReviewContext): Promise<readonly Conclusion[]> => reviewJointly(desk, input),
);
