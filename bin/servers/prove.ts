import { spawn } from 'node:child_process';
import type { PinnedProgram } from './programs';

/** What a missing library is called in Debian, for those that a bare machine lacks. */
const DEBIAN_PACKAGES: Readonly<Record<string, string>> = {
  'libcurl.so.4': 'libcurl4',
  'libssl.so.3': 'libssl3',
  'libcrypto.so.3': 'libssl3',
  'liblzma.so.5': 'liblzma5',
};

/**
 * Runs a program once to prove that it works on this machine.
 *
 * @returns its version; the pinned one where the program does not tell.
 * @throws Error with the reason, and what to install when a library is missing.
 */
export async function proveProgram(path: string, program: PinnedProgram): Promise<string> {
  const said = await firstWords(path);
  const version = program.versionPattern.exec(said)?.[1];
  if (version !== undefined) return version === '' ? program.version : version;
  const library = /error while loading shared libraries: ([^:\s]+)/.exec(said)?.[1];
  if (library !== undefined) {
    const debian = DEBIAN_PACKAGES[library];
    const mend = debian ? ` (on Debian or Ubuntu: apt-get install ${debian})` : '';
    throw new Error(`${path} does not run on this machine: it needs the library ${library}${mend}`);
  }
  throw new Error(
    `${path} does not run on this machine: ${said.trim().split('\n')[0] || 'it printed nothing'}`,
  );
}

function firstWords(path: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(path, ['--version'], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    child.on('error', (error) => resolve(error.message));
    child.on('close', () => resolve(said));
  });
}

/** True if version `a` is lower than version `b`, both of the form `1.2.3`. */
export function isOlder(a: string, b: string): boolean {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < right.length; i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
