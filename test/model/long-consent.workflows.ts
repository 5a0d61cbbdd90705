import { workflowInfo } from '@temporalio/workflow';
import { continueAfter } from '../../workflows/long-life';
import { defineStep } from '../../workflows/step';
import { askConsent } from '../../workflows/steps/consent';
import { goesOn } from './going-on';

continueAfter(30);

/** The step of the model test; every second one goes on in further runs, each after thirty events. */
export const consent = defineStep('control', 'consent', (desk, input: Parameters<typeof askConsent>[1]) => {
  if (goesOn(workflowInfo().workflowId)) desk.keeps(() => ({}));
  return askConsent(desk, input);
});
