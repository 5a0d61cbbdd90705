/**
 * `npm run histories`: records the histories of whole lives of projects under test/histories anew, by the test that leads
 * them: every step, returns, and each end; and beside them the code that led them. In the commit of a release, not with
 * every change (CONTRIBUTING.md).
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { keepTodaysCode } from '../test/support/older-code';
import { REPOSITORY } from './configuration';

const LIVES = 'test/workflows/project.test.ts';

rmSync(join(REPOSITORY, 'test/histories'), { recursive: true, force: true });
const jest = join(REPOSITORY, 'node_modules/jest/bin/jest.js');
const { status } = spawnSync(process.execPath, [jest, '--maxWorkers=1', LIVES], {
  cwd: REPOSITORY,
  stdio: 'inherit',
  env: { ...process.env, RECORD_HISTORIES: '1' },
});
if (status !== 0) process.exit(status ?? 1);
keepTodaysCode(join(REPOSITORY, '.data/cache')).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
