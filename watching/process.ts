import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Certificate } from '../domain/signing/certificate';

/**
 * What every process tells of itself: the process, and until when its signing key counts, and the certificate by which
 * it answers over TLS if it does.
 */
export function processFigures(
  { use, notAfter }: Pick<Certificate, 'use' | 'notAfter'>,
  certificateUntil?: Date,
): Registry {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: 50 });
  new Gauge({
    name: 'jiugai_signing_key_expires_timestamp_seconds',
    help: 'Until when the signing key of this process counts',
    labelNames: ['use'],
    registers: [metrics],
  }).set({ use }, Date.parse(notAfter) / 1_000);
  const certificate = new Gauge({
    name: 'jiugai_certificate_expires_timestamp_seconds',
    help: 'Until when the certificate counts by which this process answers over TLS',
    labelNames: ['use'],
    registers: [metrics],
  });
  if (certificateUntil) certificate.set({ use }, certificateUntil.getTime() / 1_000);
  return metrics;
}
