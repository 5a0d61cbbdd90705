// Plain JavaScript that needs nothing but Node: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the program. */
export const repository = dirname(dirname(fileURLToPath(import.meta.url)));

const NEEDED = [20, 19];

/**
 * Checks Node's version and installs the packages of package-lock.json when they are missing or others.
 * Ends the process with one sentence when that cannot be done.
 */
export function ensureInstalled() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
    fail(
      `This program needs Node ${NEEDED.join('.')} or later and this is ${process.versions.node}: install a newer Node.`,
    );
  }
  const reason = reasonToInstall(repository);
  if (!reason) return;
  console.log(`Installing packages with npm ci, because ${reason}`);
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const args = [...npm.slice(1), 'ci', '--no-audit', '--no-fund', '--loglevel=http'];
  const { status, error } = spawnSync(npm[0], args, { cwd: repository, stdio: 'inherit' });
  if (error) fail(`npm could not be run (${error.message}): install npm, which comes with Node.`);
  if (status !== 0) {
    fail(
      "npm ci failed, see its lines above: mend what it names (mostly the network or npm's registry setting) and start again.",
    );
  }
}

/** Why `npm ci` must run, or undefined when every package of the lock is there in its version. */
export function reasonToInstall(folder) {
  const installedFile = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return 'nothing is installed yet';
  const read = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;
  const [locked, installed] = [read(join(folder, 'package-lock.json')), read(installedFile)];
  const other = Object.entries(locked).find(
    // Optional packages are mostly builds for other platforms.
    ([path, { version, optional }]) => path !== '' && !optional && installed[path]?.version !== version,
  );
  return other && `${other[0]} is not installed as package-lock.json says`;
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
