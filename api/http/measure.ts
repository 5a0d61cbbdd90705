import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** Measures how long requests take, by route pattern (never by path: ids would make a series each). */
export function measuring(): { metrics: Registry; measure: RequestHandler } {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: 50 });
  const duration = new Histogram({
    name: 'jiugai_http_request_duration_seconds',
    help: 'HTTP requests by method, route pattern and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [metrics],
  });
  const measure: RequestHandler = (request, response, next) => {
    const end = duration.startTimer();
    response.once('close', () => {
      const route = String(response.locals['route'] ?? 'none');
      end({ method: request.method, route, status: String(response.statusCode) });
    });
    next();
  };
  return { metrics, measure };
}
