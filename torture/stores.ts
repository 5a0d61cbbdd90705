import { join } from 'node:path';
import { mongoServer, temporalServer, type Server, type Setting } from '../bin/running/stores';
import { locateServer } from '../bin/servers/locate';
import { enginePart, makeSchema } from './city/engine';
import { enginePrograms } from './city/engine-programs';
import { postgres } from './city/postgres';
import { replicaSet } from './city/replica-set';
import { Member } from './member';
import { SmallDisk } from './small-disk';

/** Engine and store of a fleet, whatever they are made of. */
export interface Stores {
  readonly members: Readonly<Record<string, Member>>;
  /** Small file systems, where they have them. */
  readonly disks: Readonly<Record<string, SmallDisk>>;
  readonly engineAddress: string;
  readonly mongoUri: string;
  /** Starts all of them; resolves when they take requests. */
  start(): Promise<void>;
  /** Of several nodes the one that takes writes now. */
  primary(): Promise<string | undefined>;
  /** When all have ended. */
  remove(): Promise<void>;
}

type Say = (line: string) => void;

/** Of the engine's and the store's small file systems: what a run of minutes needs several times over, MB. */
const DISK_MB = { engine: 500, store: 900 } as const;

/** As `npm start` has them. */
export async function ofOneMachine(setting: Setting, smallDisks: boolean, say: Say): Promise<Stores> {
  const { dataDir } = setting;
  const disks: Record<string, SmallDisk> = smallDisks
    ? {
        engine: await SmallDisk.at(join(dataDir, 'temporal'), DISK_MB.engine),
        store: await SmallDisk.at(join(dataDir, 'mongodb'), DISK_MB.store),
      }
    : {};
  const [mongo, temporal] = await Promise.all([mongoServer(setting), temporalServer(setting)]);
  const members = { engine: memberOf('engine', temporal, say), store: memberOf('store', mongo, say) };
  return {
    members,
    disks,
    engineAddress: temporal.address,
    mongoUri: mongo.address,
    start: async () => void (await Promise.all([members.engine.start(), members.store.start()])),
    primary: async () => 'store',
    remove: async () => void (await Promise.allSettled(Object.values(disks).map((disk) => disk.close()))),
  };
}

function memberOf(name: string, { part }: Server, say: Say): Member {
  if (!part) throw new Error(`${name} would be a server of somebody else's`);
  return new Member(part, say);
}

/** As the compose file has them, without containers. */
export async function ofACity({ configuration, env, dataDir }: Setting, say: Say): Promise<Stores> {
  const { temporalPort: port } = configuration;
  const mongod = await locateServer('mongod', env, say);
  if (mongod.kind !== 'program') throw new Error('the store would be a server of somebody else’s');
  const programs = await enginePrograms(join(dataDir, 'cache'), env, say);
  const logs = join(dataDir, 'logs');
  const database = await postgres(env, join(logs, 'database.log'));
  const engine = await enginePart(programs, database, {
    folder: join(dataDir, 'temporal'),
    port,
    env,
    logFile: join(logs, 'temporal.log'),
  });
  const nodes = await replicaSet(mongod.path, dataDir, env);
  const members: Record<string, Member> = {
    database: new Member(database.part, say),
    engine: new Member(engine, say),
  };
  for (const [name, part] of Object.entries(nodes.parts)) members[name] = new Member(part, say);
  const startEngine = async (): Promise<void> => {
    await members['database']?.start();
    await makeSchema(programs, database);
    await members['engine']?.start();
  };
  const startStore = async (): Promise<void> => {
    const parts = Object.keys(nodes.parts);
    await Promise.all(parts.map(async (name) => members[name]?.start()));
    await nodes.join();
  };
  return {
    members,
    disks: {},
    engineAddress: `127.0.0.1:${port}`,
    mongoUri: nodes.uri,
    start: async () => void (await Promise.all([startEngine(), startStore()])),
    primary: () => nodes.primary(),
    remove: () => database.remove(),
  };
}
