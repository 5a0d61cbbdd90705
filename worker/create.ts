import { join, resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { Worker, type ActivityInterceptorsFactory, type NativeConnection } from '@temporalio/worker';
import { createActivities } from '../activities';
import type { Root } from '../domain/signing/certificate';
import type { Identity } from '../keys/identity';
import { linyi } from '../policy/linyi';
import type { Policy } from '../policy/schema';
import type { Store } from '../store/connect';
import { bundleWorkflows } from './bundle';
import { CACHED_WORKFLOWS } from './configuration';
import { registerSearchAttributes } from './register-attributes';
import { traceSinks } from './watching/traces';

export interface WorkerSetup {
  readonly connection: NativeConnection;
  readonly client: Client;
  readonly store: Store;
  readonly namespace: string;
  readonly taskQueue: string;
  /** The workers' signing key, and whom workflows shall believe. */
  readonly identity: Identity;
  readonly roots: readonly Root[];
  /** The client's own: what one side encrypts the other must read. */
  readonly dataConverter: DataConverter;
  /** Bundled workflow code; made (or taken from the cache) without it. */
  readonly bundlePath?: string;
  /** Folder for what can be made again; `.data/cache` by default. */
  readonly cacheDir?: string;
  /** The policy that new plans start with; Linyi's by default. */
  readonly policy?: Policy;
  /** What watches activities. */
  readonly watching?: readonly ActivityInterceptorsFactory[];
  /**
   * Workflows kept in memory between their tasks; any other is rebuilt from its history when it is needed.
   * `CACHED_WORKFLOWS` by default.
   */
  readonly cachedWorkflows?: number;
}

/**
 * The worker that runs workflows and activities; not yet running.
 *
 * Pollers scale by themselves: a worker that is idle most of the year must still take the rush of the last day of
 * declaration. What was meant for a worker that was killed goes to another after 5 s; much less, and a worker that is
 * merely slow would lose its cache when it needs it most. A shutdown lets what runs finish for 5 s, then gives it up;
 * the engine hands it to the next worker.
 */
export async function createWorker(setup: WorkerSetup): Promise<Worker> {
  const { connection, client, store, namespace, taskQueue, identity, roots, dataConverter } = setup;
  const cacheDir = setup.cacheDir ?? resolve(__dirname, '../.data/cache');
  await registerSearchAttributes(client.connection as never, namespace);
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    dataConverter,
    workflowBundle: { codePath: setup.bundlePath ?? (await bundleWorkflows({ cacheDir })) },
    activities: createActivities({
      store,
      client,
      policy: setup.policy ?? linyi,
      taskQueue,
      identity,
      roots,
    }),
    sinks: traceSinks,
    interceptors: { activity: [...(setup.watching ?? [])] },
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    activityTaskPollerBehavior: { type: 'autoscaling' },
    maxCachedWorkflows: setup.cachedWorkflows ?? CACHED_WORKFLOWS,
    stickyQueueScheduleToStartTimeout: '5s',
    shutdownGraceTime: '5s',
    shutdownForceTime: '8s',
  });
}

/** Where bundles and the like are kept in a data folder. */
export function cacheDirOf(dataDir: string): string {
  return join(dataDir, 'cache');
}
