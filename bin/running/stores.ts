import { join } from 'node:path';
import type { Configuration } from '../configuration';
import { locateServer } from '../servers/locate';
import type { Part } from './child';
import { awaitPrimary, mongodArguments, mongoUri, pingMongo } from './mongod';
import { isPortOpen } from './ports';
import { StartRefused } from './refused';
import { awaitNamespace, temporalArguments } from './temporal';

/** What the parts that bring up a server need to know. */
export interface Setting {
  readonly configuration: Configuration;
  /** Environment for children, marked with the data folder. */
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the data folder. */
  readonly dataDir: string;
  say(line: string): void;
}

/** A server to use: one that is to be started here, or one that answered at a configured address. */
export interface Server {
  readonly address: string;
  readonly part?: Part;
}

/** @throws StartRefused or ServerMissing when there is no MongoDB to use. */
export async function mongoServer({ configuration, env, dataDir, say }: Setting): Promise<Server> {
  const located = await locateServer('mongod', env, say);
  if (located.kind === 'address') {
    await pingMongo(located.address, 5_000).catch((error: Error) => {
      throw new StartRefused(
        `No MongoDB answers at MONGODB_URI (${error.message}): start it, or unset the variable.`,
      );
    });
    return located;
  }
  const port = configuration.mongodbPort;
  const logPath = join(dataDir, 'logs', 'mongodb.log');
  const part: Part = {
    title: 'MongoDB',
    command: [located.path, ...mongodArguments({ dbPath: join(dataDir, 'mongodb'), port })],
    env,
    logFile: logPath,
    stopWithinMs: 20_000,
    ready: () => awaitPrimary(port),
  };
  return { address: mongoUri(port, 'jiugai'), part };
}

/** @throws StartRefused or ServerMissing when there is no Temporal to use. */
export async function temporalServer({ configuration, env, dataDir, say }: Setting): Promise<Server> {
  const located = await locateServer('temporal', env, say);
  if (located.kind === 'address') {
    const colon = located.address.lastIndexOf(':');
    const answers = await isPortOpen(
      Number(located.address.slice(colon + 1)),
      located.address.slice(0, colon),
    );
    if (answers) return located;
    throw new StartRefused(
      `Nothing answers at TEMPORAL_ADDRESS=${located.address}: start it, or unset the variable.`,
    );
  }
  const { apiUrl, temporalPort: port, temporalUiPort: uiPort } = configuration;
  const codecEndpoint = `${apiUrl}/codec`;
  const dbFile = join(dataDir, 'temporal', 'temporal.sqlite');
  const part: Part = {
    title: 'Temporal',
    command: [located.path, ...temporalArguments({ port, uiPort, codecEndpoint, dbFile })],
    env,
    logFile: join(dataDir, 'logs', 'temporal.log'),
    stopWithinMs: 10_000,
    ready: () => awaitNamespace(located.path, port),
  };
  return { address: `127.0.0.1:${port}`, part };
}
