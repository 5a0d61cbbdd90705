/**
 * `npm run reconcile`: compares everything that is open with the store: heads, what is shown of projects, steps and plans,
 * and every task. Reads only; `npm run rebuild` mends.
 *
 *   MONGODB_URI=… TEMPORAL_ADDRESS=… npm run reconcile -- --project 371302-2027-0042
 *
 * Exit code 0 if they are the same, 1 if not, 2 if something could not be compared.
 */
import { Command, InvalidArgumentError } from 'commander';
import type { Difference } from '../worker/reconcile/differences';
import { reconcile, type Reconciled } from '../worker/reconcile/reconcile';
import { workflowsOf } from './operations/scope';
import { runOperation, withBoth } from './operations/with-both';

interface Options {
  readonly project?: string;
  readonly json?: true;
  readonly atOnce?: number;
}

function optionsOf(argv: readonly string[]): Options {
  return new Command('reconcile')
    .description('compares every open workflow with what the store shows of it')
    .option('--project <id>', 'only this project with its steps, closed ones too')
    .option('--at-once <n>', 'workflows asked at the same time; 8 by default', numberOf)
    .option('--json', 'one JSON object instead of sentences')
    .parse(argv)
    .opts<Options>();
}

function numberOf(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('is no number from 1 to 999');
  return Number(text);
}

/** As a person reads it: one line a difference. */
export function sentenceOf({ workflowId, what, taskId, detail }: Difference): string {
  return `✗ ${taskId === undefined ? workflowId : `task ${taskId}`} (${what}): ${detail}`;
}

export function exitCodeOf({ differences, unanswered }: Reconciled): number {
  if (differences.length > 0) return 1;
  return unanswered.length > 0 ? 2 : 0;
}

function report(found: Reconciled): void {
  for (const difference of found.differences) console.log(sentenceOf(difference));
  for (const { workflowId, reason } of found.unanswered) console.log(`? ${workflowId}: ${reason}`);
  const { compared, differences, unanswered, listed } = found;
  console.log(`${compared} workflows compared${listed ? '' : '; the engine did not list what runs'}`);
  if (unanswered.length > 0) console.log(`? ${unanswered.length} did not answer: is a worker running?`);
  console.log(
    differences.length === 0 ? '✓ 一致 · no differences' : `✗ ${differences.length} 处不一致 · differences`,
  );
}

runOperation(module, async () => {
  const { project, json, atOnce } = optionsOf(process.argv);
  return withBoth(async ({ store, client }) => {
    const found = await reconcile(store, client, {
      ...(project === undefined ? {} : { workflowIds: await workflowsOf(store, project) }),
      ...(atOnce === undefined ? {} : { atOnce }),
    });
    if (json) console.log(JSON.stringify(found));
    else report(found);
    return exitCodeOf(found);
  });
});
