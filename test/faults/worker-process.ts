/** The product's worker, with the workflow of the fault test: a process of its own, to be killed. */
import pino from 'pino';
import { connectToEngine, connectToStore, untilItAnswers } from '../../worker/connect';
import { readWorkerConfiguration, TASK_QUEUE } from '../../worker/configuration';
import { createWorker } from '../../worker/create';
import { logEngineTo } from '../../worker/log';
import { dataConverterOf } from '../../keys/data-converter';
import { readIdentity, readKeyring, readRoots } from '../../keys/folder';
import { keepSweeping, Sweep } from '../../worker/sweep';

async function main(): Promise<void> {
  const { FAULT_BUNDLE: bundlePath = '' } = process.env;
  const configuration = readWorkerConfiguration(process.env);
  const log = pino({ level: configuration.logLevel });
  logEngineTo(log);
  const never = new AbortController().signal;
  const dataConverter = dataConverterOf(readKeyring(configuration.keysDir, 'payload'));
  const [store, { connection, client }] = await Promise.all([
    connectToStore(configuration, log, never),
    connectToEngine(configuration, dataConverter, log, never),
  ]);
  const { namespace, keysDir } = configuration;
  const identity = readIdentity(keysDir, 'worker');
  const roots = readRoots(keysDir);
  const setup = {
    connection,
    client,
    store,
    namespace,
    taskQueue: TASK_QUEUE,
    bundlePath,
    identity,
    roots,
    dataConverter,
  };
  const worker = await untilItAnswers('the servers', () => createWorker(setup), log, never);
  const running = worker.run();
  keepSweeping(new Sweep(store, client, log, { identity, roots }), log);
  log.info({ ready: true }, 'worker runs');
  await running;
}

main().catch((error: Error) => {
  console.error(error);
  process.exit(1);
});
