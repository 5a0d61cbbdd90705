import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  executeChild,
  ParentClosePolicy,
  sleep,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import type { Signature } from '../domain/signing/signature';
import { startStatement } from '../domain/signing/statements';
import { signer } from './outside';
import { countyKey, statusKey, stepKey, yearKey } from './search-attributes';
import type { StepEnd, StepStart, StepWorkflow } from './step';

/**
 * Runs a step as a child workflow, its start signed. Cancelled, it is waited for: it closes its tasks, records how it
 * ended and hands back its chain's head.
 *
 * Its id is used once, so a round cannot be run again by accident. Whoever started something under this id from
 * outside had no signature for it, and the engine holds that as failed: only then may the id be used again, in a
 * moment if it has not failed yet.
 */
export async function runStep<Input, Output>(
  workflow: StepWorkflow<Input, Output>,
  workflowId: string,
  start: StepStart<Input>,
  told: { readonly summary?: string; readonly year?: number } = {},
): Promise<StepEnd<Output>> {
  const { workflowType } = workflow;
  const at = new Date().toISOString();
  const [seal] = await signer.sign([startStatement(workflowId, workflowType, start, at)]);
  if (!seal) throw new Error('the worker signed nothing');
  for (let tries = 1; ; tries += 1) {
    try {
      return await startChild(workflowType, workflowId, [start, seal], told);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError) || tries >= SQUATTED) throw error;
      await sleep('2s', { summary: `${workflowId} 被占用` });
    }
  }
}

const SQUATTED = 30;

function startChild<Input, Output>(
  workflowType: string,
  workflowId: string,
  args: [start: StepStart<Input>, seal: Signature],
  told: { readonly summary?: string; readonly year?: number },
): Promise<StepEnd<Output>> {
  const [start] = args;
  const year = told.year ?? start.planYear;
  return executeChild<(start: StepStart<Input>, seal: Signature) => Promise<StepEnd<Output>>>(workflowType, {
    workflowId,
    args,
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
    staticSummary: told.summary ?? workflowId,
    typedSearchAttributes: [
      { key: stepKey, value: start.step },
      { key: statusKey, value: 'running' },
      ...(start.county === undefined ? [] : [{ key: countyKey, value: start.county }]),
      ...(year === undefined ? [] : [{ key: yearKey, value: year }]),
    ],
  });
}
