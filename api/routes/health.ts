import { z } from 'zod';
import type { Registry } from 'prom-client';
import type { Context } from '../context';
import { inTime } from '../engine/deadline';
import { operation, type AnyOperation } from '../http/operation';

/** A worker that has not asked for work in this time is not there, ms: polls are long, up to a minute. */
const POLLED_WITHIN_MS = 75_000;
const CHECK_MS = 2_500;

const check = z.enum(['ok', 'away']);

/** Whether the process lives, whether work gets done, and what can be measured: at the root, for machines. */
export function healthOperations(context: Context, metrics: Registry): AnyOperation[] {
  const { mode, store } = context;

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
        const [engine, stored, worker] = await Promise.all([
          checked(() => engineAnswers(context)),
          checked(async () => {
            await store.ping();
            return true;
          }),
          checked(context.workerPolls ?? (() => workerPolls(context))),
        ]);
        const ready = engine === 'ok' && stored === 'ok' && worker === 'ok';
        const body = { status: ready ? 'ready' : 'not-ready', engine, store: stored, worker };
        return { status: ready ? 200 : 503, body, ...(ready ? {} : { headers: { 'Retry-After': '2' } }) };
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

async function checked(ask: () => Promise<boolean>): Promise<z.infer<typeof check>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_MS);
  });
  const asked = ask().catch(() => false);
  const there = await Promise.race([asked, late]);
  clearTimeout(timer);
  return there ? 'ok' : 'away';
}

async function engineAnswers({ client }: Context): Promise<boolean> {
  await inTime(client, () => client.connection.workflowService.getSystemInfo({}), CHECK_MS);
  return true;
}

async function workerPolls({ client, taskQueue }: Context): Promise<boolean> {
  const { pollers } = await inTime(
    client,
    () =>
      client.connection.workflowService.describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name: taskQueue },
        // Workflow tasks: TASK_QUEUE_TYPE_WORKFLOW of the engine's API.
        taskQueueType: 1,
      }),
    CHECK_MS,
  );
  const since = Date.now() - POLLED_WITHIN_MS;
  return (pollers ?? []).some(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000 > since);
}
