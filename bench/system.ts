import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../bin/running/ports';
import { waitUntil } from '../bin/running/waiting';
import type { SampleAccount } from '../bin/sample-city/accounts';
import { seedSampleCity } from '../bin/seed';
import { dataConverterOf } from '../keys/data-converter';
import { keysDirOf, prepareKeys, readIdentity, readKeyring, readRoots } from '../keys/folder';
import type { Identity } from '../keys/identity';
import type { Root } from '../domain/signing/certificate';
import { connectStore, type Store } from '../store/connect';
import { startMongo, startTemporal, type RunningMongo, type RunningTemporal } from '../test/support/servers';

export const ROOT = resolve(__dirname, '..');
export const TASK_QUEUE = 'jiugai';

/** The system as `npm start` runs it: engine, store, worker and API as processes of their own. */
export interface RunningSystem {
  readonly mongo: RunningMongo;
  readonly temporal: RunningTemporal;
  readonly worker: ChildProcess;
  readonly api: ChildProcess;
  readonly url: string;
  readonly store: Store;
  readonly client: Client;
  /** The API's signing key: what the bench does past the API must count too. */
  readonly signer: Identity;
  readonly roots: readonly Root[];
  readonly accounts: readonly SampleAccount[];
  readonly mongoUri: string;
  token(username: string): Promise<string>;
  stop(): Promise<void>;
}

function startProcess(
  script: string,
  env: Record<string, string>,
  profileDir: string | undefined,
): ChildProcess {
  const profiled = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  return spawn(process.execPath, [...profiled, '--import', 'tsx', join(ROOT, script)], {
    env: { ...process.env, JIUGAI_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** @param profileDir folder for V8's samples of worker and API; none are taken without it */
export async function startSystem({ profileDir }: { profileDir?: string } = {}): Promise<RunningSystem> {
  const [mongo, temporal, dataDir, port] = await Promise.all([
    startMongo(),
    startTemporal(),
    mkdtemp(join(tmpdir(), 'jiugai-bench-')),
    freePort(),
  ]);
  const mongoUri = mongo.uri.replace(/\/(\?|$)/, '/jiugai$1');
  const { accountsFile } = await seedSampleCity({ mongoUri, dataDir, log: () => undefined });
  const accounts = JSON.parse(await readFile(accountsFile, 'utf8')) as SampleAccount[];
  const env = {
    TEMPORAL_ADDRESS: temporal.address,
    MONGODB_URI: mongoUri,
    JIUGAI_DATA_DIR: dataDir,
    PORT: String(port),
    // What is measured is how many it can, not how many it lets.
    JIUGAI_REQUESTS_PER_MINUTE: '100000000',
  };
  const keys = keysDirOf(dataDir);
  prepareKeys(keys, Date.now());
  const worker = startProcess('worker/main.ts', env, profileDir);
  const api = startProcess('api/main.ts', env, profileDir);
  const url = `http://127.0.0.1:${port}`;
  await waitUntil(
    'the API',
    async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.status === 200,
    { withinMs: 60_000 },
  );
  const [store, connection] = await Promise.all([
    connectStore(mongoUri),
    Connection.connect({ address: temporal.address }),
  ]);
  return {
    mongo,
    temporal,
    worker,
    api,
    url,
    store,
    client: new Client({ connection, dataConverter: dataConverterOf(readKeyring(keys, 'payload')) }),
    accounts,
    signer: readIdentity(keys, 'api'),
    roots: readRoots(keys),
    mongoUri,
    async token(username) {
      const account = accounts.find((one) => one.username === username);
      const answer = await fetch(`${url}/api/v1/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username, password: account?.password }),
      });
      if (answer.status !== 201)
        throw new Error(`log-in of ${username}: ${answer.status} ${await answer.text()}`);
      return ((await answer.json()) as { token: string }).token;
    },
    async stop() {
      for (const child of [api, worker]) child.kill('SIGTERM');
      await Promise.all([api, worker].map((child) => new Promise((done) => child.once('exit', done))));
      await Promise.all([connection.close(), store.close()]);
      await Promise.all([mongo.stop(), temporal.stop(), rm(dataDir, { recursive: true, force: true })]);
    },
  };
}
