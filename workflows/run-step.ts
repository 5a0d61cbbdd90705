import {
  ChildWorkflowCancellationType,
  executeChild,
  ParentClosePolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { countyKey, statusKey, stepKey, yearKey } from './search-attributes';
import type { StepEnd, StepStart, StepWorkflow } from './step';

/**
 * Runs a step as a child workflow. Cancelled, it is waited for: it closes its tasks, records how it ended and hands
 * back its chain's head. Its id is never used twice, so a round cannot be run again by accident.
 */
export function runStep<Input, Output>(
  workflow: StepWorkflow<Input, Output>,
  workflowId: string,
  start: StepStart<Input>,
  told: { readonly summary?: string; readonly year?: number } = {},
): Promise<StepEnd<Output>> {
  const year = told.year ?? start.planYear;
  return executeChild<(start: StepStart<Input>) => Promise<StepEnd<Output>>>(workflow.workflowType, {
    workflowId,
    args: [start],
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    staticSummary: told.summary ?? workflowId,
    typedSearchAttributes: [
      { key: stepKey, value: start.step },
      { key: statusKey, value: 'running' },
      ...(start.county === undefined ? [] : [{ key: countyKey, value: start.county }]),
      ...(year === undefined ? [] : [{ key: yearKey, value: year }]),
    ],
  });
}
