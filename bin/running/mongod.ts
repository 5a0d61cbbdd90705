import { mongo } from 'mongoose';
import { isPortOpen } from './ports';
import { waitUntil } from './waiting';

export const REPLICA_SET = 'jiugai';

export interface MongodOptions {
  /** Folder of the database files; must exist. */
  readonly dbPath: string;
  readonly port: number;
  /** File for the server's own log; without it the log goes to standard output. */
  readonly logPath?: string;
  /** Memory for the storage engine in GB; without it MongoDB takes half of the machine's. */
  readonly cacheGb?: number;
}

/**
 * A transaction outlives the process that began it: whatever a worker that was killed had been writing stays locked until
 * the server gives the transaction up, by default after 60 s and up to 30 s more, and so long its workflow cannot be
 * recorded. Longer than any of ours takes; the server looks every half of it.
 */
const LONGEST_TRANSACTION_S = 15;

/** Command line of a single-node replica set that only this machine can reach. */
export function mongodArguments({ dbPath, port, logPath, cacheGb }: MongodOptions): string[] {
  return [
    ...['--dbpath', dbPath, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', REPLICA_SET],
    // Its socket file would lie in a folder shared by all, where two data folders could get in each other's way.
    '--nounixsocket',
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
    ...['--setParameter', `transactionLifetimeLimitSeconds=${LONGEST_TRANSACTION_S}`],
    ...(logPath ? ['--logpath', logPath, '--logappend'] : []),
    ...(cacheGb ? ['--wiredTigerCacheSizeGB', String(cacheGb)] : []),
  ];
}

/** The address to give to a driver; transactions and change streams work on it. */
export function mongoUri(port: number, database = ''): string {
  return `mongodb://127.0.0.1:${port}/${database}?replicaSet=${REPLICA_SET}`;
}

/**
 * Waits until the server on this port takes writes: initiates the replica set of an empty folder, and renames the
 * only member of a folder that was last used on another port.
 */
export async function awaitPrimary(port: number, withinMs = 30_000): Promise<void> {
  await waitUntil(`MongoDB on port ${port} did not open`, () => isPortOpen(port), { withinMs });
  const client = new mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: withinMs,
  });
  try {
    const admin = client.db('admin');
    await claimReplicaSet(admin, `127.0.0.1:${port}`);
    const isPrimary = async (): Promise<boolean> =>
      (await admin.command({ hello: 1 }))['isWritablePrimary'] === true;
    await waitUntil(`MongoDB on port ${port} takes no writes`, isPrimary, { withinMs });
  } finally {
    await client.close();
  }
}

/** @throws Error when no MongoDB at this address answers within the time. */
export async function pingMongo(uri: string, withinMs: number): Promise<void> {
  const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: withinMs });
  try {
    await client.db('admin').command({ ping: 1 });
  } finally {
    await client.close();
  }
}

async function claimReplicaSet(admin: mongo.Db, host: string): Promise<void> {
  const members = [{ _id: 0, host }];
  const current = await admin.command({ replSetGetConfig: 1 }).catch((error: mongo.MongoServerError) => {
    if (error.codeName === 'NotYetInitialized') return undefined;
    throw error;
  });
  if (!current) {
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members } });
    return;
  }
  const config = current['config'];
  if (config.members[0].host === host) return;
  await admin.command({
    replSetReconfig: { ...config, version: config.version + 1, members: [{ ...config.members[0], host }] },
    force: true,
  });
}
