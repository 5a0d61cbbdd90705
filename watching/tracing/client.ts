import { context, SpanKind, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';
import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { Headers } from '@temporalio/common';
import { withCauses } from '../causes';
import { tracer } from './start';
import { traceparentOf } from './traceparent';

/** Every Update, Signal and start becomes a span, and carries it into the workflow. For those who trace. */
export const tracingClient: WorkflowClientInterceptor = {
  startUpdate: (input, next) =>
    told(
      `Update ${input.updateName}`,
      {
        'temporal.workflow.id': input.workflowExecution.workflowId ?? '',
        'temporal.update.id': input.options.updateId ?? '',
        ...taskIn(input.args),
      },
      input,
      next,
    ),
  signal: (input, next) =>
    told(
      `Signal ${input.signalName}`,
      { 'temporal.workflow.id': input.workflowExecution.workflowId ?? '' },
      input,
      next,
    ),
  startWithDetails: (input, next) =>
    told(
      `Start ${input.workflowType}`,
      { 'temporal.workflow.id': input.options.workflowId ?? '' },
      input,
      next,
    ),
};

/** Ids only: forms and persons are nobody's business here. */
function taskIn([argument]: readonly unknown[]): Attributes {
  const isTask = typeof argument === 'object' && argument !== null && 'taskId' in argument;
  return isTask ? { 'jiugai.task.id': String(argument.taskId) } : {};
}

async function told<Input extends { readonly headers: Headers }, Answer>(
  name: string,
  attributes: Attributes,
  input: Input,
  next: (input: Input) => Promise<Answer>,
): Promise<Answer> {
  const span = tracer().startSpan(name, { kind: SpanKind.CLIENT, attributes });
  const cause = traceparentOf(span);
  const headers = withCauses(input.headers, cause === undefined ? [] : [cause]) as Headers;
  try {
    return await context.with(trace.setSpan(context.active(), span), () => next({ ...input, headers }));
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).name });
    throw error;
  } finally {
    span.end();
  }
}
