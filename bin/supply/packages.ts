import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '..', '..');

/** One package of package-lock.json; what runs in production, or what only builds and tests. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX; nothing where the package does not say. */
  readonly licence: string | undefined;
  readonly use: 'runs' | 'builds';
  /** SHA-512 of what is downloaded; nothing for what comes inside another package. */
  readonly integrity: string | undefined;
  readonly isBundled: boolean;
}

interface LockEntry {
  /** Its own, where it is installed under another. */
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly integrity?: string;
  readonly inBundle?: boolean;
}

/** Licences that a package has only as text: read by hand, and to be read again when the version changes. */
const READ_BY_HAND: Readonly<Record<string, string>> = { 'unionfs@4.6.0': 'Unlicense' };

/** Every package of the lock file once for each version, in order of names. */
export function lockedPackages(): LockedPackage[] {
  const lock = JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  const found = new Map<string, LockedPackage>();
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '') continue;
    const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const id = `${name}@${entry.version}`;
    const use = entry.dev || entry.devOptional ? 'builds' : 'runs';
    const before = found.get(id);
    found.set(id, {
      name,
      version: entry.version ?? '',
      licence: entry.license ?? saidByItself(path) ?? READ_BY_HAND[id],
      use: before?.use === 'runs' ? 'runs' : use,
      integrity: entry.integrity ?? before?.integrity,
      isBundled: entry.inBundle ?? false,
    });
  }
  return [...found.values()].sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

/** By code units, as on every machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Older packages name licences in a list, which the lock file leaves out. */
function saidByItself(path: string): string | undefined {
  const file = join(REPOSITORY, path, 'package.json');
  if (!existsSync(file)) return undefined;
  const { licenses } = JSON.parse(readFileSync(file, 'utf8')) as { licenses?: { type?: string }[] };
  const types = licenses?.flatMap(({ type }) => type ?? []) ?? [];
  return types.length === 0 ? undefined : types.join(' OR ');
}
