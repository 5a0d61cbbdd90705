import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { StartRefused } from '../running/refused';

/** The fuzzer, a Python program; its version is pinned because its checks grow. */
const VERSION = '4.32.5';

export interface FuzzRun {
  readonly url: string;
  readonly token: string;
  readonly seconds: number;
  readonly seed: number;
}

/**
 * Puts the fuzzer into the cache, unless it is there.
 * @throws StartRefused when there is no Python with pip, or the package cannot be fetched
 */
export async function installSchemathesis(cacheDir: string, say: (line: string) => void): Promise<string> {
  const folder = join(cacheDir, `schemathesis-${VERSION}`);
  if (existsSync(folder)) return folder;
  say(`Schemathesis ${VERSION} is being installed with pip`);
  const partial = `${folder}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--target', partial, `schemathesis==${VERSION}`];
  const { status, error } = spawnSync('python3', pip, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    await rm(partial, { recursive: true, force: true });
    throw new StartRefused(
      `Schemathesis could not be installed (${error?.message ?? 'see pip’s lines above'}): it needs Python 3.10 or later with pip.`,
    );
  }
  await rename(partial, folder);
  return folder;
}

/** Sends what the OpenAPI document allows and what it forbids, with every check; true if none failed. */
export async function runSchemathesis(
  folder: string,
  { url, token, seconds, seed }: FuzzRun,
): Promise<boolean> {
  const args = [
    join(folder, 'bin', 'schemathesis'),
    ...['--config-file', join(__dirname, 'schemathesis.toml'), 'run', `${url}/openapi.json`],
    ...['--header', `Authorization: Bearer ${token}`],
    // The clock would run away, and the session that is fuzzed with would end.
    ...['--exclude-path-regex', 'rehearsal|sessions|auth/oidc'],
    ...['--phases', 'examples,coverage,fuzzing', '--max-examples', '20', '--max-time', String(seconds)],
    ...['--seed', String(seed), '--continue-on-failure', '--warnings', 'off', '--no-color'],
  ];
  const PYTHONPATH = [folder, process.env['PYTHONPATH']].filter(Boolean).join(delimiter);
  const env = { ...process.env, PYTHONPATH };
  // One worker: with several, Python 3.11 loses count of its recursion now and then (cpython issue 106905).
  // What it remembers of earlier runs goes into the cache, not into the folder where it was started.
  const child = spawn('python3', args, { env, stdio: 'inherit', cwd: folder });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code === 0;
}
