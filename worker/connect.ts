import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { connectStore, type Store } from '../store/connect';
import { tracingClient } from '../watching/tracing/client';
import type { WorkerConfiguration } from './configuration';

const PAUSE_MS = 500;
const SAY_EVERY_MS = 5_000;

/**
 * Tries until it works: in production servers start in any order. Says so every five seconds.
 * @throws what `attempt` last threw, if told to give up
 */
export async function untilItAnswers<T>(
  what: string,
  attempt: () => Promise<T>,
  log: Pick<Logger, 'warn'>,
  giveUp: AbortSignal,
): Promise<T> {
  const began = Date.now();
  for (let said = began; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (giveUp.aborted) throw error;
      if (Date.now() - said >= SAY_EVERY_MS || said === began) {
        said = Date.now();
        const seconds = Math.round((said - began) / 1000);
        log.warn({ waitedSeconds: seconds, reason: (error as Error).message }, `waiting for ${what}`);
      }
      await pause(PAUSE_MS, undefined, { signal: giveUp }).catch(() => undefined);
    }
  }
}

export function connectToStore(
  { mongodbUri }: WorkerConfiguration,
  log: Logger,
  giveUp: AbortSignal,
  traced = false,
): Promise<Store> {
  const where = `MongoDB at ${mongodbUri.replace(/\/\/[^@/]*@/, '//…@')}`;
  return untilItAnswers(where, () => connectStore(mongodbUri, { monitorCommands: traced }), log, giveUp);
}

export async function connectToEngine(
  { temporal, namespace }: WorkerConfiguration,
  dataConverter: DataConverter,
  log: Logger,
  giveUp: AbortSignal,
  traced = false,
): Promise<{ connection: NativeConnection; client: Client }> {
  const where = `Temporal at ${temporal.address ?? 'localhost:7233'}`;
  const connection = await untilItAnswers(where, () => NativeConnection.connect(temporal), log, giveUp);
  const interceptors = traced ? { workflow: [tracingClient] } : {};
  return { connection, client: new Client({ connection, namespace, dataConverter, interceptors }) };
}
