import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { readConfiguration, REPOSITORY } from '../bin/configuration';
import { claimDataFolder, type DataFolder } from '../bin/running/data-folder';
import type { Part } from '../bin/running/child';
import { freePort } from '../bin/running/ports';
import type { Setting } from '../bin/running/stores';
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
import type { SmallDisk } from './small-disk';
import { ofACity, ofOneMachine, type Stores } from './stores';
import type { Topology } from './topology';

/** The whole system as processes on this machine, with something to hit between any two of them. */
export interface Fleet {
  /** By the names of its topology. */
  readonly members: Readonly<Record<string, Member>>;
  readonly links: Readonly<Record<string, Proxy>>;
  /** The disks of engine and store; none where no small file system can be made. */
  readonly disks: Readonly<Record<string, SmallDisk>>;
  /** Name of the process that takes the store's writes now; nothing while nobody does. */
  primary(): Promise<string | undefined>;
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

/** So few workflows stay in memory of the second worker that it leads many of them again from their histories. */
const FEW_WORKFLOWS = '40';

export interface FleetOptions {
  /** Folder for everything that the fleet writes; must not exist. */
  readonly dataDir: string;
  readonly topology: Topology;
  /** Whether engine and store get small file systems. */
  readonly smallDisks: boolean;
  readonly say: (line: string) => void;
}

export async function startFleet({ dataDir, topology, smallDisks, say }: FleetOptions): Promise<Fleet> {
  const folder = await claimDataFolder(dataDir);
  const programs = built();
  // Bundled workflows are the same from run to run.
  await mkdir(join(REPOSITORY, '.data/cache'), { recursive: true });
  await symlink(join(REPOSITORY, '.data/cache'), join(folder.path, 'cache'));
  prepareKeys(keysDirOf(folder.path), Date.now());
  const setting = await settingOf(folder.path, say);
  const stores = await (topology.name === 'city'
    ? ofACity(setting, say)
    : ofOneMachine(setting, smallDisks, say));
  await stores.start();

  const { temporalPort, mongodbPort } = setting.configuration;
  const ports = { 'api 1': await freePort(), 'api 2': await freePort() };
  const links = await linksTo(topology, { engine: temporalPort, store: mongodbPort, ...ports });
  const clock = join(folder.path, 'clock');
  const parts = ownParts({ setting, programs, stores, links, ports, clock });
  const own = {
    'worker 1': new Member(parts['worker 1'], say),
    'worker 2': new Member(parts['worker 2'], say),
    'api 1': new Member(parts['api 1'], say),
    'api 2': new Member(parts['api 2'], say),
  };
  const seeding = seedSampleCity({ mongoUri: stores.mongoUri, dataDir: folder.path, log: say });
  // The second finds the bundled workflows that the first has made.
  await Promise.all([own['worker 1'].start().then(() => own['worker 2'].start()), seeding]);
  await Promise.all([own['api 1'].start(), own['api 2'].start()]);

  const toApi = Object.entries(links).filter(([name]) => name.startsWith('balancer'));
  const balancer = await Balancer.before(toApi.map(([, { port }]) => port));
  const { accountsFile } = await seeding;
  const connection = await Connection.connect({ address: stores.engineAddress });
  const keysDir = keysDirOf(folder.path);
  const store = await connectStore(stores.mongoUri);
  const members = { ...stores.members, ...own };
  return {
    members,
    links,
    disks: stores.disks,
    primary: () => stores.primary(),
    skewClock: (ms) => writeFile(clock, String(ms)),
    url: `http://127.0.0.1:${balancer.port}`,
    accounts: JSON.parse(await readFile(accountsFile, 'utf8')) as SampleAccount[],
    store,
    client: new Client({ connection, dataConverter: dataConverterOf(readKeyring(keysDir, 'payload')) }),
    keysDir,
    logs: join(folder.path, 'logs'),
    end: () => endAll({ folder, members, links, stores, balancer, store, connection }),
  };
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
  readonly stores: Stores;
  readonly links: Fleet['links'];
  readonly ports: Readonly<Record<'api 1' | 'api 2', number>>;
  readonly clock: string;
}

type OwnName = 'worker 1' | 'worker 2' | 'api 1' | 'api 2';

function ownParts({ setting, programs, stores, links, ports, clock }: Wiring): Record<OwnName, Part> {
  const { env, dataDir } = setting;
  const storeFrom = (name: string): string => {
    const link = links[`${name} → store`];
    // The replica set would tell its own address, past the proxy.
    return link ? `mongodb://127.0.0.1:${link.port}/jiugai?directConnection=true` : stores.mongoUri;
  };
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
        TEMPORAL_ADDRESS: `127.0.0.1:${links[`${name} → engine`]?.port}`,
        MONGODB_URI: storeFrom(name),
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

/** A proxy for each link, before whom it leads to. */
async function linksTo(
  { links }: Topology,
  ports: Readonly<Record<string, number>>,
): Promise<Fleet['links']> {
  const proxies: Record<string, Proxy> = {};
  for (const name of links) proxies[name] = await Proxy.to(ports[name.split(' → ')[1] ?? ''] ?? 0);
  return proxies;
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
  readonly stores: Stores;
  readonly balancer: Balancer;
  readonly store: Store;
  readonly connection: Connection;
}

async function endAll({
  folder,
  members,
  links,
  stores,
  balancer,
  store,
  connection,
}: Ending): Promise<void> {
  await Promise.allSettled([store.close(), connection.close(), balancer.close()]);
  await Promise.allSettled(Object.values(members).map((member) => member.end()));
  await Promise.allSettled(Object.values(links).map((link) => link.close()));
  await stores.remove();
  await folder.release();
}
