import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Express } from 'express';
import { DefaultLogger, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { sampleOrganisations } from '../../bin/sample-city/organisations';
import type { OfficeRole } from '../../policy/keys';
import { linyi } from '../../policy/linyi';
import { connectStore, type Store } from '../../store/connect';
import type { SystemRole, UserRow } from '../../store/users';
import { bundleWorkflows } from '../../worker/bundle';
import { createWorker } from '../../worker/create';
import { testDataConverter, testKeys, testPersonalKeys } from '../support/keys';
import { startMongo, startTemporal, type RunningMongo, type RunningTemporal } from '../support/servers';
import { community, logIn, personOf, type Person } from './api';
import { createApp } from '../../api/app';
import { callsEnded } from '../../api/engine/deadline';
import { soonAgain } from '../../api/engine/soon-again';
import pino from 'pino';

export const TASK_QUEUE = 'api-life';
/** Bundling takes seconds: the bundle is kept from one run to the next. */
const CACHE_DIR = resolve(__dirname, '../../.data/cache');

/** The whole system but its processes: real engine, real store, the product's worker, and the API in front. */
export interface RealSystem {
  readonly store: Store;
  readonly client: Client;
  readonly app: Express;
  readonly url: string;
  /** The workflows' bundle, as the worker runs it. */
  readonly bundlePath: string;
  readonly mongo: () => RunningMongo;
  readonly temporal: () => RunningTemporal;
  as(organisation: string, role?: OfficeRole): Promise<Person>;
  administrator(role: SystemRole): Promise<Person>;
  killMongo(): Promise<void>;
  restartMongo(): Promise<void>;
  killTemporal(): Promise<void>;
  restartTemporal(): Promise<void>;
  stopWorker(): Promise<void>;
  startWorker(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * @param pages folder of the built pages, for whoever opens them in a browser
 * @param workflowsPath other workflows than the product's
 */
export async function startReal({
  pages,
  workflowsPath = join(__dirname, '../../workflows/index.ts'),
}: { readonly pages?: string; readonly workflowsPath?: string } = {}): Promise<RealSystem> {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const [startedMongo, startedTemporal, bundlePath] = await Promise.all([
    startMongo(),
    startTemporal(),
    bundleWorkflows({ cacheDir: CACHE_DIR, workflowsPath }),
  ]);
  let mongo = startedMongo;
  let temporal = startedTemporal;
  const store = await connectStore(mongo.uri, { maxPoolSize: 20 });
  await store.prepare();
  await store.organisations.model.insertMany(
    sampleOrganisations(linyi).map(({ id, ...rest }) => ({ _id: id, ...rest })),
  );
  await store.communities.model.create(community({ _id: 'c1' }));
  const address = temporal.address;
  const connection = await Connection.connect({ ...soonAgain, address });
  const client = new Client({ connection, dataConverter: testDataConverter });
  const app = createApp({
    store,
    client,
    taskQueue: TASK_QUEUE,
    now: Date.now,
    mode: 'live',
    policy: linyi,
    signer: testKeys.api,
    fieldSeal: testPersonalKeys,
    roots: testKeys.roots,
    log: pino({ level: 'silent' }),
    version: '0.0.0-test',
    ...(pages === undefined ? {} : { pages }),
  });
  const running: { worker?: Worker; native?: NativeConnection; done?: Promise<void> } = {};

  async function startWorker(): Promise<void> {
    const native = await NativeConnection.connect({ address });
    const setup = {
      connection: native,
      client,
      store,
      namespace: 'default',
      taskQueue: TASK_QUEUE,
      bundlePath,
      identity: testKeys.worker,
      roots: testKeys.roots,
      dataConverter: testDataConverter,
    };
    const worker = await createWorker(setup);
    Object.assign(running, { worker, native, done: worker.run() });
  }

  async function stopWorker(): Promise<void> {
    running.worker?.shutdown();
    await running.done;
    await running.native?.close();
  }

  async function person(id: string, rights: Pick<UserRow, 'seats' | 'systemRole'>): Promise<Person> {
    await store.users.model.updateOne(
      { _id: id },
      {
        username: id,
        passwordHash: 'none',
        ...rights,
        mustChangePassword: false,
        disabled: false,
        sample: false,
        createdAt: new Date(),
      },
      { upsert: true },
    );
    return personOf(app, id, await logIn(store, id));
  }

  await startWorker();
  return {
    store,
    client,
    app,
    url: address,
    bundlePath,
    mongo: () => mongo,
    temporal: () => temporal,
    as: (organisation, role = 'handler') =>
      person(`u-${organisation}-${role}`, { seats: [{ organisation, role }] }),
    administrator: (systemRole) => person(`u-${systemRole}`, { seats: [], systemRole }),
    killMongo: () => mongo.kill(),
    async restartMongo() {
      mongo = await startMongo({ dataDir: mongo.dataDir, port: mongo.port });
    },
    killTemporal: () => temporal.kill(),
    async restartTemporal() {
      temporal = await startTemporal({ dataDir: temporal.dataDir, port: temporal.port });
    },
    stopWorker,
    startWorker,
    async stop() {
      await stopWorker();
      await callsEnded(client);
      await Promise.all([connection.close(), store.close()]);
      await Promise.all([mongo.stop(), temporal.stop()]);
    },
  };
}

/** Waits until something holds; what it waited for is in the error if it never does. */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  ms = 20_000,
): Promise<T> {
  const until = Date.now() + ms;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`it never came to this: ${what}`);
    await new Promise((resolve_) => setTimeout(resolve_, 25));
  }
}

/** Sends with one key until it is answered: 503 means "again", and a worker that has just begun takes its time. */
export function insist(person: Person, path: string, body: object, key: string) {
  return eventually(`an answer to ${path}`, async () => {
    const response = await person.post(path, body, key);
    return response.status === 503 ? undefined : response;
  });
}

/** The first open task of a kind in somebody's inbox, with form and example. */
export function taskOf(person: Person, kind: string) {
  return eventually(`a task ${kind}`, async () => {
    const { body } = await person.get(`tasks?status=open&mine=true&kind=${kind}`).expect(200);
    const [first] = body.items as { id: string }[];
    if (!first) return undefined;
    const one = await person.get(`tasks/${first.id}`).expect(200);
    return one.body as { id: string; example: Record<string, never>; form: Record<string, unknown> };
  });
}
