import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { markedProcesses, stopLeftovers } from '../../bin/running/leftovers';
import { DATA_VERSION } from '../../bin/running/data-folder';
import { waitUntil } from '../../bin/running/waiting';
import { freePorts, partPids, Started, type PartName, type Ports } from './started';

const PARTS: readonly PartName[] = ['worker', 'api', 'temporal', 'mongod'];

let dataDir: string;
let ports: Ports;
const started: Started[] = [];

function startOn(folder: string, more: NodeJS.ProcessEnv = {}): Started {
  const one = new Started({ ...ports, JIUGAI_DATA_DIR: folder, ...more });
  started.push(one);
  return one;
}

async function running(): Promise<Started> {
  const one = startOn(dataDir);
  await one.says(/Ctrl-C stops everything/);
  return one;
}

async function notes<T>(work: (notes: mongo.Collection) => Promise<T>): Promise<T> {
  const { MONGODB_URI } = (await (await fetch(`http://127.0.0.1:${ports.PORT}/`)).json()) as {
    MONGODB_URI: string;
  };
  const client = await new mongo.MongoClient(MONGODB_URI).connect();
  try {
    return await work(client.db().collection('notes'));
  } finally {
    await client.close();
  }
}

const writeNote = (text: string): Promise<unknown> =>
  notes((all) => all.insertOne({ text }, { writeConcern: { w: 'majority', journal: true } }));
const readNotes = (): Promise<string[]> =>
  notes(async (all) => (await all.find().sort({ _id: 1 }).toArray()).map((note) => note['text'] as string));

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'jiugai-start-'));
  ports = await freePorts();
});

afterEach(async () => {
  for (const one of started.splice(0)) {
    one.signal('SIGKILL');
    await one.ended;
  }
  await stopLeftovers(dataDir, () => undefined, 0);
});

afterAll(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));

describe('npm start', () => {
  test('the first start brings up everything and tells the addresses, the accounts and one password', async () => {
    const one = await running();
    expect(Object.keys(await partPids(dataDir)).sort()).toEqual([...PARTS].sort());
    expect(one.output).toContain(`http://127.0.0.1:${ports.PORT}/api/v1`);
    expect(one.output).toContain(`http://127.0.0.1:${ports.TEMPORAL_UI_PORT}`);
    expect(one.output).toContain(`${join(dataDir, 'sample-accounts.json')} (just written`);
    expect(one.output).toContain('administrator, password 样例-one-time');
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(dataDir, 'version'), 'utf8')).toBe(`${DATA_VERSION}\n`);
    expect(await (await fetch(`http://127.0.0.1:${ports.PORT}/readyz`)).json()).toMatchObject({
      TEMPORAL_ADDRESS: `127.0.0.1:${ports.TEMPORAL_PORT}`,
      TEMPORAL_UI_ADDRESS: `http://127.0.0.1:${ports.TEMPORAL_UI_PORT}`,
      JIUGAI_DATA_DIR: dataDir,
    });
    await writeNote('before Ctrl-C');

    one.signal('SIGINT');
    expect(await one.ended).toBe(0);
    expect(await markedProcesses(dataDir)).toEqual([]);
    const order = [...one.output.matchAll(/^Stopping (.*)$/gm)].map((match) => match[1]);
    expect(order).toEqual(['the API', 'the worker', 'Temporal', 'MongoDB']);
  });

  test('a second start goes on where the first stood, and another one on the folder is refused', async () => {
    const one = await running();
    expect(one.output).toContain('sample-accounts.json (from an earlier start');
    expect(one.output).not.toContain('password');
    expect(await readNotes()).toEqual(['before Ctrl-C']);

    const second = startOn(dataDir, await freePorts().then((other) => ({ ...other })));
    expect(await second.ended).toBe(1);
    expect(second.output).toContain(`${dataDir} is in use by another start (pid ${one.pid})`);
    expect(second.output.trim().split('\n')).toHaveLength(1);
    expect(await readNotes()).toEqual(['before Ctrl-C']);
    await writeNote('before the parent was killed');

    const before = await partPids(dataDir);
    one.signal('SIGKILL');
    await one.ended;
    expect(await partPids(dataDir)).toEqual(before);
  });

  test('servers that a killed parent left behind are stopped before new ones start, nothing is lost', async () => {
    const killed = await running();
    killed.signal('SIGKILL');
    await killed.ended;
    const left = await partPids(dataDir);
    expect(Object.keys(left)).toHaveLength(PARTS.length);

    const one = await running();
    expect(one.output).toMatch(/Stopping what an earlier start left behind: .*mongod \(pid \d+\)/);
    const now = await partPids(dataDir);
    for (const part of PARTS) expect(now[part]).not.toBe(left[part]);
    expect(await readNotes()).toEqual(['before Ctrl-C', 'before the parent was killed']);
  });

  test('after kill -9 of every process at once the next start has all that was answered', async () => {
    const one = await running();
    await writeNote('before everything was killed');
    const pids = Object.values(await partPids(dataDir));
    for (const pid of [one.pid, ...pids]) process.kill(pid, 'SIGKILL');
    await one.ended;
    await running();
    expect((await readNotes()).at(-1)).toBe('before everything was killed');
  });

  test('a process that is killed is started again while the others go on', async () => {
    const one = await running();
    const before = await partPids(dataDir);
    for (const part of PARTS) process.kill(before[part] as number, 'SIGKILL');
    for (const title of ['The worker', 'The API', 'Temporal', 'MongoDB']) {
      await one.says(new RegExp(`${title} ended \\(SIGKILL\\) and is started again in 0\\.5 s`));
      await one.says(new RegExp(`${title} works again`));
    }
    expect((await readNotes()).length).toBeGreaterThan(0);

    const between = await partPids(dataDir);
    process.kill(between.worker as number, 'SIGKILL');
    await one.says(/The worker ended \(SIGKILL\) and is started again in 1 s\.\nThe worker works again/);
    const after = await partPids(dataDir);
    expect({ ...after, worker: 0 }).toEqual({ ...between, worker: 0 });
    expect(after.worker).not.toBe(between.worker);

    one.signal('SIGTERM');
    expect(await one.ended).toBe(0);
  });

  test('a port that is taken is named with the variable that chooses another, and nothing is left running', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(Number(ports.MONGODB_PORT), '127.0.0.1', resolve));
    const one = startOn(dataDir);
    expect(await one.ended).toBe(1);
    other.close();
    expect(one.output).toContain(`Port ${ports.MONGODB_PORT} is taken by another program`);
    expect(one.output).toContain('MONGODB_PORT=');
    expect(await markedProcesses(dataDir)).toEqual([]);
  });

  test('a signal during the start stops what has begun', async () => {
    const one = startOn(dataDir);
    await one.says(/MongoDB is starting/);
    one.signal('SIGINT');
    expect(await one.ended).toBe(0);
    expect(await markedProcesses(dataDir)).toEqual([]);
  });

  test('a missing server program, a wrong variable and a data folder of a newer version end it with one message', async () => {
    const missing = startOn(dataDir, { PATH: '/nowhere', JIUGAI_CACHE_DIR: '/dev/null/cache' });
    expect(await missing.ended).toBe(1);
    expect(missing.output).toMatch(
      /The server program (mongod|temporal) was found nowhere[\s\S]*Mend one of these/,
    );

    const wrong = startOn(dataDir, { JIUGAI_DATADIR: 'x', TEMPORAL_PORT: '70000' });
    expect(await wrong.ended).toBe(1);
    expect(wrong.output).toContain('JIUGAI_DATADIR is not a variable of this program');
    expect(wrong.output).toContain('TEMPORAL_PORT is not a port');

    await writeFile(join(dataDir, 'version'), `${DATA_VERSION + 1}\n`);
    const older = startOn(dataDir);
    expect(await older.ended).toBe(1);
    expect(older.output).toContain(`has version ${DATA_VERSION + 1} and this program knows versions up to`);
    for (const one of [missing, wrong, older]) expect(one.output).not.toMatch(/^\s+at /m);
    await waitUntil('the end', async () => (await markedProcesses(dataDir)).length === 0, {
      withinMs: 1_000,
    });
  });
});
