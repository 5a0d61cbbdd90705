/**
 * `npm run rebuild`: restores what is shown (projects, steps, plans, submissions, tasks) from the workflows and the record.
 *
 *   MONGODB_URI=… TEMPORAL_ADDRESS=… npm run rebuild -- --project 371302-2027-0042
 *
 * Needs a running worker and the worker's key. Exit code 0 if all is there again, 1 if something is lost or differs.
 */
import { Command } from 'commander';
import { readIdentity } from '../keys/folder';
import { familyRange } from '../store/id-range';
import { runOperation, withBoth } from './operations/with-both';
import { rebuild, type Rebuilt } from './rebuild/rebuild';
import { sentenceOf } from './reconcile';

interface Options {
  readonly project?: string;
  readonly json?: true;
}

function optionsOf(argv: readonly string[]): Options {
  return new Command('rebuild')
    .description('restores what is shown from the workflows and, of what ended long ago, from the record')
    .option('--project <id>', 'only this project with its steps')
    .option('--json', 'one JSON object instead of sentences')
    .parse(argv)
    .opts<Options>();
}

function report({ heads, open, closed, fromEvents, lost, differences }: Rebuilt): void {
  for (const { workflowId, lacks } of fromEvents) {
    console.log(
      `~ ${workflowId}: from its events, ${lacks.length === 0 ? 'complete' : `without ${lacks.join(', ')}`}`,
    );
  }
  for (const { workflowId, reason } of lost) console.log(`✗ ${workflowId}: not restored: ${reason}`);
  for (const difference of differences) console.log(sentenceOf(difference));
  console.log(`${open} open workflows recorded themselves anew, ${closed} closed ones are as they were`);
  console.log(`${fromEvents.length} were restored from their events, ${heads} heads were found again`);
  const wrong = lost.length + differences.length;
  console.log(wrong === 0 ? '✓ 已重建 · rebuilt' : `✗ ${wrong} 处未能重建 · not rebuilt`);
}

runOperation(module, async () => {
  const { project, json } = optionsOf(process.argv);
  return withBoth(async ({ store, client, configuration }) => {
    await store.prepare();
    const rebuilt = await rebuild(store, client, {
      identity: readIdentity(configuration.keysDir, 'worker'),
      ...(project === undefined ? {} : { ranges: [familyRange(`project/${project}`)] }),
    });
    if (json) console.log(JSON.stringify(rebuilt));
    else report(rebuilt);
    return rebuilt.lost.length + rebuilt.differences.length === 0 ? 0 : 1;
  });
});
