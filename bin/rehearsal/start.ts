import { mkdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import pino, { type Logger } from 'pino';
import { startPlan } from '../../activities/start-plan';
import { createApp } from '../../api/app';
import { yearToDeclare } from '../../domain/annual-plan';
import { civilDate } from '../../domain/calendar';
import { dataConverterOf } from '../../keys/data-converter';
import { keysDirOf, prepareKeys, readIdentity, readKeyring, readRoots } from '../../keys/folder';
import { EncryptingCodec } from '../../keys/payload-codec';
import { linyi } from '../../policy/linyi';
import { connectStore } from '../../store/connect';
import { TASK_QUEUE } from '../../worker/configuration';
import { cacheDirOf, createWorker } from '../../worker/create';
import { Deliverer, keepDelivering } from '../../worker/delivery/keep';
import { logEngineTo } from '../../worker/log';
import { version } from '../../package.json';
import { claimDataFolder } from '../running/data-folder';
import { BUILT_PAGES, buildPages } from '../pages/build';
import { verifyRecord, type Verified } from '../record/verify';
import { stopLeftovers } from '../running/leftovers';
import { isPortFree } from '../running/ports';
import { StartRefused } from '../running/refused';
import { markedEnvironment } from '../running/system';
import { seedSampleCity } from '../seed';
import { locateServer } from '../servers/locate';
import { startClock } from './clock';
import { startTimeSkipping } from './engine';
import { untilQuiet } from './quiet';
import { startStore } from './store';

export interface RehearsalOptions {
  /** Data folder of the program; the rehearsal uses its sub-folder `rehearsal`, and empties it. */
  readonly dataDir: string;
  /** Port of the API; 0 for any free one. */
  readonly port: number;
  /** Port of MongoDB; 0 for any free one. */
  readonly mongodbPort: number;
  /** PATH, MONGODB_URI and JIUGAI_CACHE_DIR are read from it; servers are run with it. */
  readonly env: NodeJS.ProcessEnv;
  /** Folder for bundled workflow code; that of the data folder by default. */
  readonly cacheDir?: string;
  readonly say: (line: string) => void;
}

/** A rehearsal walks through years in minutes, and nobody rotates its keys. */
const KEYS_DAYS = 36_500;

/** Everything that is asked of the API is answered within 5 s; only an advance of the clock may take longer. */
const LAST_ANSWERS_MS = 6_000;

/** A running rehearsal: the whole system in one process, on a clock that can be advanced. */
export interface Rehearsal {
  /** Without the base: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly mongoUri: string;
  /** Past the API: for whoever looks at histories. */
  readonly client: Client;
  /** `sample-accounts.json` of the sample city. */
  readonly accountsFile: string;
  /** Year of the annual plan that is open for declaration. */
  readonly planYear: number;
  /** The engine's time, ms since 1970. */
  now(): number;
  /** Moves the clock and resolves with the new time when the world is quiet again. */
  advance(ms: number): Promise<number>;
  /** Holds the whole record against itself and against the engine. */
  verify(): Promise<Verified>;
  /** Resolves with a sentence when something without which the rehearsal cannot go on has ended by itself. */
  readonly broken: Promise<string>;
  /** Ends everything and throws the store away. */
  stop(): Promise<void>;
}

/**
 * Starts a rehearsal: a time-skipping engine, an empty store with the sample city, worker, API and clock.
 *
 * The worker lives in this process because a worker that is restarted against a time-skipping engine hangs: if one
 * part ends, the rehearsal ends, and the next begins empty.
 * @throws StartRefused or ServerMissing with one sentence; what had been started is stopped again
 */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const ending: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let end = ending.pop(); end; end = ending.pop()) await end();
  };
  try {
    return { ...(await bringUp(options, ending)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringUp(
  { dataDir, port, mongodbPort, env: own, cacheDir, say }: RehearsalOptions,
  ending: (() => Promise<unknown>)[],
): Promise<Omit<Rehearsal, 'stop'>> {
  const claimed = await claimDataFolder(join(dataDir, 'rehearsal'));
  ending.push(() => claimed.release());
  const folder = claimed.path;
  const env = markedEnvironment(own, folder);
  await stopLeftovers(folder, say);
  await emptied(folder);
  if (port !== 0 && !(await isPortFree(port))) {
    throw new StartRefused(
      `Port ${port} is taken by another program: stop that one, or choose another port with PORT, as in PORT=${port + 1} npm run rehearse.`,
    );
  }
  const log = rehearsalLog(join(folder, 'logs', 'rehearsal.log'));
  logEngineTo(log);

  const keys = keysDirOf(folder);
  prepareKeys(keys, Date.now(), KEYS_DAYS);
  const payloadKeys = readKeyring(keys, 'payload');
  const dataConverter = dataConverterOf(payloadKeys);

  const building = buildPages(say).catch((error: Error) => say(error.message));
  ending.push(() => building);
  say('The time-skipping engine and MongoDB are starting');
  const program = await locateServer('temporal-test-server', env, say);
  if (program.kind === 'address') throw new StartRefused('A rehearsal brings its own engine.');
  const [engine, mongo] = await Promise.all([
    startTimeSkipping(program.path, { env, logFile: join(folder, 'logs', 'engine.log'), dataConverter }).then(
      (started) => {
        ending.push(() => started.stop());
        return started;
      },
    ),
    startStore({ folder, port: mongodbPort, env, say }).then((started) => {
      ending.push(() => started.stop());
      return started;
    }),
  ]);
  const store = await connectStore(mongo.uri);
  ending.push(() => store.close());
  const { accountsFile } = await seedSampleCity({ mongoUri: mongo.uri, dataDir: folder, log: say });

  say('The worker is starting');
  const { client, connection, namespace } = engine;
  const setup = {
    connection,
    client,
    store,
    namespace,
    taskQueue: TASK_QUEUE,
    policy: linyi,
    identity: readIdentity(keys, 'worker'),
    roots: readRoots(keys),
    dataConverter,
  };
  const worker = await createWorker({ ...setup, cacheDir: cacheDir ?? cacheDirOf(dataDir) });
  const running = worker.run();
  running.catch(() => undefined);
  ending.push(async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running.catch(() => undefined);
  });

  const personalKeys = readKeyring(keys, 'personal');
  // Nothing leaves a rehearsal: messages are read in the application.
  const deliverer = new Deliverer(
    { store, seal: personalKeys, now: Date.now },
    { email: false, webhooks: false },
    log,
  );
  const delivering = keepDelivering(deliverer, log);
  ending.push(() => delivering.stop());

  const clock = await startClock({
    currentTime: () => engine.currentTime(),
    skip: (ms) => engine.skip(ms),
    quiet: () => untilQuiet(worker),
    january: async (year) => {
      const workflowId = `start-next-years-plan-${year}-01-01`;
      await client.workflow.start('startNextYearsPlan', { workflowId, taskQueue: TASK_QUEUE, args: [] });
    },
  });
  const thisYear = Number(civilDate(clock.now()).slice(0, 4));
  const planYear = yearToDeclare(clock.now(), thisYear, linyi);
  await startPlan(setup, planYear, clock.now());
  await untilQuiet(worker);

  const app = createApp({
    store,
    client,
    taskQueue: TASK_QUEUE,
    now: () => clock.now(),
    mode: 'rehearsal',
    advance: (ms) => clock.advance(ms),
    workerPolls: async () => worker.getState() === 'RUNNING',
    policy: linyi,
    signer: readIdentity(keys, 'api'),
    fieldSeal: personalKeys,
    payloadCodec: new EncryptingCodec(payloadKeys),
    roots: setup.roots,
    pages: BUILT_PAGES,
    log,
    version,
  });
  const server = createServer(app);
  await listening(server, port);
  ending.push(() => {
    app.emit('closing');
    return closed(server);
  });
  await building;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mongoUri: mongo.uri,
    client,
    accountsFile,
    planYear,
    now: () => clock.now(),
    advance: (ms) => clock.advance(ms),
    verify: () => verifyRecord(store, { client, roots: setup.roots }),
    broken: Promise.race([
      engine.ended.then((how) => `The engine ended (${how}).`),
      mongo.ended.then((how) => `MongoDB ended (${how}).`),
      running.then(
        () => 'The worker ended.',
        (error: Error) => `The worker ended: ${error.message}.`,
      ),
    ]),
  };
}

/** A rehearsal begins empty. Only what a rehearsal writes is deleted: the folder may have been chosen by mistake. */
async function emptied(folder: string): Promise<void> {
  for (const name of ['mongodb', 'temporal', 'logs', 'keys', 'sample-accounts.json']) {
    await rm(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  }
  await mkdir(join(folder, 'logs'), { recursive: true });
}

function rehearsalLog(dest: string): Logger {
  return pino(
    { level: 'info', base: { part: 'rehearsal' }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest, sync: true, mode: 0o600 }),
  );
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

/** Requests on their way are answered first: what they wait for is still there. */
function closed(server: Server): Promise<void> {
  const late = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS).unref();
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}
