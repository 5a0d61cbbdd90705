/**
 * `npm run predeploy`: replays every open workflow of a running system with the workflow code of this working tree, and
 * says which of them it would break. Reads only.
 *
 *   MONGODB_URI=… TEMPORAL_ADDRESS=… npm run predeploy
 *
 * Exit code 0 if all can go on under this code, 1 if not.
 */
import { Runtime } from '@temporalio/worker';
import { Command } from 'commander';
import { cacheDirOf } from '../worker/create';
import { runOperation, withBoth } from './operations/with-both';
import { bundleForReplay, openHistories, QUIET, replay } from './predeploy/replay';

runOperation(module, async () => {
  const { json } = new Command('predeploy')
    .description('replays all open workflows with the code of this working tree')
    .option('--json', 'one JSON object instead of sentences')
    .parse(process.argv)
    .opts<{ json?: true }>();
  Runtime.install({ logger: QUIET, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
  return withBoth(async ({ client, configuration, dataConverter }) => {
    const codePath = await bundleForReplay({ cacheDir: cacheDirOf(configuration.dataDir) });
    const { replayed, broken } = await replay(codePath, dataConverter, openHistories(client));
    if (json) {
      console.log(JSON.stringify({ replayed, broken }));
    } else {
      for (const { workflowId, reason } of broken) console.log(`✗ ${workflowId}: ${reason}`);
      console.log(
        broken.length === 0
          ? `✓ 可以升级 · ${replayed} open workflows go on under this code`
          : `✗ 不可升级 · ${broken.length} of ${replayed} open workflows would stand still or stop for repair: put the change behind patched()`,
      );
    }
    return broken.length === 0 ? 0 : 1;
  });
});
