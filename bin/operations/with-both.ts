import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { dataConverterOf } from '../../keys/data-converter';
import { readKeyring } from '../../keys/folder';
import { connectStore, type Store } from '../../store/connect';
import { readWorkerConfiguration, type WorkerConfiguration } from '../../worker/configuration';

/** What an administrator's command works with: the environment's, as for a worker. */
export interface Both {
  readonly store: Store;
  readonly client: Client;
  readonly configuration: WorkerConfiguration;
  readonly dataConverter: DataConverter;
}

/** Connects to the store and the engine that the environment names, and leaves them however the work ends. */
export async function withBoth(work: (both: Both) => Promise<number>): Promise<number> {
  const configuration = readWorkerConfiguration(process.env);
  const { keysDir, mongodbUri, temporal, namespace } = configuration;
  const dataConverter = dataConverterOf(readKeyring(keysDir, 'payload'));
  const store = await connectStore(mongodbUri);
  try {
    const connection = await Connection.connect(temporal);
    try {
      const client = new Client({ connection, namespace, dataConverter });
      return await work({ store, client, configuration, dataConverter });
    } finally {
      await connection.close();
    }
  } finally {
    await store.close();
  }
}

/** Errors whose message is for people, and says all. */
const KNOWN: ReadonlySet<string> = new Set([
  'BadConfiguration',
  'BadKeys',
  'BackupRefused',
  'ServerMissing',
  'StartRefused',
]);

/**
 * Runs a command if its module is the program: its answer is the exit code, 2 where it could not do its work. A known
 * cause is one sentence without a stack.
 */
export function runOperation(program: NodeJS.Module, work: () => Promise<number>): void {
  if (require.main !== program) return;
  work().then(
    (code) => (process.exitCode = code),
    (error: Error) => {
      const known = KNOWN.has(error.name);
      console.error(known ? error.message : `It could not be done: ${error.message}`);
      process.exitCode = 2;
    },
  );
}
