import { Client, Connection } from '@temporalio/client';
import {
  InternalConnectionOptionsSymbol,
  type InternalConnectionOptions,
} from '@temporalio/client/lib/connection';
import type { DataConverter } from '@temporalio/common';
import { NativeConnection } from '@temporalio/worker';
import { soonAgain } from '../../api/engine/soon-again';
import { freePort, isPortOpen } from '../running/ports';
import { waitUntil } from '../running/waiting';
import { startBound } from './bound-process';

/** The time-skipping engine of one rehearsal. It keeps nothing: when it ends, all that it knew is gone. */
export interface RehearsalEngine {
  readonly namespace: string;
  /** A plain client: awaiting a result through it skips nobody's time. */
  readonly client: Client;
  /** For the worker. */
  readonly connection: NativeConnection;
  readonly ended: Promise<string>;
  /** The engine's clock, ms since 1970. */
  currentTime(): Promise<number>;
  /** Moves its clock on by so many ms, running every timer on the way; resolves when the last of them has been fired. */
  skip(ms: number): Promise<void>;
  stop(): Promise<void>;
}

const NAMESPACE = 'default';
const READY_WITHIN_MS = 30_000;

/**
 * @param program path of the server program `temporal-test-server`
 * @throws StartRefused when it cannot be started
 */
export async function startTimeSkipping(
  program: string,
  {
    env,
    logFile,
    dataConverter,
  }: {
    readonly env: NodeJS.ProcessEnv;
    readonly logFile: string;
    readonly dataConverter: DataConverter;
  },
): Promise<RehearsalEngine> {
  const port = await freePort();
  const server = await startBound({
    title: 'The time-skipping engine',
    program,
    // Nothing is skipped until it is asked for: without `--enable-time-skipping` its clock begins locked.
    args: [String(port)],
    env,
    logFile,
    ready: () => waitUntil('its port did not open', () => isPortOpen(port), { withinMs: READY_WITHIN_MS }),
  });
  const address = `127.0.0.1:${port}`;
  const withClock: InternalConnectionOptions = {
    ...soonAgain,
    address,
    [InternalConnectionOptionsSymbol]: { supportsTestService: true },
  };
  const [connection, native] = await Promise.all([
    Connection.connect(withClock),
    NativeConnection.connect({ address }),
  ]);
  const clock = connection.testService;
  if (!clock) throw new TypeError('The connection has no clock');
  return {
    namespace: NAMESPACE,
    client: new Client({ connection, namespace: NAMESPACE, dataConverter }),
    connection: native,
    ended: server.ended,
    async currentTime() {
      const { time } = await clock.getCurrentTime({});
      return Number(time?.seconds ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1e6);
    },
    async skip(ms) {
      const seconds = Math.floor(ms / 1_000);
      const duration = { seconds, nanos: Math.round((ms - seconds * 1_000) * 1e6) };
      await clock.unlockTimeSkippingWithSleep({ duration: duration as never });
    },
    async stop() {
      await Promise.allSettled([connection.close(), native.close()]);
      await server.kill();
    },
  };
}
