import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RequestHandler } from 'express';
import { tracer } from '../../watching/tracing/start';

/**
 * Each request begins a trace, with its id among the attributes and the route's pattern for a name. What callers send of
 * traces of their own is not taken over: nobody outside decides what is kept here.
 */
export function traceRequests(): RequestHandler {
  return (request, response, next) => {
    const attributes = { 'http.request.method': request.method, 'jiugai.request.id': String(request.id) };
    const span = tracer().startSpan(request.method, { kind: SpanKind.SERVER, attributes });
    response.locals['traceId'] = span.spanContext().traceId;
    response.once('close', () => {
      const route: unknown = response.locals['route'];
      if (typeof route === 'string') {
        span.updateName(`${request.method} ${route}`);
        span.setAttribute('http.route', route);
      }
      span.setAttribute('http.response.status_code', response.statusCode);
      if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    });
    context.with(trace.setSpan(context.active(), span), next);
  };
}
