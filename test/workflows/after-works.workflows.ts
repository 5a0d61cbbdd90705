/** The steps after the works, each by itself. */
export { completionAcceptance } from '../../workflows/steps/completion-acceptance';
export { finalAccounts } from '../../workflows/steps/final-accounts';
export { archiving } from '../../workflows/steps/archiving';
export { handover } from '../../workflows/steps/handover';
export { propertyManagement } from '../../workflows/steps/property-management';
