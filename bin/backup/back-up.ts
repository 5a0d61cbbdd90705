import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { version } from '../../package.json';
import { DATA_VERSION } from '../running/data-folder';
import { collectionsIn, digestOfHeads, inSnapshot, settle, writeCollection } from './collections';
import { copyEngine, whileStanding } from './engine-files';
import { BackupRefused, digestOf, ENGINE_FILES, MANIFEST, type Manifest } from './manifest';

export interface BackupOptions {
  /** Where the backup goes: must be empty, or not be there yet. */
  readonly folder: string;
  /** The database's address; its name is in it, or `jiugai`. */
  readonly mongoUri: string;
  readonly database?: string;
  /** The folder of the engine's database. */
  readonly engineDir: string;
  /** The engine's process, if it runs; without one its files stand still by themselves. */
  readonly enginePid?: number;
}

/**
 * Takes a backup of both stores while everything runs.
 *
 * The engine stands still while its files are copied and MongoDB's snapshot begins. So MongoDB is never ahead of the
 * engine: an event is in a history before anybody writes it. And it lacks only what was on its way: a workflow ends only
 * when its record is durable. The sweep has open workflows write that little after a restore.
 */
export async function backUp(options: BackupOptions): Promise<Manifest & { readonly stoodMs: number }> {
  const { folder, mongoUri, database = 'jiugai', engineDir, enginePid } = options;
  await refuseFilled(folder);
  const client = new mongo.MongoClient(mongoUri, { serverSelectionTimeoutMS: 5_000 });
  try {
    const db = client.db(database);
    const { version: mongodb } = (await client
      .db('admin')
      .command({ buildInfo: 1 })) as unknown as Manifest & {
      version: string;
    };
    await keepSnapshots(client);
    return await inSnapshot(client, async (session) => {
      const names = await collectionsIn(db);
      const began = Date.now();
      let takenAt = '';
      const freeze = async (): Promise<void> => {
        takenAt = new Date().toISOString();
        // The first read with this session fixes what all others see.
        await db.collection('heads').findOne({}, { session });
        await copyEngine(engineDir, folder);
      };
      await (enginePid === undefined ? freeze() : whileStanding(enginePid, freeze));
      const stoodMs = Date.now() - began;
      const collections: Record<string, number> = {};
      for (const name of names) {
        collections[name] = await writeCollection(db, name, join(folder, fileOf(name)), session);
      }
      const heads = await digestOfHeads(db, session);
      const files = await digests(folder, names);
      const manifest: Manifest = {
        format: 1,
        takenAt,
        program: version,
        mongodb,
        dataVersion: DATA_VERSION,
        files,
        collections,
        heads,
      };
      await writeFile(join(folder, `${MANIFEST}.new`), `${JSON.stringify(manifest, null, 2)}\n`, {
        mode: 0o600,
      });
      await settle(join(folder, `${MANIFEST}.new`));
      await rename(join(folder, `${MANIFEST}.new`), join(folder, MANIFEST));
      return { ...manifest, stoodMs };
    });
  } finally {
    await client.close();
  }
}

export const fileOf = (collection: string): string => `${collection}.bson.gz`;

async function refuseFilled(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length === 0) return;
  throw new BackupRefused(`${folder} is not empty: give each backup a folder of its own.`);
}

/** A large export takes longer than the five minutes for which MongoDB keeps what a snapshot sees. */
async function keepSnapshots(client: mongo.MongoClient): Promise<void> {
  await client
    .db('admin')
    .command({ setParameter: 1, minSnapshotHistoryWindowInSeconds: 3_600 })
    .catch(() => undefined);
}

async function digests(folder: string, collections: readonly string[]): Promise<Manifest['files']> {
  const files: Manifest['files'] = [];
  for (const name of [...ENGINE_FILES, ...collections.map(fileOf)]) {
    const file = join(folder, name);
    if (!(await stat(file).catch(() => undefined))) continue;
    await settle(file);
    files.push({ name, ...(await digestOf(file)) });
  }
  return files;
}
