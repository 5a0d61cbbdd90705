import { resolve } from 'node:path';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { sampleOrganisations } from '../../bin/sample-city/organisations';
import { linyi } from '../../policy/linyi';
import { connectStore, type Store } from '../../store/connect';
import { bundleWorkflows } from '../../worker/bundle';
import { createWorker } from '../../worker/create';
import { testDataConverter, testKeys } from '../support/keys';
import { startMongo, startTemporal } from '../support/servers';

export const TASK_QUEUE = 'worker-test';
const CACHE_DIR = resolve(__dirname, '../../.data/cache');

export interface RunningWorker {
  readonly client: Client;
  readonly store: Store;
  stop(): Promise<void>;
}

const workerKeys = {
  identity: testKeys.worker,
  roots: testKeys.roots,
  dataConverter: testDataConverter,
};

/** A real engine, a real store with the sample organisations, and the product's own worker between them. */
export async function runWorker(workflowsPath: string): Promise<RunningWorker> {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const [mongo, temporal, bundlePath] = await Promise.all([
    startMongo(),
    startTemporal(),
    bundleWorkflows({ cacheDir: CACHE_DIR, workflowsPath }),
  ]);
  const store = await connectStore(mongo.uri);
  await store.prepare();
  await store.organisations.model.insertMany(
    sampleOrganisations(linyi).map(({ id, ...rest }) => ({ _id: id, ...rest })),
  );
  const connection = await NativeConnection.connect({ address: temporal.address });
  const client = new Client({ connection, dataConverter: testDataConverter });
  const setup = {
    connection,
    client,
    store,
    namespace: 'default',
    taskQueue: TASK_QUEUE,
    bundlePath,
    ...workerKeys,
  };
  const worker = await createWorker(setup);
  const running = worker.run();
  return {
    client,
    store,
    async stop() {
      worker.shutdown();
      await running;
      await Promise.all([connection.close(), store.close()]);
      await Promise.all([mongo.stop(), temporal.stop()]);
    },
  };
}

/** Waits until something holds; what it waited for is in the error if it never does. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  withinMs = 15_000,
): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error(`it never came to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
