/** All workflows, but those that keep their state go on in a further run every sixty events. */
import { continueAfter } from '../../workflows/long-life';

continueAfter(60);

export * from '../../workflows';
