// `npm test`: installs what is missing, fetches the server programs, runs jest with the arguments given, and closes
// with one line that counts, whatever reporter was chosen.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureInstalled, repository } from './install.mjs';

ensureInstalled();
run(['--import', 'tsx', join(repository, 'bin/servers.ts'), 'temporal', 'mongod', 'temporal-test-server']);

const folder = mkdtempSync(join(tmpdir(), 'jiugai-results-'));
const results = join(folder, 'results.json');
const jest = join(repository, 'node_modules/jest/bin/jest.js');
const args = ['--maxWorkers=2', ...process.argv.slice(2), '--json', `--outputFile=${results}`];
const status =
  spawnSync(process.execPath, [jest, ...args], { cwd: repository, stdio: 'inherit' }).status ?? 1;
const failed = count(results);
rmSync(folder, { recursive: true, force: true });
process.exit(status || (failed > 0 ? 1 : 0));

/** Prints the closing line; a test file that could not even be loaded counts as one failed test. */
function count(file) {
  let read;
  try {
    read = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    console.log('0 passed, 1 failed');
    return 1;
  }
  const broken = read.numFailedTests + read.numRuntimeErrorTestSuites;
  console.log(`${read.numPassedTests} passed, ${broken} failed`);
  return broken;
}

function run(command) {
  const { status: code } = spawnSync(process.execPath, command, { cwd: repository, stdio: 'inherit' });
  if (code !== 0) process.exit(code ?? 1);
}
