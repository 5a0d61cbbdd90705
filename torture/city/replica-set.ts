import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import type { Part } from '../../bin/running/child';
import { mongodArguments, REPLICA_SET } from '../../bin/running/mongod';
import { freePort, isPortOpen } from '../../bin/running/ports';
import { waitUntil } from '../../bin/running/waiting';

const NODES = ['store 1', 'store 2', 'store 3'] as const;
const CACHE_GB = 0.4;
const ASK_WITHIN_MS = 500;

/** MongoDB as the compose file has it: three nodes, of which a majority confirms what is written. */
export interface ReplicaSet {
  readonly uri: string;
  readonly parts: Readonly<Record<string, Part>>;
  /** Joins the nodes into one set; they all run. */
  join(): Promise<void>;
  /** Name of the node that takes writes now; nothing while they elect one. */
  primary(): Promise<string | undefined>;
}

export async function replicaSet(
  mongod: string,
  dataDir: string,
  env: NodeJS.ProcessEnv,
): Promise<ReplicaSet> {
  const ports = await Promise.all(NODES.map(() => freePort()));
  const parts: Record<string, Part> = {};
  for (const [n, name] of NODES.entries()) {
    const port = ports[n] ?? 0;
    const file = name.replace(' ', '-');
    const dbPath = join(dataDir, file);
    const logPath = join(dataDir, 'logs', `${file}.log`);
    await mkdir(dbPath, { recursive: true });
    parts[name] = {
      title: name,
      command: [mongod, ...mongodArguments({ dbPath, port, logPath, cacheGb: CACHE_GB })],
      env,
      logFile: logPath,
      stopWithinMs: 20_000,
      ready: () =>
        waitUntil(`MongoDB on port ${port} did not open`, () => isPortOpen(port), { withinMs: 60_000 }),
    };
  }
  const hosts = ports.map((port) => `127.0.0.1:${port}`);
  return {
    uri: `mongodb://${hosts.join(',')}/jiugai?replicaSet=${REPLICA_SET}`,
    parts,
    join: () => joinAll(hosts),
    primary: async () => {
      for (const [n, host] of hosts.entries()) if (await isPrimary(host)) return NODES[n];
      return undefined;
    },
  };
}

async function joinAll([first = '', ...others]: readonly string[]): Promise<void> {
  const members = [first, ...others].map((host, _id) => ({ _id, host }));
  await ask(first, { replSetInitiate: { _id: REPLICA_SET, members } }, 30_000);
  const elected = async (): Promise<boolean> =>
    (await Promise.all([first, ...others].map(isPrimary))).includes(true);
  await waitUntil('the three nodes have no primary', elected, { withinMs: 60_000 });
}

/** Whether this node takes writes now; one that does not answer does not. */
function isPrimary(host: string): Promise<boolean> {
  return ask(host, { hello: 1 }).then(
    (said) => said['isWritablePrimary'] === true,
    () => false,
  );
}

/** Of this very node, whichever it is in the set. */
async function ask(host: string, command: mongo.Document, withinMs = ASK_WITHIN_MS): Promise<mongo.Document> {
  const client = new mongo.MongoClient(`mongodb://${host}/?directConnection=true`, {
    serverSelectionTimeoutMS: withinMs,
    connectTimeoutMS: withinMs,
    socketTimeoutMS: withinMs,
  });
  try {
    return await client.db('admin').command(command);
  } finally {
    await client.close();
  }
}
