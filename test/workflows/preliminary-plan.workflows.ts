export { preliminaryPlan } from '../../workflows/steps/preliminary-plan';
