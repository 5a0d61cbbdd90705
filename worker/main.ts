/**
 * The process that runs workflows and activities, the sweep, the nightly comparison, the Schedule of the
 * annual plan and the delivery of messages.
 *
 *   MONGODB_URI=… TEMPORAL_ADDRESS=… tsx worker/main.ts
 *
 * Prints one JSON line a log entry, `{"ready":true}` among them once it works. Ends on SIGINT or SIGTERM when what
 * it runs has been handed back; whatever happens to it otherwise, the engine gives its work to the next worker.
 */
import type { Logger } from 'pino';
import { dataConverterOf } from '../keys/data-converter';
import { BadKeys, readIdentity, readKeyring, readRoots, refuseMissing } from '../keys/folder';
import type { Identity } from '../keys/identity';
import { version } from '../package.json';
import { traceCommands } from '../watching/tracing/mongodb';
import { startTracing, type Tracing } from '../watching/tracing/start';
import { ensureAnnualPlanSchedule } from './annual-plan-schedule';
import {
  BadConfiguration,
  readWorkerConfiguration,
  TASK_QUEUE,
  type WorkerConfiguration,
} from './configuration';
import { keepDailyRoots } from './daily-root';
import { connectToEngine, connectToStore, untilItAnswers } from './connect';
import { cacheDirOf, createWorker } from './create';
import { Deliverer, keepDelivering } from './delivery/keep';
import { openMailer } from './delivery/mail';
import { createLog, logEngineTo } from './log';
import { keepReconciling, NightlyReconcile } from './reconcile/nightly';
import { keepSweeping, Sweep } from './sweep';
import { keepBeating } from './watching/beat';
import { measuring, type Measures } from './watching/measures';
import { tracingActivities } from './watching/traces';
import { Watchers } from './watching/watchers';

/** What there is before any server has answered. */
interface Started {
  readonly configuration: WorkerConfiguration;
  readonly identity: Identity;
  readonly measures: Measures;
  readonly watchers: Watchers;
  readonly tracing: Tracing | undefined;
}

async function runWorker(
  { configuration, identity, measures, watchers, tracing }: Started,
  log: Logger,
  stop: AbortSignal,
): Promise<void> {
  const roots = readRoots(configuration.keysDir);
  const traced = tracing !== undefined;
  const payloadKeys = readKeyring(configuration.keysDir, 'payload');
  const personalKeys = readKeyring(configuration.keysDir, 'personal');
  const dataConverter = dataConverterOf(payloadKeys);
  const [store, { connection, client }] = await Promise.all([
    connectToStore(configuration, log, stop, traced),
    connectToEngine(configuration, dataConverter, log, stop, traced),
  ]);
  watchers.sees({ store, client });
  if (traced) traceCommands(store.connection.getClient());
  const { namespace } = configuration;
  const setup = {
    connection,
    client,
    store,
    namespace,
    taskQueue: TASK_QUEUE,
    identity,
    roots,
    dataConverter,
    watching: [measures.ofRecording, ...(traced ? [tracingActivities] : [])],
  };
  const prepared = async () => {
    await store.prepare();
    const { cachedWorkflows } = configuration;
    const worker = await createWorker({
      ...setup,
      cacheDir: cacheDirOf(configuration.dataDir),
      cachedWorkflows,
    });
    await ensureAnnualPlanSchedule(client, TASK_QUEUE);
    return worker;
  };
  for (const [secret, { ids }] of [
    ['payload', payloadKeys],
    ['personal', personalKeys],
  ] as const) {
    const known = () => store.secretKeys.use(secret, ids, new Date());
    refuseMissing(configuration.keysDir, secret, await untilItAnswers('MongoDB', known, log, stop));
  }
  const worker = await untilItAnswers('MongoDB and Temporal', prepared, log, stop);
  const running = worker.run();
  watchers.sees({ store, client, worker });
  const beating = keepBeating(store, worker.options.identity);
  const sweep = new Sweep(store, client, log, { identity, roots });
  const sweeping = keepSweeping({ run: () => measures.round('sweep', () => sweep.run()) }, log);
  const dailyRoots = keepDailyRoots(store, identity, log);
  const reconciling = keepReconciling(new NightlyReconcile(store, client, log), log);
  const mailer = configuration.mail && openMailer(configuration.mail);
  const deliverer = new Deliverer(
    { store, seal: personalKeys, mailer, now: Date.now },
    { email: mailer !== undefined, webhooks: true },
    log,
  );
  const delivering = keepDelivering(
    {
      round: (signal) => measures.round('delivery', () => deliverer.round(signal)),
      release: () => deliverer.release(),
    },
    log,
  );
  const shutDown = (): void => {
    log.info('stopping');
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  if (stop.aborted) shutDown();
  else stop.addEventListener('abort', shutDown, { once: true });
  log.info({ ready: true, namespace, taskQueue: TASK_QUEUE }, 'worker runs');
  try {
    await running;
  } finally {
    await Promise.all([beating, sweeping, dailyRoots, reconciling, delivering].map((kept) => kept.stop()));
    mailer?.close();
    await Promise.all([connection.close(), store.close()]);
    log.info('stopped');
  }
}

async function main(): Promise<void> {
  const configuration = readWorkerConfiguration(process.env);
  const log = createLog(configuration.logLevel);
  const identity = readIdentity(configuration.keysDir, 'worker');
  const measures = measuring(identity, configuration.watchers?.certificate?.notAfter);
  const watchers = await Watchers.answer(configuration.watchers, measures.metrics);
  const tracing = await startTracing(process.env, 'worker', version);
  logEngineTo(log, watchers.library?.bindAddress);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  try {
    await runWorker({ configuration, identity, measures, watchers, tracing }, log, stop.signal);
  } catch (error) {
    // Told to stop while it still waited for the servers.
    if (!stop.signal.aborted) throw error;
  }
  await tracing?.stop();
  process.exit();
}

main().catch((error: Error) => {
  if (error instanceof BadConfiguration || error instanceof BadKeys) console.error(error.message);
  else
    console.error(
      JSON.stringify({ level: 60, part: 'worker', msg: 'the worker ended', reason: error.message }),
    );
  process.exit(1);
});
