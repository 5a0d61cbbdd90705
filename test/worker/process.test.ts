import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../bin/running/ports';
import { prepareKeys } from '../../keys/folder';
import { ANNUAL_PLAN_SCHEDULE } from '../../worker/annual-plan-schedule';
import { startMongo, startTemporal, type RunningMongo, type RunningTemporal } from '../support/servers';
import { eventually } from './running-worker';

const REPOSITORY = resolve(__dirname, '../..');
const keys = mkdtempSync(join(tmpdir(), 'jiugai-keys-'));

let worker: ChildProcess;
let printed = '';
let temporal: RunningTemporal | undefined;
let mongo: RunningMongo | undefined;

afterAll(async () => {
  worker?.kill('SIGKILL');
  await Promise.all([temporal?.stop(), mongo?.stop()]);
  rmSync(keys, { recursive: true, force: true });
});

function entries(): Record<string, unknown>[] {
  return printed.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
}

test('the worker waits for servers that are not up yet, works, and ends in good order', async () => {
  const [temporalPort, mongoPort] = [await freePort(), await freePort()];
  prepareKeys(keys, Date.now());
  worker = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
    cwd: REPOSITORY,
    env: {
      ...process.env,
      TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
      MONGODB_URI: `mongodb://127.0.0.1:${mongoPort}/?replicaSet=jiugai`,
      JIUGAI_KEYS_DIR: keys,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  worker.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  worker.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = new Promise((done) => worker.once('exit', done));
  const waitsFor = (what: string) =>
    entries().some(({ msg }) => String(msg).startsWith(`waiting for ${what}`));
  await eventually(
    'it says for what it waits',
    async () => waitsFor('MongoDB') && waitsFor('Temporal'),
    60_000,
  );

  [temporal, mongo] = await Promise.all([
    startTemporal({ port: temporalPort }),
    startMongo({ port: mongoPort }),
  ]);
  await eventually('it is ready', async () => entries().some(({ ready }) => ready === true), 90_000);
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection });
  expect((await client.schedule.getHandle(ANNUAL_PLAN_SCHEDULE).describe()).action.type).toBe(
    'startWorkflow',
  );
  await connection.close();

  worker.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(entries().at(-1)).toMatchObject({ msg: 'stopped' });
}, 240_000);
