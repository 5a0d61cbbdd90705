import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import { causesIn } from '../../watching/causes';
import { traceIdNow, tracer } from '../../watching/tracing/start';
import { contextOf } from '../../watching/tracing/traceparent';
import type { TraceSinks } from '../../workflows/carry-trace';

/** What workflows tell of themselves, and nothing of it twice: a replay tells nothing. */
export const traceSinks: InjectedSinks<TraceSinks> = {
  tracing: {
    handled: {
      callDuringReplay: false,
      fn({ workflowId, runId, workflowType }, what, cause) {
        const attributes = {
          'temporal.workflow.id': workflowId,
          'temporal.run.id': runId,
          'temporal.workflow.type': workflowType,
        };
        // Outside the workflow nobody sees how long it took: the span says that and when it was there.
        tracer().startSpan(`Workflow ${what}`, { attributes }, contextOf(cause)).end();
      },
    },
  },
};

/**
 * An activity that somebody has caused becomes a span of that trace; one that several have caused, of each. What it sends
 * to MongoDB belongs to the first, and log lines name it. For those who trace.
 */
export const tracingActivities: ActivityInterceptorsFactory = ({ info }) => ({
  inbound: {
    async execute(input, next) {
      const causes = causesIn(input.headers);
      if (causes.length === 0) return next(input);
      const attributes = {
        'temporal.workflow.id': info.workflowExecution?.workflowId ?? '',
        'temporal.activity.id': info.activityId,
        'temporal.activity.attempt': info.attempt,
      };
      const parents = causes.map(contextOf);
      const spans = parents.map((parent) =>
        tracer().startSpan(`Activity ${info.activityType}`, { kind: SpanKind.SERVER, attributes }, parent),
      );
      const [parent] = parents;
      const [span] = spans;
      if (!parent || !span) return next(input);
      try {
        return await context.with(trace.setSpan(parent, span), () => next(input));
      } catch (error) {
        for (const one of spans)
          one.setStatus({ code: SpanStatusCode.ERROR, message: (error as Error).name });
        throw error;
      } finally {
        for (const one of spans) one.end();
      }
    },
  },
  outbound: { getLogAttributes: (input, next) => next({ ...input, ...traceIdNow() }) },
});
