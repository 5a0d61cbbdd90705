/**
 * `npm run record:verify`: verifies the record, all of it or a part, and names the first record of each chain that is
 * wrong. Reads only.
 *
 *   MONGODB_URI=… TEMPORAL_ADDRESS=… npm run record:verify -- --project 371302-2027-0042
 *
 * Exit code 0 if the record is whole, 1 if not, 2 if it could not be verified.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { Client, Connection } from '@temporalio/client';
import { Command, InvalidArgumentError } from 'commander';
import type { DailyRoot } from '../domain/record/daily-root';
import { faultText } from '../domain/record/fault';
import { dataConverterOf } from '../keys/data-converter';
import { BadKeys, readKeyring, readRootsOfAllTimes } from '../keys/folder';
import { connectStore, type Store } from '../store/connect';
import { BadConfiguration, readWorkerConfiguration, type WorkerConfiguration } from '../worker/configuration';
import { verifyRecord, type Scope, type Verified } from './record/verify';

interface Options extends Scope {
  readonly signatures: boolean;
  readonly engine: boolean;
  readonly json?: boolean;
  readonly knownRoot?: string;
}

function optionsOf(argv: readonly string[]): Options {
  return new Command('record:verify')
    .description('verifies the record: hashes, links, signatures, heads, Updates, daily roots')
    .option('--project <id>', 'only this project')
    .option('--plan <year>', 'only this year’s plan and its submissions', yearOf)
    .option('--since <date>', 'only projects and plans in which something was recorded since', instantOf)
    .option('--without-signatures', 'signatures must be there, but are not verified')
    .option('--without-engine', 'do not compare with what the workflows themselves hold')
    .option('--known-root <file>', 'a daily root as it was handed out: the record must still hold it')
    .option('--json', 'one JSON object instead of sentences')
    .parse(argv)
    .opts<
      Omit<Options, 'signatures' | 'engine'> & { withoutSignatures?: true; withoutEngine?: true }
    >() as never;
}

function yearOf(text: string): number {
  if (!/^\d{4}$/.test(text)) throw new InvalidArgumentError('is no year');
  return Number(text);
}

function instantOf(text: string): string {
  const at = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00+08:00` : text);
  if (Number.isNaN(at)) throw new InvalidArgumentError('is no date');
  return new Date(at).toISOString();
}

export function summary(verified: Verified, withSignatures: boolean, withEngine: boolean): string[] {
  const { workflows, events, signatures, chainsMs, compared, expired, listed, roots, lastRoot } = verified;
  const rate = Math.round((events / Math.max(chainsMs, 1)) * 1000);
  return [
    `${events} events in ${workflows} chains, ${signatures} signatures${withSignatures ? '' : ' (not verified)'}`,
    roots === 0 ? 'no daily roots' : `${roots} daily roots, the last of ${lastRoot ?? ''}`,
    `${rate} events a second on one of ${cpus().length} cores`,
    withEngine
      ? `${compared} workflows compared with the engine; of ${expired} the history expired, which is no fault${listed ? '' : '; the engine could not list what runs'}`
      : 'not compared with the engine',
  ];
}

async function verify(options: Options, configuration: WorkerConfiguration): Promise<number> {
  const { keysDir, mongodbUri, temporal, namespace } = configuration;
  const roots = options.signatures ? readRootsOfAllTimes(keysDir) : undefined;
  const dataConverter = options.engine ? dataConverterOf(readKeyring(keysDir, 'payload')) : undefined;
  const store: Store = await connectStore(mongodbUri);
  const connection = dataConverter ? await Connection.connect(temporal) : undefined;
  try {
    const client = connection && dataConverter && new Client({ connection, namespace, dataConverter });
    const verified = await verifyRecord(store, {
      scope: options,
      ...(roots ? { roots } : {}),
      ...(client ? { client } : {}),
      ...(options.knownRoot === undefined ? {} : { knownRoot: readRoot(options.knownRoot) }),
    });
    report(verified, options);
    return verified.faults.length === 0 ? 0 : 1;
  } finally {
    await Promise.all([connection?.close(), store.close()]);
  }
}

/** As `GET /record/roots/{date}` hands it out, leaves and all, or without them. */
function readRoot(file: string): DailyRoot {
  return JSON.parse(readFileSync(file, 'utf8')) as DailyRoot;
}

function report(verified: Verified, { json, signatures, engine }: Options): void {
  if (json) {
    console.log(JSON.stringify(verified));
    return;
  }
  for (const fault of verified.faults) console.log(`✗ ${faultText(fault)}`);
  for (const line of summary(verified, signatures, engine)) console.log(line);
  const { length } = verified.faults;
  console.log(
    length === 0 ? '✓ 记录完整 · the record is whole' : `✗ ${length} 处不符 · ${length} chains are wrong`,
  );
}

async function main(): Promise<void> {
  const { withoutSignatures, withoutEngine, ...rest } = optionsOf(process.argv) as Options & {
    withoutSignatures?: true;
    withoutEngine?: true;
  };
  const options = { ...rest, signatures: withoutSignatures !== true, engine: withoutEngine !== true };
  process.exitCode = await verify(options, readWorkerConfiguration(process.env));
}

if (require.main === module) {
  main().catch((error: Error) => {
    const known = error instanceof BadConfiguration || error instanceof BadKeys;
    console.error(known ? error.message : `The record could not be verified: ${error.message}`);
    process.exitCode = 2;
  });
}
