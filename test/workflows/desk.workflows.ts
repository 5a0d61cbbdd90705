/** Workflows of the desk's own tests: they need no step of the policy. */
export { consent } from '../../workflows/steps/consent';
