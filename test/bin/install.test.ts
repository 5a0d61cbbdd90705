import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LOCK = {
  packages: {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '1.0.0', optional: true },
  },
};
const withVersion = (version: string): string =>
  JSON.stringify({ packages: { 'node_modules/a': { version } } });

/** A made-up clone with the real install step and an npm that writes what npm writes. */
let clone: string;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'jiugai-clone-'));
  mkdirSync(join(clone, 'bin'));
  copyFileSync(join(__dirname, '../../bin/install.mjs'), join(clone, 'bin/install.mjs'));
  writeFileSync(
    join(clone, 'bin/run.mjs'),
    "import { ensureInstalled } from './install.mjs'; ensureInstalled();",
  );
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify(LOCK));
  npmThat(`mkdir -p node_modules; echo '${withVersion('1.0.0')}' > node_modules/.package-lock.json`);
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

function npmThat(does: string): void {
  const npm = join(clone, 'bin/npm');
  writeFileSync(npm, `#!/bin/sh\necho "npm $*"\n${does}\n`);
  chmodSync(npm, 0o755);
}

function install(): SpawnSyncReturns<string> {
  const { npm_execpath: _npm, ...env } = process.env;
  return spawnSync(process.execPath, [join(clone, 'bin/run.mjs')], {
    encoding: 'utf8',
    env: { ...env, PATH: `${join(clone, 'bin')}:/usr/bin:/bin` },
  });
}

describe('the install step before npm start and npm test', () => {
  test('a fresh clone is installed with npm ci, once', () => {
    const first = install();
    expect(first.status).toBe(0);
    expect(first.stdout).toMatch(/because nothing is installed yet\nnpm ci /);
    expect(existsSync(join(clone, 'node_modules/.package-lock.json'))).toBe(true);
    expect(install().stdout).toBe('');
  });

  test('a lock that has changed since is installed again, naming the package', () => {
    mkdirSync(join(clone, 'node_modules'));
    writeFileSync(join(clone, 'node_modules/.package-lock.json'), withVersion('0.9.0'));
    expect(install().stdout).toMatch(/node_modules\/a is not installed as package-lock\.json says\nnpm ci /);
  });

  test('npm that fails ends it with what to mend', () => {
    npmThat('exit 1');
    const failed = install();
    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(/^npm ci failed, see its lines above: mend .*\n$/);
  });
});
