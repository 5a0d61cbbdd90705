import { z } from 'zod';
import type { Registry } from 'prom-client';
import { readiness } from '../../watching/readiness';
import type { Context } from '../context';
import { operation, type AnyOperation } from '../http/operation';
import { readinessOf } from '../system/readiness';

const check = z.enum(['ok', 'away']);

/** Whether the process lives, whether work gets done, and what can be measured: at the root, for machines. */
export function healthOperations(context: Context, metrics: Registry): AnyOperation[] {
  const { mode } = context;

  return [
    operation({
      method: 'get',
      path: '/healthz',
      name: 'healthz',
      tag: 'operation',
      summary: '进程在运行',
      access: 'public',
      answers: {
        200: {
          description: '在运行',
          schema: z.object({
            status: z.literal('ok'),
            mode: z.enum(['live', 'rehearsal']),
          }),
        },
      },
      handle: async () => ({ status: 200, body: { status: 'ok', mode } }),
    }),
    operation({
      method: 'get',
      path: '/readyz',
      name: 'readyz',
      tag: 'operation',
      summary: '引擎、存储都在，并有 worker 取任务',
      access: 'public',
      answers: {
        200: {
          description: '就绪',
          schema: z.object({ status: z.literal('ready'), engine: check, store: check, worker: check }),
        },
        503: {
          description: '未就绪',
          schema: z.object({ status: z.literal('not-ready'), engine: check, store: check, worker: check }),
        },
      },
      handle: async () => {
        const body = readiness(await readinessOf(context));
        if (body.status === 'ready') return { status: 200, body };
        return { status: 503, body, headers: { 'Retry-After': '2' } };
      },
    }),
    operation({
      method: 'get',
      path: '/metrics',
      name: 'metrics',
      tag: 'operation',
      summary: 'Prometheus 指标',
      access: 'public',
      answers: { 200: { description: '指标', contentType: 'text/plain', schema: z.string() } },
      handle: async ({ response }) => {
        response
          .status(200)
          .set('Content-Type', metrics.contentType)
          .send(await metrics.metrics());
        return undefined;
      },
    }),
  ];
}
