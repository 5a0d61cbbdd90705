import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isPortOpen } from './ports';
import { waitUntil } from './waiting';

const run = promisify(execFile);

/** How long the histories of closed workflows can be looked at; the server's default is a single day. */
export const RETENTION_DAYS = 90;

export interface TemporalOptions {
  readonly port: number;
  readonly uiPort: number;
  /** Where its Web UI has payloads decoded; it shows them encrypted without it. */
  readonly codecEndpoint?: string;
  /** SQLite file; without it everything is in memory. */
  readonly dbFile?: string;
  /** `key=value` with the value in JSON, such as `limit.historyCount.suggestContinueAsNew=40`. */
  readonly dynamicConfig?: readonly string[];
}

/**
 * Every time that a worker dies over a workflow's task the server waits longer before it gives the task to another,
 * by default up to ten minutes: after a series of crashes the workflow would stand still long after all is well.
 */
const ALWAYS = ['history.workflowTaskRetryMaxInterval="10s"'];

/** Command line of the development server with its Web UI, reachable from this machine only. */
export function temporalArguments({
  port,
  uiPort,
  codecEndpoint,
  dbFile,
  dynamicConfig = [],
}: TemporalOptions): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
    ...['--headless=false', '--log-format', 'json', '--log-level', 'warn', '--ui-disable-news-fetch'],
    // At synchronous=1 a power cut can take decisions that were already answered.
    ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=2'],
    ...(codecEndpoint ? ['--ui-codec-endpoint', codecEndpoint] : []),
    ...(dbFile ? ['--db-filename', dbFile] : []),
    ...[...ALWAYS, ...dynamicConfig].flatMap((setting) => ['--dynamic-config-value', setting]),
  ];
}

/**
 * Waits until the server takes requests for the namespace `default` and has its retention set.
 *
 * @param program path of the `temporal` program that runs the server
 */
export async function awaitNamespace(program: string, port: number, withinMs = 30_000): Promise<void> {
  await waitUntil(`Temporal on port ${port} did not open`, () => isPortOpen(port), { withinMs });
  const retention = `${RETENTION_DAYS * 24}h`;
  const update = ['operator', 'namespace', 'update', '--namespace', 'default', '--retention', retention];
  let reason = '';
  const updated = (): Promise<boolean> =>
    run(program, [...update, '--address', `127.0.0.1:${port}`], { timeout: 10_000 }).then(
      () => true,
      (error: Error) => {
        reason = error.message;
        return false;
      },
    );
  try {
    await waitUntil('the namespace', updated, { withinMs, everyMs: 100 });
  } catch {
    throw new Error(`Temporal on port ${port} did not take the retention of its namespace: ${reason}`);
  }
}
