import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRehearsal, type Rehearsal, type RehearsalOptions } from '../../bin/rehearsal/start';
import { StartRefused } from '../../bin/running/refused';

interface Account {
  readonly username: string;
  readonly password: string;
}

let folder: string;
let options: RehearsalOptions;
let rehearsal: Rehearsal;
let token: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jiugai-rehearsal-'));
  const { TEMPORAL_ADDRESS: _temporal, MONGODB_URI: _mongodb, ...env } = process.env;
  const cacheDir = join(__dirname, '../../node_modules/.cache/jiugai');
  options = { dataDir: folder, port: 0, mongodbPort: 0, env, cacheDir, say: () => undefined };
  rehearsal = await startRehearsal(options);
  const [account] = JSON.parse(await readFile(rehearsal.accountsFile, 'utf8')) as Account[];
  const body = { username: account?.username, password: account?.password };
  token = ((await (await send('POST', '/api/v1/sessions', body)).json()) as { token: string }).token;
}, 120_000);

afterAll(async () => {
  await rehearsal?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

function send(method: string, path: string, body?: unknown): Promise<Response> {
  const headers = {
    ...(token ? { Authorization: `Bearer ${token}` } : {}),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(`${rehearsal.url}${path}`, { method, headers, ...sent });
}

async function plans(): Promise<{ year: number; open: boolean }[]> {
  const answer = await send('GET', '/api/v1/plans');
  return ((await answer.json()) as { items: { year: number; open: boolean }[] }).items;
}

test('a rehearsal is ready, says in every answer that it is one, and keeps its accounts to its owner', async () => {
  for (const path of ['/readyz', '/healthz', '/api/v1/plans', '/api/v1/nothing']) {
    const answer = await send('GET', path);
    expect([path, answer.headers.get('X-Rehearsal')]).toEqual([path, 'true']);
  }
  expect((await send('GET', '/readyz')).status).toBe(200);
  expect((await stat(rehearsal.accountsFile)).mode & 0o777).toBe(0o600);
});

test('P2.1.4: a rehearsal begins with the plan of its season open for declaration', async () => {
  const open = (await plans()).filter((plan) => plan.open);
  expect(open.map(({ year }) => year)).toEqual([rehearsal.planYear]);
});

test('a second rehearsal in the same folder is refused in one sentence, and the first goes on', async () => {
  await expect(startRehearsal(options)).rejects.toThrow(StartRefused);
  await expect(startRehearsal(options)).rejects.toThrow(/is in use by another start/);
  expect((await send('GET', '/readyz')).status).toBe(200);
});

test('a taken port is refused by the name of its variable', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as { port: number };
  const elsewhere = join(folder, 'elsewhere');
  const start = startRehearsal({ ...options, dataDir: elsewhere, port });
  await expect(start).rejects.toThrow(`choose another port with PORT, as in PORT=${port + 1}`);
  await new Promise((resolve) => taken.close(resolve));
});

test('P2.1.4: the clock moves over HTTP, and a January on the way opens the plan of the next year', async () => {
  expect((await plans()).map(({ year }) => year)).not.toContain(rehearsal.planYear + 1);
  const before = rehearsal.now();
  const answer = await send('POST', '/api/v1/rehearsal/clock', { advance: 'P470D' });
  const { now } = (await answer.json()) as { now: string };
  expect(Date.parse(now) - before).toBeGreaterThanOrEqual(470 * 86_400_000);
  expect(Math.abs(rehearsal.now() - Date.parse(now))).toBeLessThan(5_000);
  expect((await plans()).map(({ year }) => year)).toContain(rehearsal.planYear + 1);
});

test('the record of a rehearsal holds against its engine, and is gone with it', async () => {
  const verified = await rehearsal.verify();
  expect(verified.faults).toEqual([]);
  expect(verified.workflows).toBeGreaterThan(10);
  await rehearsal.stop();
  await expect(fetch(`${rehearsal.url}/healthz`)).rejects.toThrow();
  expect(existsSync(join(folder, 'rehearsal', 'mongodb'))).toBe(false);
});
