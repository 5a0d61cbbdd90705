import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import type { Part } from '../../bin/running/child';
import { isPortFree } from '../../bin/running/ports';
import { RETENTION_DAYS } from '../../bin/running/temporal';
import { waitUntil } from '../../bin/running/waiting';
import type { EnginePrograms } from './engine-programs';
import { USER, type Postgres } from './postgres';

const execute = promisify(execFile);

/** Both of the engine's databases, and where the tool carries their schema. */
const DATABASES = {
  temporal: 'postgresql/v12/temporal',
  temporal_visibility: 'postgresql/v12/visibility',
} as const;
/** Few, because it is one machine; what docs/scale.md says of a city's is for a city. */
const HISTORY_SHARDS = 4;
/** As docker/temporal-dynamic-config.yaml. */
const DYNAMIC_CONFIG = { 'history.workflowTaskRetryMaxInterval': [{ value: '10s' }] };

/** Makes both databases with their schema; PostgreSQL runs. */
export async function makeSchema({ schema }: EnginePrograms, { port, password }: Postgres): Promise<void> {
  const env = {
    ...process.env,
    ...{ SQL_PLUGIN: 'postgres12', SQL_HOST: '127.0.0.1', SQL_PORT: String(port) },
    ...{ SQL_USER: USER, SQL_PASSWORD: password },
  };
  const tool = async (...args: string[]): Promise<void> => void (await execute(schema, args, { env }));
  for (const [database, versions] of Object.entries(DATABASES)) {
    await tool('--db', database, 'create');
    await tool('--db', database, 'setup-schema', '-v', '0.0');
    await tool('--db', database, 'update-schema', '--schema-name', versions);
  }
}

/** Temporal's server with its four services in one process, as the compose file's. */
export async function enginePart(
  { server }: EnginePrograms,
  database: Postgres,
  where: {
    readonly folder: string;
    readonly port: number;
    readonly env: NodeJS.ProcessEnv;
    readonly logFile: string;
  },
): Promise<Part> {
  const { folder, port, env, logFile } = where;
  await mkdir(folder, { recursive: true });
  const [dynamic, file] = [join(folder, 'dynamic.yaml'), join(folder, 'engine.yaml')];
  // JSON is YAML.
  await writeFile(dynamic, JSON.stringify(DYNAMIC_CONFIG));
  await writeFile(file, JSON.stringify(await configuration(database, port, dynamic)), { mode: 0o600 });
  return {
    title: 'Temporal',
    command: [server, '--config-file', file, '--allow-no-auth', 'start'],
    env,
    logFile,
    stopWithinMs: 15_000,
    ready: () => awaitNamespace(port),
  };
}

async function configuration({ port: databasePort, password }: Postgres, port: number, dynamic: string) {
  const store = (databaseName: string, maxConns: number) => ({
    sql: {
      ...{ pluginName: 'postgres12', databaseName, connectAddr: `127.0.0.1:${databasePort}` },
      ...{ connectProtocol: 'tcp', user: USER, password, maxConns, maxIdleConns: maxConns },
    },
  });
  const service = async (grpcPort?: number) => ({
    rpc: {
      grpcPort: grpcPort ?? (await smallPort()),
      membershipPort: await smallPort(),
      bindOnLocalHost: true,
    },
  });
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      ...{ defaultStore: 'default', visibilityStore: 'visibility', numHistoryShards: HISTORY_SHARDS },
      datastores: { default: store('temporal', 20), visibility: store('temporal_visibility', 8) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: {
      frontend: await service(port),
      matching: await service(),
      history: await service(),
      worker: await service(),
    },
    clusterMetadata: {
      ...{ enableGlobalNamespace: false, failoverVersionIncrement: 10 },
      ...{ masterClusterName: 'active', currentClusterName: 'active' },
      clusterInformation: {
        active: {
          ...{ enabled: true, initialFailoverVersion: 1 },
          ...{ rpcName: 'frontend', rpcAddress: `127.0.0.1:${port}` },
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamic, pollInterval: '60s' },
  };
}

const FROM_PORT = 20_000;
/** The schema keeps the ports by which the services know each other in 16 bits with a sign. */
const LAST_PORT = 32_767;
const given = new Set<number>();

/** Below those that the system gives out, so that nobody takes it in between either. */
async function smallPort(): Promise<number> {
  for (let port = FROM_PORT; port <= LAST_PORT; port += 1) {
    if (given.has(port) || !(await isPortFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error('no port is free');
}

/** Waits until the server takes requests for the namespace `default`, and makes that on a new database. */
async function awaitNamespace(port: number): Promise<void> {
  const there = async (): Promise<boolean> => {
    const connection = await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: '2s' });
    try {
      return await connection.withDeadline(Date.now() + 5_000, () => hasNamespace(connection));
    } finally {
      await connection.close();
    }
  };
  const tried = (): Promise<boolean> => there().catch(() => false);
  await waitUntil(`Temporal on port ${port} does not work`, tried, { withinMs: 90_000, everyMs: 300 });
}

const NAMESPACE = 'default';

async function hasNamespace({ workflowService }: Connection): Promise<boolean> {
  const listed = await workflowService.listNamespaces({});
  if (listed.namespaces.some(({ namespaceInfo }) => namespaceInfo?.name === NAMESPACE)) {
    // Known to the database is not yet known to those who serve it.
    await workflowService.listOpenWorkflowExecutions({ namespace: NAMESPACE, maximumPageSize: 1 });
    return true;
  }
  const seconds = RETENTION_DAYS * 86_400;
  await workflowService.registerNamespace({
    namespace: NAMESPACE,
    workflowExecutionRetentionPeriod: { seconds: seconds as never },
  });
  return false;
}
