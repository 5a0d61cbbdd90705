import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { mongo } from 'mongoose';

/**
 * One file a collection: its documents as BSON, one after the other, as MongoDB's own tools write them, gzipped. Indexes
 * are not in it: a start makes them.
 */
const { BSON } = mongo;
const BATCH = 1_000;

/** Reads of one moment, however long they take. */
export async function inSnapshot<T>(
  client: mongo.MongoClient,
  work: (session: mongo.ClientSession) => Promise<T>,
): Promise<T> {
  const session = client.startSession({ snapshot: true });
  try {
    return await work(session);
  } finally {
    await session.endSession();
  }
}

/** The first read fixes the snapshot's moment. */
export async function collectionsIn(db: mongo.Db): Promise<string[]> {
  const found = await db.listCollections({}, { nameOnly: true }).toArray();
  return found
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('system.'))
    .sort();
}

/** @returns how many documents were written */
export async function writeCollection(
  db: mongo.Db,
  name: string,
  file: string,
  session: mongo.ClientSession,
): Promise<number> {
  let count = 0;
  async function* documents(): AsyncIterable<Buffer> {
    const rows = db.collection(name).find({}, { session, raw: true, batchSize: BATCH, sort: { _id: 1 } });
    for await (const row of rows) {
      count += 1;
      yield row as unknown as Buffer;
    }
  }
  await pipeline(
    Readable.from(documents()),
    createGzip({ level: 1 }),
    createWriteStream(file, { mode: 0o600 }),
  );
  return count;
}

/** @returns how many documents were read back */
export async function readCollection(db: mongo.Db, name: string, file: string): Promise<number> {
  const collection = db.collection(name);
  let count = 0;
  let batch: mongo.BSON.Document[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await collection.insertMany(batch as never, { ordered: false });
    count += batch.length;
    batch = [];
  };
  await db.createCollection(name);
  for await (const bytes of documentsIn(createReadStream(file).pipe(createGunzip()))) {
    // What a driver would turn into numbers and strings of its own stays of the type that it had.
    batch.push(BSON.deserialize(bytes, { promoteValues: false, promoteBuffers: false }));
    if (batch.length === BATCH) await flush();
  }
  await flush();
  return count;
}

/** A BSON document begins with its own length. */
async function* documentsIn(stream: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0);
      yield rest.subarray(0, length);
      rest = rest.subarray(length);
    }
  }
}

/** All heads in the order of workflows: how many, and SHA-256 over them. */
export async function digestOfHeads(
  db: mongo.Db,
  session?: mongo.ClientSession,
): Promise<{ count: number; sha256: string }> {
  const hash = createHash('sha256');
  let count = 0;
  const rows = db.collection('heads').find({}, { ...(session ? { session } : {}), sort: { _id: 1 } });
  for await (const { _id, seq, hash: head } of rows) {
    hash.update(`${String(_id)} ${String(seq)} ${String(head)}\n`);
    count += 1;
  }
  return { count, sha256: hash.digest('hex') };
}

/** What was written is on the disk, and not only in memory. */
export async function settle(file: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    await handle.sync();
  } finally {
    await handle?.close();
  }
}
