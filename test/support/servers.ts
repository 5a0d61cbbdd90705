import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awaitPrimary, mongodArguments, mongoUri } from '../../bin/running/mongod';
import { freePort } from '../../bin/running/ports';
import { awaitNamespace, temporalArguments } from '../../bin/running/temporal';
import { locateServer } from '../../bin/servers/locate';
import type { ServerProgram } from '../../bin/servers/programs';

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  /** Folder of its data, to be given to the next start after `kill`. */
  readonly dataDir: string;
  /** Kills it like a power cut would and keeps its data. */
  kill(): Promise<void>;
  /** Ends it; data in a folder that it made itself is deleted. */
  stop(): Promise<void>;
}
export interface RunningMongo extends RunningServer {
  /** Without a database name: append one, or give the driver a `dbName`. */
  readonly uri: string;
}
export interface RunningTemporal extends RunningServer {
  readonly address: string;
  readonly uiAddress: string;
}
export interface StartOptions {
  /** Data to go on with; without it a fresh temporary folder. */
  readonly dataDir?: string;
  readonly port?: number;
}

/** Starts a real MongoDB (single-node replica set) on a free port. Takes about half a second. */
export async function startMongo({ dataDir, port }: StartOptions = {}): Promise<RunningMongo> {
  const program = await programPath('mongod');
  const server = await start(program, { dataDir, port }, async (folder, chosen) => ({
    args: mongodArguments({ dbPath: folder, port: chosen, cacheGb: 0.25 }),
    ready: () => awaitPrimary(chosen),
  }));
  return { ...server, uri: mongoUri(server.port) };
}

/** Starts a real Temporal development server (SQLite file, Web UI) on free ports. Takes about half a second. */
export async function startTemporal({
  dataDir,
  port,
  dynamicConfig = [],
}: StartOptions & { readonly dynamicConfig?: readonly string[] } = {}): Promise<RunningTemporal> {
  const program = await programPath('temporal');
  let uiPort = 0;
  const server = await start(program, { dataDir, port }, async (folder, chosen) => {
    uiPort = await freePort();
    const dbFile = join(folder, 'temporal.sqlite');
    return {
      args: temporalArguments({ port: chosen, uiPort, dbFile, dynamicConfig }),
      ready: () => awaitNamespace(program, chosen),
    };
  });
  return { ...server, address: `127.0.0.1:${server.port}`, uiAddress: `http://127.0.0.1:${uiPort}` };
}

/**
 * Path of the time-skipping server, for `TestWorkflowEnvironment.createTimeSkipping`:
 * `{ server: { executable: { type: 'existing-path', path: await timeSkippingServerPath() } } }`.
 */
export function timeSkippingServerPath(): Promise<string> {
  return programPath('temporal-test-server');
}

export async function programPath(program: ServerProgram): Promise<string> {
  // A test never uses a server that somebody else works with.
  const { TEMPORAL_ADDRESS: _temporal, MONGODB_URI: _mongodb, ...env } = process.env;
  const located = await locateServer(program, env, () => undefined);
  if (located.kind !== 'program') throw new Error(`${program} was found as an address`);
  return located.path;
}

interface Plan {
  readonly args: readonly string[];
  ready(): Promise<void>;
}

async function start(
  program: string,
  { dataDir, port }: { dataDir: string | undefined; port: number | undefined },
  plan: (folder: string, port: number) => Promise<Plan>,
): Promise<RunningServer> {
  const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'jiugai-test-')));
  await mkdir(folder, { recursive: true });
  // Between choosing a free port and listening on it somebody else can take it: then once more with another.
  for (let attempt = 1; ; attempt += 1) {
    const chosen = port ?? (await freePort());
    const { args, ready } = await plan(folder, chosen);
    const child = spawnBound(program, args);
    let printed = '';
    child.process.stdout?.on('data', (chunk) => (printed = (printed + chunk).slice(-4_000)));
    child.process.stderr?.on('data', (chunk) => (printed = (printed + chunk).slice(-4_000)));
    const early = child.ended.then(() => Promise.reject(new Error(`${program} ended at once:\n${printed}`)));
    try {
      await Promise.race([ready(), early]);
      early.catch(() => undefined);
      return running(child, folder, chosen, dataDir === undefined);
    } catch (error) {
      child.process.kill('SIGKILL');
      await child.ended;
      if (attempt === 3) throw error;
    }
  }
}

function running(child: BoundChild, dataDir: string, port: number, temporary: boolean): RunningServer {
  const kill = async (): Promise<void> => {
    child.process.kill('SIGKILL');
    await child.ended;
  };
  const stop = async (): Promise<void> => {
    // Nobody needs the data any more, so nothing is gained by waiting for an orderly end.
    await kill();
    if (temporary) await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  };
  if (temporary) process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }));
  return { pid: child.process.pid ?? 0, port, dataDir, kill, stop };
}

interface BoundChild {
  readonly process: ChildProcess;
  readonly ended: Promise<void>;
}

/** Starts a child that dies with this process, however this process ends. */
function spawnBound(program: string, args: readonly string[]): BoundChild {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(existsSync);
  const command = setpriv ? [setpriv, '--pdeathsig', 'KILL', program, ...args] : [program, ...args];
  const child = spawn(command[0] as string, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
  const killOnExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killOnExit);
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => {
      process.removeListener('exit', killOnExit);
      resolve();
    });
  });
  return { process: child, ended };
}
