import { Gauge, Histogram, type Registry } from 'prom-client';
import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker';
import type { RecordBatch } from '../../domain/node';
import type { Identity } from '../../keys/identity';
import { processFigures } from '../../watching/process';

/** What a worker measures of itself. */
export interface Measures {
  readonly metrics: Registry;
  /** Does it, and notes when it has ended well. */
  round<T>(name: Round, work: () => Promise<T>): Promise<T>;
  /** Measures how long what has happened takes to be in the record. */
  readonly ofRecording: ActivityInterceptorsFactory;
}

/** What a worker does again and again; see `worker/main.ts`. */
export type Round = 'sweep' | 'delivery';

export function measuring({ certificate }: Pick<Identity, 'certificate'>, certificateUntil?: Date): Measures {
  const metrics = processFigures(certificate, certificateUntil);
  const rounds = new Gauge({
    name: 'jiugai_round_last_success_timestamp_seconds',
    help: 'When this worker last ended such a round well',
    labelNames: ['round'],
    registers: [metrics],
  });
  const delay = new Histogram({
    name: 'jiugai_record_delay_seconds',
    help: 'From when something has happened in a workflow until it is durable in the record',
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300],
    registers: [metrics],
  });
  return {
    metrics,
    async round(name, work) {
      const answer = await work();
      rounds.setToCurrentTime({ round: name });
      return answer;
    },
    ofRecording: ({ info }) => (info.activityType === 'record' ? { inbound: recordingIn(delay) } : {}),
  };
}

function recordingIn(delay: Histogram): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      const answer = await next(input);
      const [{ events }] = input.args as [RecordBatch];
      for (const { at } of events) delay.observe(Math.max(0, Date.now() - Date.parse(at)) / 1_000);
      return answer;
    },
  };
}
