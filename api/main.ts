/**
 * The process that answers HTTP.
 *
 *   PORT=8080 MONGODB_URI=… TEMPORAL_ADDRESS=… tsx api/main.ts
 *
 * Prints one JSON line a log entry, `{"ready":true,"port":…}` among them once it listens; `/readyz` tells when it can
 * act. Ends on SIGINT or SIGTERM when the requests that run have been answered.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import pino, { type Logger } from 'pino';
import { dataConverterOf } from '../keys/data-converter';
import {
  BadKeys,
  readIdentity,
  readKeyring,
  readRoots,
  readRootsOfAllTimes,
  refuseMissing,
} from '../keys/folder';
import { EncryptingCodec } from '../keys/payload-codec';
import { linyi } from '../policy/linyi';
import { connectStore } from '../store/connect';
import { tracingClient } from '../watching/tracing/client';
import { traceCommands } from '../watching/tracing/mongodb';
import { startTracing, type Tracing } from '../watching/tracing/start';
import { createApp } from './app';
import { callsEnded } from './engine/deadline';
import { soonAgain } from './engine/soon-again';
import { idsNow } from './http/request-id';
import { serve } from './serve';
import { BadSettings, readSettings, TASK_QUEUE, type Settings } from './settings';

const PAUSE_MS = 500;

async function runApi(
  settings: Settings,
  log: Logger,
  stop: AbortSignal,
  tracing: Tracing | undefined,
): Promise<void> {
  const traced = tracing !== undefined;
  const roots = readRoots(settings.keysDir);
  const signer = readIdentity(settings.keysDir, 'api');
  const payloadKeys = readKeyring(settings.keysDir, 'payload');
  const personalKeys = readKeyring(settings.keysDir, 'personal');
  const [store, connection] = await Promise.all([
    untilItAnswers(
      'MongoDB',
      () => connectStore(settings.mongodbUri, { monitorCommands: traced }),
      log,
      stop,
    ),
    untilItAnswers('Temporal', () => Connection.connect({ ...settings.temporal, ...soonAgain }), log, stop),
  ]);
  if (traced) traceCommands(store.connection.getClient());
  await untilItAnswers('MongoDB', () => store.prepare(), log, stop);
  for (const [secret, { ids }] of [
    ['payload', payloadKeys],
    ['personal', personalKeys],
  ] as const) {
    const known = () => store.secretKeys.use(secret, ids, new Date());
    refuseMissing(settings.keysDir, secret, await untilItAnswers('MongoDB', known, log, stop));
  }
  const client = new Client({
    connection,
    namespace: settings.namespace,
    dataConverter: dataConverterOf(payloadKeys),
    ...(traced ? { interceptors: { workflow: [tracingClient] } } : {}),
  });
  const app = createApp({
    store,
    client,
    taskQueue: TASK_QUEUE,
    now: Date.now,
    mode: 'live',
    policy: linyi,
    signer,
    roots,
    recordRoots: readRootsOfAllTimes(settings.keysDir),
    log,
    traced,
    version: versionOf(),
    largestAttachment: settings.largestAttachment,
    sessionLife: settings.sessionLife,
    secondFactor: settings.secondFactor,
    corsOrigins: settings.corsOrigins,
    requestLimit: settings.requestLimit,
    ...(settings.certificate === undefined ? {} : { certificateUntil: settings.certificate.notAfter }),
    ...(settings.oidc === undefined ? {} : { oidc: settings.oidc }),
    pages: join(__dirname, '..', 'web', 'dist'),
    fieldSeal: personalKeys,
    payloadCodec: new EncryptingCodec(payloadKeys),
    ...(settings.engineUi === undefined ? {} : { engineUi: settings.engineUi }),
    ...(settings.trustProxy === undefined ? {} : { trustProxy: settings.trustProxy }),
  });
  const listening = await serve(app, settings.port, settings.host, settings.certificate);
  log.info({ ready: true, port: listening.port }, 'API listens');
  await stopped(stop);
  log.info('stopping');
  await listening.close();
  await callsEnded(client);
  await Promise.all([connection.close(), store.close()]);
  log.info('stopped');
}

function stopped(stop: AbortSignal): Promise<void> {
  if (stop.aborted) return Promise.resolve();
  return new Promise((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
}

/** Servers start in any order: tries until it works, and says so. */
async function untilItAnswers<T>(
  what: string,
  attempt: () => Promise<T>,
  log: Logger,
  stop: AbortSignal,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (stop.aborted) throw error;
      if (tries % 10 === 1) log.warn({ reason: (error as Error).message }, `waiting for ${what}`);
      await pause(PAUSE_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  }
}

function versionOf(): string {
  const manifest = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = pino({
    level: settings.logLevel,
    base: { part: 'api' },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: idsNow,
  });
  const tracing = await startTracing(process.env, 'api', versionOf());
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  await runApi(settings, log, stop.signal, tracing);
  await tracing?.stop();
}

main().catch((error: Error) => {
  if (error instanceof BadSettings || error instanceof BadKeys) console.error(error.message);
  else console.error(JSON.stringify({ level: 60, part: 'api', msg: 'the API ended', reason: error.message }));
  process.exitCode = 1;
});
