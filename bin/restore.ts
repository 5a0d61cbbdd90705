/**
 * `npm run restore -- <folder>`: fills the empty data folder `JIUGAI_DATA_DIR` from a backup and verifies the heads of the
 * record before anything works on it.
 *
 * Exit code 0 if the stores fit each other, 1 if they are of different moments, 2 if nothing was restored.
 */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { keysDirOf, readKeyring } from '../keys/folder';
import { restore } from './backup/restore';
import { WHY } from './backup/heads';
import { readConfiguration } from './configuration';
import { runOperation } from './operations/with-both';

const say = (line: string): void => console.log(line);

runOperation(module, async () => {
  const command = new Command('restore')
    .description('fills an empty data folder from a backup')
    .argument('<folder>', 'the backup')
    .option('--mongodb <folder>', 'take MongoDB’s part from this other backup')
    .parse(process.argv);
  const { mongodb } = command.opts<{ mongodb?: string }>();
  const { dataDir } = readConfiguration(process.env);
  const keysDir = process.env['JIUGAI_KEYS_DIR'] ?? keysDirOf(dataDir);
  const restored = await restore({
    folder: resolve(command.args[0] as string),
    ...(mongodb === undefined ? {} : { mongoFolder: resolve(mongodb) }),
    dataDir,
    payloadKeys: readKeyring(keysDir, 'payload'),
    env: process.env,
    say,
  });
  const { documents, heads, compared, takenAt, misfits } = restored;
  for (const { workflowId, seq, why } of misfits) say(`✗ ${workflowId}, event ${seq}: ${WHY[why]}`);
  say(`${documents} documents and ${heads} heads as of ${takenAt}; ${compared} open workflows compared`);
  if (misfits.length === 0) say(`✓ 已恢复 · restored into ${dataDir}; npm start goes on from there`);
  else
    say(
      `✗ ${misfits.length} 个流程两库不一致 · the stores are of different moments: these workflows stop for repair`,
    );
  return misfits.length === 0 ? 0 : 1;
});
