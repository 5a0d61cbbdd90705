/** All workflows, but those that keep their state go on in a further run every twenty events: between any two decisions. */
import { continueAfter } from '../../workflows/long-life';

continueAfter(20);

export * from '../../workflows';
