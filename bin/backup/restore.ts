import { copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { mongo } from 'mongoose';
import { dataConverterOf } from '../../keys/data-converter';
import type { Keyring } from '../../keys/keyring';
import { connectStore } from '../../store/connect';
import { Child, type Part } from '../running/child';
import { claimDataFolder, DATA_VERSION } from '../running/data-folder';
import { freePort } from '../running/ports';
import { StartRefused } from '../running/refused';
import { mongoServer, temporalServer, type Server } from '../running/stores';
import { markedEnvironment } from '../running/system';
import { fileOf } from './back-up';
import { digestOfHeads, readCollection } from './collections';
import { misfits, type Misfit } from './heads';
import { BackupRefused, ENGINE_FILES, readManifest, refuseDamaged, type Manifest } from './manifest';

export interface RestoreOptions {
  /** The backup; what of it is MongoDB’s may be taken from another one, to see what becomes of that. */
  readonly folder: string;
  readonly mongoFolder?: string;
  /** Must be empty, but for its keys. */
  readonly dataDir: string;
  /** Without them no history can be read, and nothing be verified. */
  readonly payloadKeys: Keyring;
  readonly env: NodeJS.ProcessEnv;
  readonly database?: string;
  readonly say: (line: string) => void;
}

export interface Restored {
  readonly takenAt: string;
  readonly documents: number;
  readonly heads: number;
  /** Open workflows whose heads were held against their histories. */
  readonly compared: number;
  /** Where the two stores are of different moments: these will stop in `needs-repair`, nothing is overwritten. */
  readonly misfits: readonly Misfit[];
}

/**
 * Fills an empty data folder from a backup and verifies heads before any worker runs. What fails leaves the folder as empty
 * as it was.
 * @throws BackupRefused, StartRefused, ServerMissing
 */
export async function restore(options: RestoreOptions): Promise<Restored> {
  const { folder, mongoFolder = folder, dataDir, env, say } = options;
  const manifest = await readManifest(mongoFolder);
  for (const one of new Set([folder, mongoFolder])) await refuseDamaged(one, await readManifest(one));
  if (manifest.dataVersion > DATA_VERSION) {
    throw new BackupRefused(
      'The backup was taken by a newer version of this program: restore it with that one.',
    );
  }
  if (env['MONGODB_URI'] || env['TEMPORAL_ADDRESS']) {
    throw new BackupRefused(
      'A restore fills a data folder with servers of its own: unset MONGODB_URI and TEMPORAL_ADDRESS.',
    );
  }
  await refuseFilled(dataDir);
  const claimed = await claimDataFolder(dataDir);
  try {
    return await fill(options, claimed.path, manifest);
  } catch (error) {
    for (const name of await readdir(claimed.path)) {
      if (name !== KEYS) await rm(join(claimed.path, name), { recursive: true, force: true, maxRetries: 3 });
    }
    throw error;
  } finally {
    await claimed.release();
    say('Servers stopped.');
  }
}

const KEYS = 'keys';

async function refuseFilled(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const found = (await readdir(dataDir)).filter((name) => name !== KEYS);
  if (found.length === 0) return;
  throw new BackupRefused(
    `${dataDir} is not empty (${found.slice(0, 3).join(', ')}): restore into a new folder with JIUGAI_DATA_DIR; only its ${KEYS} may be there.`,
  );
}

async function fill(options: RestoreOptions, dataDir: string, manifest: Manifest): Promise<Restored> {
  const { folder, mongoFolder = folder, env, say, database = 'jiugai' } = options;
  for (const name of ENGINE_FILES) {
    const source = join(folder, name);
    if (await stat(source).catch(() => undefined)) await copyFile(source, join(dataDir, 'temporal', name));
  }
  const [mongodbPort, temporalPort, temporalUiPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const configuration = {
    apiPort: 0,
    apiUrl: 'http://127.0.0.1:0',
    mongodbPort,
    temporalPort,
    temporalUiPort,
    dataDir,
  };
  const setting = { configuration, env: markedEnvironment(env, dataDir), dataDir, say };
  const [store, engine] = await Promise.all([mongoServer(setting), temporalServer(setting)]);
  const children: Child[] = [];
  const run = async (server: Server): Promise<void> => {
    const child = new Child(server.part as Part, say);
    children.push(child);
    await child.start();
  };
  try {
    await run(store);
    const documents = await fillMongo(store.address, database, mongoFolder, manifest, say);
    await run(engine);
    say('Holding the heads of the record against the histories');
    const { compared, found } = await verifyHeads(options, store.address, engine.address);
    return {
      takenAt: manifest.takenAt,
      documents,
      heads: manifest.heads.count,
      compared,
      misfits: found,
    };
  } finally {
    for (const child of children.reverse()) await child.stop();
  }
}

async function fillMongo(
  uri: string,
  database: string,
  folder: string,
  { collections, heads }: Manifest,
  say: (line: string) => void,
): Promise<number> {
  const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 10_000 });
  let documents = 0;
  try {
    const db = client.db(database);
    for (const [name, expected] of Object.entries(collections)) {
      const count = await readCollection(db, name, join(folder, fileOf(name)));
      if (count !== expected)
        throw new BackupRefused(`${name} has ${count} documents instead of ${expected}.`);
      documents += count;
    }
    say(`${documents} documents of ${Object.keys(collections).length} collections`);
    const restored = await digestOfHeads(db);
    if (restored.sha256 !== heads.sha256 || restored.count !== heads.count) {
      throw new BackupRefused('The heads of the record are not those that were backed up.');
    }
  } finally {
    await client.close();
  }
  const store = await connectStore(uri);
  try {
    await store.prepare();
  } finally {
    await store.close();
  }
  return documents;
}

async function verifyHeads(
  { payloadKeys }: RestoreOptions,
  uri: string,
  address: string,
): Promise<{ compared: number; found: Misfit[] }> {
  const store = await connectStore(uri);
  const connection = await Connection.connect({ address }).catch((error: Error) => {
    throw new StartRefused(`The restored engine does not answer: ${error.message}`);
  });
  try {
    const dataConverter = dataConverterOf(payloadKeys);
    return await misfits(store, new Client({ connection, dataConverter }));
  } finally {
    await Promise.all([connection.close(), store.close()]);
  }
}
