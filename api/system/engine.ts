import type { Context } from '../context';
import { within } from '../../watching/within';
import { inTime } from '../engine/deadline';

type Engine = Pick<Context, 'client' | 'taskQueue' | 'store'>;

/** A worker that has not asked for work in this time is not there, ms: polls are long, up to a minute. */
const POLLED_WITHIN_MS = 75_000;
/** A worker that polled since and has given no sign of life for so long was killed or stands still, ms. */
const SILENT_MS = 20_000;
/** The engine's API: TASK_QUEUE_TYPE_WORKFLOW and TASK_QUEUE_TYPE_ACTIVITY. */
const QUEUES = { workflows: 1, activities: 2 } as const;

/** Who asks the engine for work, and whether it still does. */
export interface Poller {
  /** `pid@host`, as the worker calls itself. */
  readonly identity: string;
  readonly kind: keyof typeof QUEUES;
  readonly lastPolledAt: Date;
  readonly polls: boolean;
}

/** @throws if the engine does not answer in time */
export async function engineVersion({ client }: Pick<Engine, 'client'>, ms: number): Promise<string> {
  const answer = await inTime(client, () => client.connection.workflowService.getSystemInfo({}), ms);
  return answer.serverVersion ?? '';
}

/** @throws if the engine does not answer in time */
export async function pollersOf(
  { client, taskQueue, store }: Engine,
  ms: number,
  kind: keyof typeof QUEUES = 'workflows',
): Promise<Poller[]> {
  const [{ pollers }, silent] = await Promise.all([
    inTime(
      client,
      () =>
        client.connection.workflowService.describeTaskQueue({
          namespace: client.options.namespace,
          taskQueue: { name: taskQueue },
          taskQueueType: QUEUES[kind],
        }),
      ms,
    ),
    // While the store is away the engine's word must do.
    within(ms / 2, () => store.workers.silentFor(SILENT_MS)),
  ]);
  const since = Date.now() - POLLED_WITHIN_MS;
  return (pollers ?? []).map(({ identity, lastAccessTime }) => {
    const at = Number(lastAccessTime?.seconds ?? 0) * 1_000;
    return {
      identity: identity ?? '',
      kind,
      lastPolledAt: new Date(at),
      polls: at > since && !silent?.has(identity ?? ''),
    };
  });
}
