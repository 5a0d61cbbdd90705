import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Part } from '../../bin/running/child';
import { freePort, isPortOpen } from '../../bin/running/ports';
import { run } from '../../bin/servers/run';
import { waitUntil } from '../../bin/running/waiting';

/** Where Debian puts the programs that it does not put on the PATH. */
const DEBIAN = '/usr/lib/postgresql';
export const USER = 'temporal';
/** Nobody: PostgreSQL does not run as root, and its folder must be its own. */
const NOBODY = 65_534;

/** The engine's database: its folder, its address, and how it is run. */
export interface Postgres {
  readonly port: number;
  readonly password: string;
  readonly part: Part;
  /** Deletes its folder. */
  remove(): Promise<void>;
}

/**
 * PostgreSQL as the distribution has it, with all that makes what it has confirmed durable left as it is.
 * @throws Error where there is none
 */
export async function postgres(env: NodeJS.ProcessEnv, logFile: string): Promise<Postgres> {
  const programs = programFolder(env);
  const asNobody = process.getuid?.() === 0 ? ['setpriv', ...NOT_ROOT] : [];
  const folder = await mkdtemp(join(tmpdir(), 'jiugai-postgres-'));
  const [data, secret] = [join(folder, 'data'), join(folder, 'password')];
  const password = randomUUID();
  await mkdir(data, { mode: 0o700 });
  await writeFile(secret, password, { mode: 0o600 });
  if (asNobody.length > 0) for (const path of [folder, data, secret]) await chown(path, NOBODY, NOBODY);
  const [initdb = '', ...options] = [
    ...[...asNobody, join(programs, 'initdb'), '--pgdata', data, '--username', USER],
    ...['--pwfile', secret, '--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C.UTF-8'],
  ];
  await run(initdb, options, { env, report: () => undefined, doing: 'making a database' });
  const port = await freePort();
  const part: Part = {
    title: 'PostgreSQL',
    command: [
      ...[...asNobody, join(programs, 'postgres'), '-D', data, '-p', String(port)],
      // On this machine only, and with no socket file in a folder shared by all.
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=120'],
    ],
    env,
    logFile,
    stopWithinMs: 20_000,
    ready: () =>
      waitUntil(`PostgreSQL on port ${port} did not open`, () => isPortOpen(port), { withinMs: 60_000 }),
  };
  return { port, password, part, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** What changes its user is no longer ended with who started it, unless it asks for that anew. */
const NOT_ROOT = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups', '--pdeathsig', 'KILL'];

function programFolder(env: NodeJS.ProcessEnv): string {
  const debian = existsSync(DEBIAN)
    ? readdirSync(DEBIAN)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(DEBIAN, version, 'bin'))
    : [];
  const folders = [...debian, ...(env['PATH'] ?? '').split(delimiter)];
  const found = folders.find((folder) => existsSync(join(folder, 'initdb')));
  if (found === undefined)
    throw new Error("PostgreSQL is not here: install the distribution's package postgresql");
  return found;
}
