import { context, trace, type Tracer } from '@opentelemetry/api';

/** Traces are sent while this is there. */
export interface Tracing {
  /** Sends what has not been sent yet. */
  stop(): Promise<void>;
}

/** For whoever makes spans; while nobody traces they cost nothing and go nowhere. */
export function tracer(): Tracer {
  return trace.getTracer('jiugai');
}

/** The trace to which what runs now belongs. */
export function traceIdNow(): { traceId?: string } {
  const traceId = trace.getActiveSpan()?.spanContext().traceId;
  return traceId === undefined ? {} : { traceId };
}

/**
 * Traces if the environment says where to (`OTEL_EXPORTER_OTLP_ENDPOINT`, or `…_TRACES_ENDPOINT`); without it nothing of
 * it is even loaded. Headers, time-outs and the share that is traced (`OTEL_TRACES_SAMPLER_ARG`, 1 by default) are named
 * as OpenTelemetry does.
 * @param part `api` or `worker`
 */
export async function startTracing(
  env: NodeJS.ProcessEnv,
  part: string,
  version: string,
): Promise<Tracing | undefined> {
  if (!env['OTEL_EXPORTER_OTLP_ENDPOINT'] && !env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) return undefined;
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }, { AsyncLocalStorageContextManager }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/context-async-hooks'),
    ]);
  const share = Number(env['OTEL_TRACES_SAMPLER_ARG'] ?? 1);
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      'service.name': env['OTEL_SERVICE_NAME'] ?? `jiugai-${part}`,
      'service.version': version,
      'process.pid': process.pid,
    }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(share) }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter(), scheduledDelayMillis: 1_000 }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return { stop: () => provider.shutdown().catch(() => undefined) };
}
