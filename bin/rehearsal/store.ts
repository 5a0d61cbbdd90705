import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { awaitPrimary, mongodArguments, mongoUri, pingMongo } from '../running/mongod';
import { freePort, isPortFree } from '../running/ports';
import { StartRefused } from '../running/refused';
import { locateServer } from '../servers/locate';
import { startBound } from './bound-process';

/** The throw-away store of one rehearsal. */
export interface RehearsalStore {
  readonly uri: string;
  /** Resolves with how the server ended, if it is this rehearsal's own. */
  readonly ended: Promise<string>;
  /** Ends it and throws away what it held. */
  stop(): Promise<void>;
}

export interface StoreSetting {
  /** Folder of the rehearsal. */
  readonly folder: string;
  /** 0: any free port. */
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  say(line: string): void;
}

const CACHE_GB = 0.5;
const NEVER = new Promise<never>(() => undefined);

/**
 * An empty MongoDB: a server of its own, or a database of its own on the server that MONGODB_URI names.
 * @throws StartRefused or ServerMissing when there is none to use
 */
export async function startStore({ folder, port, env, say }: StoreSetting): Promise<RehearsalStore> {
  const located = await locateServer('mongod', env, say);
  if (located.kind === 'address') return databaseOfItsOwn(located.address, folder);
  if (port !== 0 && !(await isPortFree(port))) {
    throw new StartRefused(
      `Port ${port} is taken by another program: stop that one, or choose another port with MONGODB_PORT, as in MONGODB_PORT=${port + 1} npm run rehearse.`,
    );
  }
  const chosen = port === 0 ? await freePort() : port;
  const dbPath = join(folder, 'mongodb');
  await mkdir(dbPath, { recursive: true });
  const server = await startBound({
    title: 'MongoDB',
    program: located.path,
    args: mongodArguments({ dbPath, port: chosen, cacheGb: CACHE_GB }),
    env,
    logFile: join(folder, 'logs', 'mongodb.log'),
    ready: () => awaitPrimary(chosen),
  });
  return {
    uri: mongoUri(chosen, 'jiugai'),
    ended: server.ended,
    async stop() {
      await server.kill();
      await rm(dbPath, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Named after the folder: two rehearsals on one server do not meet, and what a killed one left is dropped. */
async function databaseOfItsOwn(address: string, folder: string): Promise<RehearsalStore> {
  await pingMongo(address, 5_000).catch((error: Error) => {
    throw new StartRefused(
      `No MongoDB answers at MONGODB_URI (${error.message}): start it, or unset the variable.`,
    );
  });
  const name = `jiugai-rehearsal-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`;
  const drop = async (): Promise<void> => {
    const client = new mongo.MongoClient(address, { serverSelectionTimeoutMS: 5_000 });
    try {
      await client.db(name).dropDatabase();
    } finally {
      await client.close();
    }
  };
  await drop();
  const uri = address.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${name}`);
  return { uri, ended: NEVER, stop: drop };
}
