import type { RequestHandler } from 'express';
import { Gauge, Histogram, type Registry } from 'prom-client';
import type { Certificate } from '../../domain/signing/certificate';
import { processFigures } from '../../watching/process';
import type { Readiness } from '../system/readiness';

/** How a decision that was sent to the engine has ended. */
export type DecisionOutcome = 'recorded' | 'refused' | 'unanswered';

/** What the API measures of itself. */
export interface Measures {
  readonly metrics: Registry;
  /** How long requests take, by route pattern (never by path: ids would make a series each). */
  readonly requests: RequestHandler;
  /** Starts the clock of an Update; the answer stops it. */
  decision(update: string): (outcome: DecisionOutcome) => void;
  /** Tells with every measurement what `/readyz` would say. */
  readiness(ask: () => Promise<Readiness>): void;
}

export function measuring(
  certificate: Pick<Certificate, 'use' | 'notAfter'>,
  certificateUntil?: Date,
): Measures {
  const metrics = processFigures(certificate, certificateUntil);
  const registers = [metrics];
  const duration = new Histogram({
    name: 'jiugai_http_request_duration_seconds',
    help: 'HTTP requests by method, route pattern and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const decisions = new Histogram({
    name: 'jiugai_decision_duration_seconds',
    help: 'From the sending of an Update until what it caused is durable in engine and record, by outcome',
    labelNames: ['update', 'outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  return {
    metrics,
    requests: (request, response, next) => {
      const end = duration.startTimer();
      response.once('close', () => {
        const route = String(response.locals['route'] ?? 'none');
        end({ method: request.method, route, status: String(response.statusCode) });
      });
      next();
    },
    decision(update) {
      const end = decisions.startTimer({ update });
      return (outcome) => void end({ outcome });
    },
    readiness(ask) {
      new Gauge({
        name: 'jiugai_ready',
        help: 'Whether this API process finds engine, store and a worker, asked when it was measured',
        labelNames: ['part'],
        registers,
        async collect() {
          for (const [part, state] of Object.entries(await ask())) this.set({ part }, state === 'ok' ? 1 : 0);
        },
      });
    },
  };
}
