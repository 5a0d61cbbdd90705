export { needsCollection } from '../../workflows/steps/needs-collection';
