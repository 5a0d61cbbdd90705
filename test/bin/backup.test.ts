import { appendFile, copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { mongo } from 'mongoose';
import { backUp } from '../../bin/backup/back-up';
import { BackupRefused, MANIFEST, readManifest } from '../../bin/backup/manifest';
import { restore, type Restored } from '../../bin/backup/restore';
import { verifyRecord } from '../../bin/record/verify';
import { yearToDeclare } from '../../domain/annual-plan';
import { linyi } from '../../policy/linyi';
import { connectStore, type Store } from '../../store/connect';
import { createWorker } from '../../worker/create';
import { reconcile } from '../../worker/reconcile/reconcile';
import { Sweep } from '../../worker/sweep';
import { eventually, insist, startReal, taskOf, TASK_QUEUE, type RealSystem } from '../api/real';
import { testDataConverter, testKeys, testPayloadKeys } from '../support/keys';
import { startMongo, startTemporal } from '../support/servers';

/** A running system of which two backups are taken, with a decision between them. */
let system: RealSystem;
let base: string;
let step: string;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const FILE = Buffer.alloc(700_000, '样例');

const folder = (name: string): string => join(base, name);

async function take(name: string) {
  const temporal = system.temporal();
  const options = { mongoUri: system.mongo().uri, engineDir: temporal.dataDir, enginePid: temporal.pid };
  return backUp({ folder: folder(name), ...options });
}

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'jiugai-backup-'));
  system = await startReal();
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);
  await insist(await system.as('371300-housing'), 'plans', { year }, 'plan');
  const { body } = await insist(
    await system.as('371302-housing'),
    'projects',
    { communityIds: ['c1'], year },
    'begin',
  );
  step = `project/${body.id as string}/needs-collection/1`;
  const neighbourhood = await system.as('371302-n1');
  const { id, example } = await taskOf(neighbourhood, 'household-survey');
  const bucket = new mongo.GridFSBucket(system.store.connection.db as never, { bucketName: 'attachments' });
  bucket.openUploadStream('样例').end(FILE);
  await eventually('the file is there', async () =>
    (await bucket.find().toArray()).length > 0 ? true : undefined,
  );
  // A decision is on its way while the engine stands still.
  const [early] = await Promise.all([take('early'), neighbourhood.post(`tasks/${id}/claim`, {}, 'claim')]);
  expect(early.stoodMs).toBeLessThan(5_000);
  await neighbourhood.post(`tasks/${id}/completion`, example, 'survey').expect(200);
  await take('late');
}, 120_000);

afterAll(async () => {
  await system?.stop();
  await rm(base, { recursive: true, force: true, maxRetries: 3 });
}, 30_000);

function restored(into: string, from: { folder: string; mongoFolder?: string }): Promise<Restored> {
  const { TEMPORAL_ADDRESS: _temporal, MONGODB_URI: _mongodb, ...env } = process.env;
  const dataDir = folder(into);
  return restore({ ...from, dataDir, payloadKeys: testPayloadKeys, env, say: () => undefined });
}

interface Second {
  readonly store: Store;
  readonly client: Client;
  startWorker(): Promise<void>;
}

/** The servers of a restored data folder, and a worker only when it is told to begin. */
async function onRestored(into: string, work: (second: Second) => Promise<void>): Promise<void> {
  const [mongoServer, temporal] = await Promise.all([
    startMongo({ dataDir: join(folder(into), 'mongodb') }),
    startTemporal({ dataDir: join(folder(into), 'temporal') }),
  ]);
  const store = await connectStore(mongoServer.uri);
  const connection = await NativeConnection.connect({ address: temporal.address });
  const client = new Client({ connection, dataConverter: testDataConverter });
  const ending: (() => Promise<unknown>)[] = [];
  const startWorker = async (): Promise<void> => {
    const { worker: identity, roots } = testKeys;
    const keys = { identity, roots, dataConverter: testDataConverter };
    const setup = { connection, client, store, namespace: 'default', taskQueue: TASK_QUEUE, ...keys };
    const worker = await createWorker({ ...setup, bundlePath: system.bundlePath });
    const running = worker.run();
    ending.push(() => (worker.shutdown(), running));
  };
  try {
    await work({ store, client, startWorker });
  } finally {
    for (const end of ending) await end();
    await Promise.all([connection.close(), store.close()]);
    await Promise.all([mongoServer.stop(), temporal.stop()]);
  }
}

test('P1.4: a backup taken while people decide is restored, its heads verified, and goes on from there', async () => {
  const found = await restored('second', { folder: folder('early') });
  expect(found.misfits).toEqual([]);
  expect(found.compared).toBeGreaterThan(3);
  await onRestored('second', async ({ store, client, startWorker }) => {
    expect((await verifyRecord(store, { roots: testKeys.roots })).faults).toEqual([]);
    const bucket = new mongo.GridFSBucket(store.connection.db as never, { bucketName: 'attachments' });
    const [file] = await bucket.find().toArray();
    const read: Buffer[] = [];
    for await (const part of bucket.openDownloadStream(file?._id as never)) read.push(part as Buffer);
    expect(Buffer.concat(read).equals(FILE)).toBe(true);
    await startWorker();
    await new Sweep(store, client, silent, { identity: testKeys.worker, roots: testKeys.roots }).run();
    expect((await reconcile(store, client)).differences).toEqual([]);
    expect((await verifyRecord(store, { roots: testKeys.roots, client })).faults).toEqual([]);
  });
});

test('P1.4: two stores of different moments end in needs-repair, and no event is overwritten', async () => {
  const { misfits } = await restored('mixed', { folder: folder('early'), mongoFolder: folder('late') });
  expect(misfits).toContainEqual({ workflowId: step, seq: expect.any(Number), why: 'ahead' });
  await onRestored('mixed', async ({ store, client, startWorker }) => {
    const events = () => store.events.model.find().sort({ _id: 1 }).lean();
    const before = await events();
    await startWorker();
    const sweep = new Sweep(store, client, silent, { identity: testKeys.worker, roots: testKeys.roots });
    await eventually('it stops for people to repair', async () => {
      await sweep.run();
      const standing = await store.alerts.standing();
      const stopped = standing.some(({ kind, workflowId }) => kind === 'needs-repair' && workflowId === step);
      return stopped ? true : undefined;
    });
    const after = new Map((await events()).map((event) => [event._id, event]));
    for (const event of before) expect(after.get(event._id)).toEqual(event);
  });
});

test('a data folder that holds anything but keys, and a damaged or unfinished backup, are refused', async () => {
  await mkdir(folder('used'));
  await writeFile(join(folder('used'), 'notes'), '样例');
  await expect(restored('used', { folder: folder('early') })).rejects.toThrow(/is not empty \(notes\)/);
  await expect(take('early')).rejects.toThrow(BackupRefused);
  await mkdir(folder('damaged'));
  for (const name of await readdir(folder('early'))) {
    await copyFile(join(folder('early'), name), join(folder('damaged'), name));
  }
  await appendFile(join(folder('damaged'), 'events.bson.gz'), 'x');
  await expect(restored('third', { folder: folder('damaged') })).rejects.toThrow(
    /events.bson.gz .* not as it was/,
  );
  await rm(join(folder('damaged'), MANIFEST));
  await expect(restored('third', { folder: folder('damaged') })).rejects.toThrow(/holds no whole backup/);
});

test('a backup says what is in it', async () => {
  const { collections, heads, files, takenAt } = await readManifest(folder('early'));
  expect(heads.count).toBe(collections['heads']);
  expect(collections['attachments.chunks']).toBe(3);
  expect(files.map(({ name }) => name)).toContain('temporal.sqlite');
  expect(Date.parse(takenAt)).toBeLessThan(Date.now());
});
