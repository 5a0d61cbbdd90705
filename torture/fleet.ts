import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { readConfiguration, REPOSITORY } from '../bin/configuration';
import { claimDataFolder, type DataFolder } from '../bin/running/data-folder';
import type { Part } from '../bin/running/child';
import { freePort } from '../bin/running/ports';
import { mongoServer, temporalServer, type Server, type Setting } from '../bin/running/stores';
import { markedEnvironment } from '../bin/running/system';
import { waitUntil } from '../bin/running/waiting';
import type { SampleAccount } from '../bin/sample-city/accounts';
import { seedSampleCity } from '../bin/seed';
import { dataConverterOf } from '../keys/data-converter';
import { keysDirOf, prepareKeys, readKeyring } from '../keys/folder';
import { connectStore, type Store } from '../store/connect';
import { bundleProgram } from '../test/support/bundled';
import { Member, saysReady } from './member';
import { Balancer } from './net/balancer';
import { Proxy } from './net/proxy';
import type { LinkName, ProcessName } from './schedule';
import { SmallDisk } from './small-disk';

/** The whole system as processes on this machine, with something to hit between any two of them. */
export interface Fleet {
  readonly members: Readonly<Record<ProcessName, Member>>;
  readonly links: Readonly<Record<LinkName, Proxy>>;
  /** The disks of engine and store; none where no small file system can be made. */
  readonly disks: Readonly<Partial<Record<'engine' | 'store', SmallDisk>>>;
  /** Sets the clock of `api 2` wrong by so many ms. */
  skewClock(ms: number): Promise<void>;
  /** Where people connect to: the balancer. */
  readonly url: string;
  readonly accounts: readonly SampleAccount[];
  /** Past all proxies, for preparing and checking. */
  readonly store: Store;
  readonly client: Client;
  readonly keysDir: string;
  /** Folder of the logs of all processes. */
  readonly logs: string;
  end(): Promise<void>;
}

/** Of the engine's and the store's small file systems: what a run of minutes needs several times over. */
const DISK_MB = { engine: 500, store: 900 } as const;
/** So few workflows stay in memory of the second worker that it leads many of them again from their histories. */
const FEW_WORKFLOWS = '40';

export interface FleetOptions {
  /** Folder for everything that the fleet writes; must not exist. */
  readonly dataDir: string;
  /** Whether engine and store get small file systems. */
  readonly smallDisks: boolean;
  readonly say: (line: string) => void;
}

export async function startFleet({ dataDir, smallDisks, say }: FleetOptions): Promise<Fleet> {
  const folder = await claimDataFolder(dataDir);
  const programs = built();
  // Bundled workflows are the same from run to run.
  await mkdir(join(REPOSITORY, '.data/cache'), { recursive: true });
  await symlink(join(REPOSITORY, '.data/cache'), join(folder.path, 'cache'));
  prepareKeys(keysDirOf(folder.path), Date.now());
  const disks = smallDisks
    ? {
        engine: await SmallDisk.at(join(folder.path, 'temporal'), DISK_MB.engine),
        store: await SmallDisk.at(join(folder.path, 'mongodb'), DISK_MB.store),
      }
    : {};
  const setting = await settingOf(folder.path, say);
  const [mongo, temporal] = await Promise.all([mongoServer(setting), temporalServer(setting)]);
  const stores = { engine: memberOf('engine', temporal), store: memberOf('store', mongo) };
  await Promise.all([stores.engine.start(), stores.store.start()]);

  const { temporalPort, mongodbPort } = setting.configuration;
  const ports = { 'api 1': await freePort(), 'api 2': await freePort() };
  const links = await linksBetween({ engine: temporalPort, store: mongodbPort, ...ports });
  const clock = join(folder.path, 'clock');
  const parts = ownParts({ setting, programs, links, ports, clock });
  const own = {
    'worker 1': new Member(parts['worker 1'], say),
    'worker 2': new Member(parts['worker 2'], say),
    'api 1': new Member(parts['api 1'], say),
    'api 2': new Member(parts['api 2'], say),
  };
  const seeding = seedSampleCity({ mongoUri: mongo.address, dataDir: folder.path, log: say });
  // The second finds the bundled workflows that the first has made.
  await Promise.all([own['worker 1'].start().then(() => own['worker 2'].start()), seeding]);
  await Promise.all([own['api 1'].start(), own['api 2'].start()]);

  const balancer = await Balancer.before([links['balancer → api 1'].port, links['balancer → api 2'].port]);
  const { accountsFile } = await seeding;
  const connection = await Connection.connect({ address: temporal.address });
  const keysDir = keysDirOf(folder.path);
  const store = await connectStore(mongo.address);
  const members = { ...stores, ...own };
  return {
    members,
    links,
    disks,
    skewClock: (ms) => writeFile(clock, String(ms)),
    url: `http://127.0.0.1:${balancer.port}`,
    accounts: JSON.parse(await readFile(accountsFile, 'utf8')) as SampleAccount[],
    store,
    client: new Client({ connection, dataConverter: dataConverterOf(readKeyring(keysDir, 'payload')) }),
    keysDir,
    logs: join(folder.path, 'logs'),
    end: () => endAll({ folder, members, links, disks, balancer, store, connection }),
  };

  function memberOf(name: string, { part }: Server): Member {
    if (!part) throw new Error(`${name} would be a server of somebody else's`);
    return new Member(part, say);
  }
}

async function settingOf(dataDir: string, say: (line: string) => void): Promise<Setting> {
  // Never a server that somebody else works with.
  const { TEMPORAL_ADDRESS: _temporal, MONGODB_URI: _mongodb, ...env } = process.env;
  const [PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT, MONGODB_PORT] = (
    await Promise.all([freePort(), freePort(), freePort(), freePort()])
  ).map(String);
  const chosen = { PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT, MONGODB_PORT, JIUGAI_DATA_DIR: dataDir };
  const configuration = readConfiguration({ ...env, ...chosen });
  return { configuration, env: markedEnvironment({ ...env, ...chosen }, dataDir), dataDir, say };
}

interface Wiring {
  readonly setting: Setting;
  readonly programs: { readonly worker: string; readonly api: string };
  readonly links: Fleet['links'];
  readonly ports: Readonly<Record<'api 1' | 'api 2', number>>;
  readonly clock: string;
}

type OwnName = 'worker 1' | 'worker 2' | 'api 1' | 'api 2';

function ownParts({ setting, programs, links, ports, clock }: Wiring): Record<OwnName, Part> {
  const { env, dataDir } = setting;
  const preload = ['--require', join(__dirname, 'skewed-clock.cjs')];
  const part = (
    name: OwnName,
    program: readonly string[],
    more: NodeJS.ProcessEnv,
    ready?: () => Promise<void>,
  ) => {
    const logFile = join(dataDir, 'logs', `${name.replace(' ', '-')}.log`);
    return {
      title: name,
      command: [process.execPath, ...program],
      env: {
        ...env,
        TEMPORAL_ADDRESS: `127.0.0.1:${links[`${name} → engine`].port}`,
        // The replica set would tell its own address, past the proxy.
        MONGODB_URI: `mongodb://127.0.0.1:${links[`${name} → store`].port}/jiugai?directConnection=true`,
        JIUGAI_LOG_LEVEL: 'info',
        ...more,
      },
      logFile,
      stopWithinMs: 15_000,
      ready: ready ?? saysReady(logFile),
    };
  };
  const api = (name: 'api 1' | 'api 2', program: readonly string[]): Part => {
    const more = {
      PORT: String(ports[name]),
      TORTURE_CLOCK: clock,
      // What is looked at is what it does, not how much it lets a few people do.
      JIUGAI_REQUESTS_PER_MINUTE: '100000000',
    };
    return part(name, program, more, () => listens(ports[name]));
  };
  return {
    'worker 1': part('worker 1', [programs.worker], {}),
    'worker 2': part('worker 2', [programs.worker], { JIUGAI_CACHED_WORKFLOWS: FEW_WORKFLOWS }),
    'api 1': api('api 1', [programs.api]),
    'api 2': api('api 2', [...preload, programs.api]),
  };
}

/** It lives; whether it can act depends on the others. */
function listens(port: number): Promise<void> {
  const lives = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(3_000) }).then(
      ({ ok }) => ok,
      () => false,
    );
  return waitUntil(`the API on port ${port} answers`, lives, { withinMs: 90_000, everyMs: 50 });
}

async function linksBetween(
  ports: Readonly<Record<'engine' | 'store' | 'api 1' | 'api 2', number>>,
): Promise<Fleet['links']> {
  const [engine, store] = [ports.engine, ports.store];
  return {
    'worker 1 → engine': await Proxy.to(engine),
    'worker 1 → store': await Proxy.to(store),
    'worker 2 → engine': await Proxy.to(engine),
    'worker 2 → store': await Proxy.to(store),
    'api 1 → engine': await Proxy.to(engine),
    'api 1 → store': await Proxy.to(store),
    'api 2 → engine': await Proxy.to(engine),
    'api 2 → store': await Proxy.to(store),
    'balancer → api 1': await Proxy.to(ports['api 1']),
    'balancer → api 2': await Proxy.to(ports['api 2']),
  };
}

/** The programs find the repository as the folder above their own, so they stand in a folder right below it. */
function built(): Wiring['programs'] {
  const folder = join(REPOSITORY, '.data');
  bundleProgram('keys/failure-converter.ts', join(folder, 'failure-converter.ts'));
  return {
    worker: bundleProgram('worker/main.ts', join(folder, 'torture-worker.cjs')),
    api: bundleProgram('api/main.ts', join(folder, 'torture-api.cjs')),
  };
}

interface Ending {
  readonly folder: DataFolder;
  readonly members: Fleet['members'];
  readonly links: Fleet['links'];
  readonly disks: Fleet['disks'];
  readonly balancer: Balancer;
  readonly store: Store;
  readonly connection: Connection;
}

async function endAll({ folder, members, links, disks, balancer, store, connection }: Ending): Promise<void> {
  await Promise.allSettled([store.close(), connection.close(), balancer.close()]);
  await Promise.allSettled(Object.values(members).map((member) => member.end()));
  await Promise.allSettled(Object.values(links).map((link) => link.close()));
  await Promise.allSettled(Object.values(disks).map((disk) => disk.close()));
  await folder.release();
}
