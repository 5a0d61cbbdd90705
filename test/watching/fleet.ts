import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../../bin/running/ports';
import { sampleOrganisations } from '../../bin/sample-city/organisations';
import { prepareKeys } from '../../keys/folder';
import { linyi } from '../../policy/linyi';
import { connectStore, type Store } from '../../store/connect';
import { community, logIn } from '../api/api';
import { startMongo, startTemporal, type RunningMongo, type RunningTemporal } from '../support/servers';
import { eventually } from '../worker/running-worker';

const REPOSITORY = resolve(__dirname, '../..');

type Entry = Record<string, unknown>;

/** A process of the product's own, as production runs it. */
export interface Member {
  readonly url: string;
  /** What it has logged. */
  entries(): Entry[];
  signal(signal: NodeJS.Signals): void;
  /** Kills it and starts it again. */
  restart(): Promise<void>;
}

/** Engine, store, one worker and one API process, and people who act. */
export interface Fleet {
  /** Folder of the keys of all its processes. */
  readonly keys: string;
  readonly store: Store;
  readonly worker: Member;
  readonly api: Member;
  readonly mongo: () => RunningMongo;
  readonly temporal: () => RunningTemporal;
  restartMongo(): Promise<void>;
  restartTemporal(): Promise<void>;
  as(organisation: string): Promise<Caller>;
  stop(): Promise<void>;
}

export interface Answered {
  readonly status: number;
  readonly body: Record<string, never> & { items: { id: string }[] };
}
/** Somebody who is logged in. */
export interface Caller {
  get(path: string): Promise<Answered>;
  post(path: string, body: object, headers?: Record<string, string>): Promise<Answered>;
}

/** @param env for both processes, beside what they need */
export async function startFleet(env: NodeJS.ProcessEnv = {}): Promise<Fleet> {
  const keys = mkdtempSync(join(tmpdir(), 'jiugai-keys-'));
  prepareKeys(keys, Date.now());
  let [mongo, temporal] = await Promise.all([startMongo(), startTemporal()]);
  const store = await connectStore(mongo.uri);
  await store.prepare();
  await store.organisations.model.insertMany(
    sampleOrganisations(linyi).map(({ id, ...rest }) => ({ _id: id, ...rest })),
  );
  await store.communities.model.create(community({ _id: 'c1' }));
  const shared = {
    ...process.env,
    TEMPORAL_ADDRESS: temporal.address,
    MONGODB_URI: mongo.uri,
    JIUGAI_KEYS_DIR: keys,
    JIUGAI_LOG_LEVEL: 'debug',
    ...env,
  };
  const [workerPort, apiPort] = [await freePort(), await freePort()];
  const worker = member('worker/main.ts', { ...shared, JIUGAI_WORKER_PORT: String(workerPort) }, workerPort);
  const api = member('api/main.ts', { ...shared, PORT: String(apiPort) }, apiPort);
  await Promise.all([worker.works(), api.works()]);
  return {
    keys,
    store,
    worker,
    api,
    mongo: () => mongo,
    temporal: () => temporal,
    async restartMongo() {
      mongo = await startMongo({ dataDir: mongo.dataDir, port: mongo.port });
    },
    async restartTemporal() {
      temporal = await startTemporal({ dataDir: temporal.dataDir, port: temporal.port });
    },
    as: (organisation) => callerOf(api.url, store, organisation),
    async stop() {
      await Promise.all([worker.end(), api.end()]);
      await store.close();
      await Promise.all([temporal.stop(), mongo.stop()]);
      rmSync(keys, { recursive: true, force: true });
    },
  };
}

function member(program: string, env: NodeJS.ProcessEnv, port: number) {
  const url = `http://127.0.0.1:${port}`;
  let printed = '';
  let child: ChildProcess;
  let ended: Promise<unknown>;
  const begin = (): void => {
    child = spawn(process.execPath, ['--import', 'tsx', program], { cwd: REPOSITORY, env });
    child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    ended = new Promise((done) => child.once('exit', done));
    const killOnExit = (): void => void child.kill('SIGKILL');
    process.once('exit', killOnExit);
    child.once('exit', () => process.removeListener('exit', killOnExit));
  };
  begin();
  const works = () =>
    eventually(`${program} is ready`, async () => (await statusOf(`${url}/readyz`)) === 200, 90_000).catch(
      (error: Error) => {
        throw new Error(`${error.message}; it printed:\n${printed.slice(-4_000)}`);
      },
    );
  return {
    url,
    works,
    entries: () => printed.split('\n').flatMap((line) => (line.startsWith('{') ? [entryOf(line)] : [])),
    signal: (signal: NodeJS.Signals) => void child.kill(signal),
    async restart() {
      child.kill('SIGKILL');
      await ended;
      begin();
      await works();
    },
    async end() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The last line may be half there. */
function entryOf(line: string): Entry {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return {};
  }
}

/** 0 where nobody answers. */
async function statusOf(url: string): Promise<number> {
  return fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    async (answer) => {
      await answer.arrayBuffer();
      return answer.status;
    },
    () => 0,
  );
}

async function callerOf(url: string, store: Store, organisation: string): Promise<Caller> {
  const id = `u-${organisation}`;
  const account = {
    username: id,
    passwordHash: 'none',
    seats: [{ organisation, role: 'handler' as const }],
    mustChangePassword: false,
    disabled: false,
    sample: false,
    createdAt: new Date(),
  };
  await store.users.model.updateOne({ _id: id }, account, { upsert: true });
  const headers = {
    Authorization: `Bearer ${await logIn(store, id)}`,
    'Content-Type': 'application/json',
  };
  const send = async (path: string, init: RequestInit): Promise<Answered> => {
    const answer = await fetch(path.startsWith('/') ? `${url}${path}` : `${url}/api/v1/${path}`, init);
    const text = await answer.text();
    return {
      status: answer.status,
      body: (text.startsWith('{') ? JSON.parse(text) : {}) as Answered['body'],
    };
  };
  return {
    get: (path) => send(path, { headers }),
    post: (path, body, more = {}) =>
      send(path, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) }),
  };
}

/** The first open task of a kind in somebody's inbox, with what would be accepted. */
export function firstTask(caller: Caller, kind: string): Promise<{ id: string; example: object }> {
  return eventually(`a task ${kind}`, async () => {
    const { body } = await caller.get(`tasks?status=open&mine=true&kind=${kind}`);
    const [first] = body.items ?? [];
    if (!first) return undefined;
    return (await caller.get(`tasks/${first.id}`)).body as unknown as { id: string; example: object };
  });
}
