import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { headAfter, link } from '../../domain/events';
import { headStatement } from '../../domain/signing/statements';
import { forgetRoot, keysDirOf, prepareKeys, readIdentity, readRoots, rotateRoot } from '../../keys/folder';
import { signStatement } from '../../keys/identity';
import type { Store } from '../../store/connect';
import { eventId } from '../../store/events';
import { writeBatch } from '../../store/record';
import { makeDailyRoot } from '../../worker/daily-root';
import { batchOf, chain } from '../store/sample-record';
import { startTemporal } from '../support/servers';
import { withStore } from '../support/store';

const ROOT = resolve(__dirname, '../..');
const PLAN = 'plan/2028';
let mongoUri: string;
let store: Store;
let folder: string;

withStore((opened, { uri }) => {
  store = opened;
  mongoUri = uri;
});
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jiugai-verify-'));
  prepareKeys(keysDirOf(folder), Date.now());
  await writeBatch(store, batchOf(PLAN, chain(PLAN, 3)));
  await makeDailyRoot(store, readIdentity(keysDirOf(folder), 'worker'), Date.now());
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The last event of a chain whose workflow has ended, as its worker signs it. */
async function closeChain(): Promise<void> {
  const [last] = await store.events.ofWorkflow(PLAN, 3);
  if (!last) throw new Error('the chain has no third event');
  const at = new Date().toISOString();
  const statement = headStatement(PLAN, headAfter(last), at);
  const signature = signStatement(readIdentity(keysDirOf(folder), 'worker'), statement);
  const end = link(headAfter(last), { workflowId: PLAN, at, type: 'step-done', signature });
  await store.events.model.collection.insertOne({ _id: eventId(PLAN, 4), ...end } as never);
  await store.heads.model.updateOne({ _id: PLAN }, { $set: headAfter(end) });
}

/** The command as somebody runs it. */
function verify(...args: string[]): Promise<{ code: number; said: string }> {
  return verifyAt('127.0.0.1:1', ...args);
}

function verifyAt(engine: string, ...args: string[]): Promise<{ code: number; said: string }> {
  const command = ['--import', 'tsx', join(ROOT, 'bin/record-verify.ts'), ...args];
  return new Promise((done) => {
    const options = {
      cwd: ROOT,
      env: { ...process.env, TEMPORAL_ADDRESS: engine, MONGODB_URI: mongoUri, JIUGAI_DATA_DIR: folder },
    };
    execFile(process.execPath, command, options, (error, stdout, stderr) =>
      done({ code: Number(error?.code ?? 0), said: stdout + stderr }),
    );
  });
}

test('P5.1.2: a whole record is said to be whole, and how fast that was found', async () => {
  const { code, said } = await verify('--without-engine');
  expect([code, said]).toEqual([0, expect.stringContaining('the record is whole')]);
  expect(said).toMatch(/3 events in 1 chains, 0 signatures[\s\S]*1 daily roots[\s\S]*events a second/);
});

test('P5.1.2: one that is not is named, event by event, with an exit code of 1', async () => {
  const _id = eventId(PLAN, 2) as never;
  await store.events.model.collection.updateOne({ _id }, { $set: { type: 'step-done' } });
  try {
    const { code, said } = await verify('--without-engine', '--plan', '2028');
    expect([code, said]).toEqual([1, expect.stringContaining('plan/2028 #2: 内容与校验值不符')]);
    const { said: json } = await verify('--without-engine', '--without-signatures', '--json');
    expect(JSON.parse(json)).toMatchObject({ faults: [{ workflowId: PLAN, seq: 2, kind: 'altered' }] });
  } finally {
    await store.events.model.collection.updateOne({ _id }, { $set: { type: 'task-reminded' } });
  }
});

test('P5.1.2: a history that is gone is a fault, unless its workflow ended, signed, longer ago than the engine keeps them', async () => {
  const temporal = await startTemporal();
  try {
    const { code, said } = await verifyAt(temporal.address);
    expect([code, said]).toEqual([1, expect.stringContaining('plan/2028 #3: 流程引擎中已无此流程')]);
    await store.heads.model.updateOne({ _id: PLAN }, { $set: { open: false } });
    expect(await verifyAt(temporal.address)).toEqual({ code, said: expect.stringContaining('已无此流程') });
    await store.heads.model.updateOne({ _id: PLAN }, { $set: { at: '2020-01-01T00:00:00.000Z' } });
    const cutOff = await verifyAt(temporal.address);
    expect([cutOff.code, cutOff.said]).toEqual([1, expect.stringContaining('plan/2028 #3: 流程历史已过期')]);
    await closeChain();
    const closed = await verifyAt(temporal.address);
    expect([closed.code, closed.said]).toEqual([0, expect.stringContaining('of 1 the history expired')]);
  } finally {
    await temporal.stop();
  }
});

test('P5.1.2: a root that nobody believes any longer still vouches for what was signed in its time', async () => {
  const keys = keysDirOf(folder);
  const [old] = readRoots(keys);
  rotateRoot(keys, Date.now());
  forgetRoot(keys, old?.id ?? '');
  const { code, said } = await verify('--without-engine');
  expect([code, said]).toEqual([0, expect.stringContaining('the record is whole')]);
});

test('what cannot be verified is no whole record: a missing key, an unknown option', async () => {
  expect((await verify('--plan', 'next')).code).not.toBe(0);
  rmSync(join(keysDirOf(folder), 'trust.json'));
  const { code, said } = await verify('--without-engine');
  expect([code, said]).toEqual([2, expect.stringContaining('trust.json is missing')]);
});
