import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '../../bin/running/ports';
import { keysDirOf, prepareKeys } from '../../keys/folder';
import { bundleWorkflows } from '../../worker/bundle';
import { bundleProgram } from '../support/bundled';
import { startMongo, startTemporal, type RunningServer } from '../support/servers';

export const REPOSITORY = resolve(__dirname, '../..');

/** A test run that is itself killed leaves nothing behind. */
const DIES_WITH_PARENT = existsSync('/usr/bin/setpriv') ? ['/usr/bin/setpriv', '--pdeathsig', 'KILL'] : [];

/** One process that can be killed and comes back by itself. */
export interface Victim {
  readonly name: string;
  readonly kind: 'worker' | 'api' | 'engine' | 'store';
  ready: boolean;
  /** Resolves when it is dead; it is started again at once, in the background. */
  kill(): Promise<void>;
  /** Resolves when it works (again). */
  up(): Promise<void>;
  end(): Promise<void>;
}

/** The whole system as processes: engine, store, two workers, two APIs. */
export interface Town {
  readonly victims: readonly Victim[];
  /** Addresses of the APIs that are up now. */
  apis(): string[];
  readonly temporalAddress: string;
  readonly keysDir: string;
  readonly mongoUri: string;
  /** What workers and APIs have logged as errors. */
  readonly errors: readonly string[];
  end(): Promise<void>;
}

export async function buildTown(): Promise<Town> {
  const cacheDir = join(REPOSITORY, '.data/cache');
  const workflowsPath = join(__dirname, 'fault-step.workflows.ts');
  const [bundlePath, mongo, temporal, ...ports] = await Promise.all([
    bundleWorkflows({ cacheDir, workflowsPath }),
    startMongo(),
    startTemporal(),
    freePort(),
    freePort(),
  ]);
  // Inside the repository, so that what is not bundled is found.
  const folder = mkdtempSync(join(cacheDir, 'faults-'));
  // The API reads its version from the folder above its code.
  writeFileSync(join(folder, 'package.json'), '{"version":"0.0.0"}');
  const [workerProgram, apiProgram] = ['test/faults/worker-process.ts', 'api/main.ts'].map((entry) =>
    bundleProgram(entry, join(folder, 'built', `${entry.replaceAll('/', '-')}.cjs`)),
  ) as [string, string];
  prepareKeys(keysDirOf(folder), Date.now());
  // Found by its path beside the code, so it stands beside what was bundled from it.
  bundleProgram('keys/failure-converter.ts', join(folder, 'built', 'failure-converter.ts'));
  const env = {
    ...process.env,
    MONGODB_URI: mongo.uri,
    TEMPORAL_ADDRESS: temporal.address,
    JIUGAI_DATA_DIR: folder,
    JIUGAI_LOG_LEVEL: 'info',
    FAULT_BUNDLE: bundlePath,
  };
  const errors: string[] = [];
  const apis = ports.map((port, n) =>
    child(`API ${n + 1}`, 'api', apiProgram, { ...env, PORT: String(port) }, errors),
  );
  const victims: Victim[] = [
    server('store', mongo, (options) => startMongo(options)),
    server('engine', temporal, (options) => startTemporal(options)),
    ...[1, 2].map((n) => child(`worker ${n}`, 'worker', workerProgram, env, errors)),
    ...apis,
  ];
  return {
    victims,
    errors,
    apis: () => ports.flatMap((port, n) => (apis[n]?.ready ? [`http://127.0.0.1:${port}`] : [])),
    temporalAddress: temporal.address,
    keysDir: keysDirOf(folder),
    mongoUri: mongo.uri,
    async end() {
      for (const victim of [...victims].reverse()) await victim.end();
      for (const { dataDir } of [mongo, temporal]) rmSync(dataDir, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function server(
  kind: 'engine' | 'store',
  first: RunningServer,
  start: (options: { dataDir: string; port: number }) => Promise<RunningServer>,
): Victim {
  let current = Promise.resolve(first);
  const { dataDir, port } = first;
  const victim: Victim = {
    name: kind,
    kind,
    ready: true,
    async kill() {
      victim.ready = false;
      await (await current).kill();
      current = start({ dataDir, port });
      void current.then(() => (victim.ready = true));
    },
    async up() {
      await current;
    },
    async end() {
      await (await current).kill();
    },
  };
  return victim;
}

function child(
  name: string,
  kind: 'worker' | 'api',
  program: string,
  env: NodeJS.ProcessEnv,
  errors: string[],
): Victim {
  let current: ChildProcess | undefined;
  let working = Promise.resolve();
  let ending = false;
  const start = (): void => {
    let printed = '';
    const [first, ...rest] = [...DIES_WITH_PARENT, process.execPath, program];
    const started = spawn(first as string, rest, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    current = started;
    working = new Promise((done) => {
      started.stdout.on('data', (chunk: Buffer) => {
        printed = (printed + chunk.toString()).slice(-4_000);
        errors.push(
          ...chunk
            .toString()
            .split('\n')
            .filter((line) => line.startsWith('{"level":50'))
            .map((line) => `${name}: ${line.slice(0, 400)}`),
        );
        if (!victim.ready && printed.includes('"ready":true')) {
          victim.ready = started === current;
          done();
        }
      });
    });
    started.stderr.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString()).slice(-4_000)));
    started.once('close', (code) => {
      if (started !== current) return;
      victim.ready = false;
      // Not killed by the test: a fault of the product's, to be seen.
      console.error(`${name} ended by itself (${code}):\n${printed}`);
      if (!ending) setTimeout(start, 500);
    });
  };
  const die = async (): Promise<void> => {
    const dying = current;
    current = undefined;
    victim.ready = false;
    const dead = new Promise((done) => dying?.once('close', done));
    dying?.kill('SIGKILL');
    await dead;
  };
  const victim: Victim = {
    name,
    kind,
    ready: false,
    async kill() {
      await die();
      start();
    },
    up: () => working,
    async end() {
      ending = true;
      await die();
    },
  };
  start();
  return victim;
}
