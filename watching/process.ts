import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Certificate } from '../domain/signing/certificate';

/** What every process tells of itself: the process, and until when its signing key counts. */
export function processFigures({ use, notAfter }: Pick<Certificate, 'use' | 'notAfter'>): Registry {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: 50 });
  new Gauge({
    name: 'jiugai_signing_key_expires_timestamp_seconds',
    help: 'Until when the signing key of this process counts',
    labelNames: ['use'],
    registers: [metrics],
  }).set({ use }, Date.parse(notAfter) / 1_000);
  return metrics;
}
