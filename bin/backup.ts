/**
 * `npm run backup -- <folder>`: both stores of a running `npm start`, of one moment, into a folder of its own.
 *
 * Exit code 0 if the backup is whole; without its manifest it is none.
 */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { backUp } from './backup/back-up';
import { readConfiguration } from './configuration';
import { runOperation } from './operations/with-both';
import { markedProcesses } from './running/leftovers';
import { mongoUri } from './running/mongod';
import { BackupRefused } from './backup/manifest';

runOperation(module, async () => {
  const command = new Command('backup')
    .description('backs up both stores of a running `npm start`')
    .argument('<folder>', 'an empty folder, or one to be made')
    .parse(process.argv);
  const { dataDir, mongodbPort, mongodbUri, temporalAddress } = readConfiguration(process.env);
  if (temporalAddress || mongodbUri) {
    throw new BackupRefused(
      'Only a system that runs its own servers is backed up so: for others see docs/operations.md.',
    );
  }
  const engine = (await markedProcesses(dataDir)).find(({ program }) => program === 'temporal');
  if (!engine) {
    throw new BackupRefused(
      `Nothing runs on ${dataDir}: begin with npm start, or copy the whole folder while it is stopped.`,
    );
  }
  const folder = resolve(command.args[0] as string);
  const { collections, heads, stoodMs, takenAt } = await backUp({
    folder,
    mongoUri: mongoUri(mongodbPort, 'jiugai'),
    engineDir: resolve(dataDir, 'temporal'),
    enginePid: engine.pid,
  });
  const documents = Object.values(collections).reduce((sum, one) => sum + one, 0);
  console.log(`✓ 已备份 · ${documents} documents, ${heads.count} heads, as of ${takenAt}: ${folder}`);
  console.log(`  The engine stood still for ${stoodMs} ms. Keys are not in it: keep their copy elsewhere.`);
  return 0;
});
