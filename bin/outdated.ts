/**
 * `npm run outdated`: says which of our packages are behind, and which of those can be taken at once. Exit code 0:
 * nothing can; 1: something can; 2: the registry did not answer. `--json` for programs.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readOutdated, report, sorted } from './supply/newer';

function main(): void {
  const { stdout, stderr } = spawnSync('npm', ['outdated', '--json'], {
    cwd: join(__dirname, '..'),
    encoding: 'utf8',
  });
  try {
    const outdated = readOutdated(stdout);
    const asJson = process.argv.includes('--json');
    process.stdout.write(asJson ? `${JSON.stringify(sorted(outdated), null, 2)}\n` : report(outdated));
    if (sorted(outdated).atOnce.length > 0) process.exitCode = 1;
  } catch (error) {
    console.error((error as Error).message, stderr ?? '');
    process.exitCode = 2;
  }
}

main();
