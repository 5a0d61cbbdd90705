export { publicNotice } from '../../workflows/steps/public-notice';
