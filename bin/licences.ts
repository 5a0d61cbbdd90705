/**
 * `npm run licences`: writes docs/licences.md from package-lock.json, and fails if a package has a licence that is not
 * allowed.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import satisfies from 'spdx-satisfies';
import { lockedPackages, type LockedPackage } from './supply/packages';

export const FILE = join(__dirname, '..', 'docs', 'licences.md');

/** They ask for their text to be kept, and for nothing of ours. */
const ALLOWED = [
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'CC-BY-4.0',
  'Unlicense',
];
/** Changes to their own files would have to be published, or authors named: for what only builds and tests. */
const ALLOWED_TO_BUILD = [...ALLOWED, 'MPL-2.0', 'CC-BY-3.0'];

const USES = {
  runs: 'What runs in production',
  builds: 'What builds and tests; the pages carry a part of it into the browser',
} as const;

/** Packages whose licence is unknown or not allowed. */
export function refused(packages: readonly LockedPackage[]): LockedPackage[] {
  return packages.filter(({ licence, use }) => {
    if (licence === undefined) return true;
    return !isAllowed(licence, use === 'runs' ? ALLOWED : ALLOWED_TO_BUILD);
  });
}

/** What is no SPDX expression (`SEE LICENSE IN …`) is not allowed until somebody has read it. */
function isAllowed(licence: string, allowed: readonly string[]): boolean {
  try {
    return satisfies(licence, [...allowed]);
  } catch {
    return false;
  }
}

/** The text of docs/licences.md. */
export function licencesDocument(packages: readonly LockedPackage[]): string {
  const sections = (['runs', 'builds'] as const).map((use) => {
    const licences = new Map<string, LockedPackage[]>();
    for (const one of packages.filter((each) => each.use === use)) {
      const licence = one.licence ?? 'unknown';
      licences.set(licence, [...(licences.get(licence) ?? []), one]);
    }
    const lists = [...licences]
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([licence, of]) => `### ${licence} (${of.length})\n\n${of.map(line).join('\n')}\n`);
    return `## ${USES[use]}\n\n${lists.join('\n')}`;
  });
  const allowed = ALLOWED.map((licence) => `\`${licence}\``).join(', ');
  return `# Licences of the packages

Written by \`npm run licences\` from package-lock.json; a test holds it against the lock file. Allowed are ${allowed}, and
\`MPL-2.0\` and \`CC-BY-3.0\` for what only builds and tests. Of an expression with OR one side must be allowed, with AND each.

${sections.join('\n')}`;
}

const line = ({ name, version }: LockedPackage): string => `- \`${name}\` ${version}`;

function main(): void {
  const packages = lockedPackages();
  writeFileSync(FILE, licencesDocument(packages));
  const bad = refused(packages);
  for (const { name, version, licence = 'no licence' } of bad) {
    console.error(`${name}@${version}: ${licence} is not allowed`);
  }
  console.log(`${FILE}: ${packages.length} packages`);
  if (bad.length > 0) process.exitCode = 1;
}

if (require.main === module) main();
