import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILE, licencesDocument, refused } from '../../bin/licences';
import { readOutdated, report, sorted } from '../../bin/supply/newer';
import { lockedPackages, type LockedPackage } from '../../bin/supply/packages';

const REPOSITORY = join(__dirname, '../..');
const packages = lockedPackages();

describe('licences', () => {
  test('every package has one that is allowed for its use', () => {
    expect(refused(packages)).toEqual([]);
  });

  test('docs/licences.md lists what the lock file holds; `npm run licences` writes it anew', () => {
    expect(readFileSync(FILE, 'utf8')).toBe(licencesDocument(packages));
  });

  const some = (change: Partial<LockedPackage>): LockedPackage => ({
    name: 'some',
    version: '1.0.0',
    licence: 'MIT',
    use: 'runs',
    integrity: undefined,
    isBundled: false,
    ...change,
  });

  test.each([
    [{ licence: 'GPL-3.0-only' }, true],
    [{ licence: undefined }, true],
    [{ licence: 'SEE LICENSE IN LICENSE' }, true],
    [{ licence: 'UNLICENSED' }, true],
    [{ licence: 'Apache-2.0 AND GPL-2.0-only' }, true],
    [{ licence: 'MPL-2.0' }, true],
    [{ licence: 'MPL-2.0', use: 'builds' as const }, false],
    [{ licence: '(MIT OR GPL-3.0-only)' }, false],
    [{ licence: 'Apache-2.0 AND MIT' }, false],
  ])('%j is refused: %s', (change, isRefused) => {
    expect(refused([some(change)]).length === 1).toBe(isRefused);
  });
});

describe('what is installed', () => {
  test('is pinned by the hash of its contents, for each package of the lock file', () => {
    const unpinned = packages.filter(
      ({ integrity, isBundled }) => !isBundled && !integrity?.startsWith('sha512-'),
    );
    expect(unpinned.map(({ name, version }) => `${name}@${version}`)).toEqual([]);
  });

  test('is of one version of the engine’s library', () => {
    const versions = packages
      .filter(({ name }) => name.startsWith('@temporalio/'))
      .map(({ version }) => version);
    expect(new Set(versions).size).toBe(1);
  });

  test('is named in the bill of materials (CycloneDX), each with its version', () => {
    const { stdout } = spawnSync('npm', ['run', '--silent', 'sbom'], {
      cwd: REPOSITORY,
      encoding: 'utf8',
      maxBuffer: 50_000_000,
    });
    const bill = JSON.parse(stdout) as {
      bomFormat: string;
      components: { 'bom-ref': string; purl: string }[];
    };
    expect(bill.bomFormat).toBe('CycloneDX');
    const named = new Set(bill.components.map((component) => component['bom-ref']));
    const missing = packages.filter(({ name, version }) => !named.has(`${name}@${version}`));
    expect(missing).toEqual([]);
    expect(bill.components.filter(({ purl }) => !purl.startsWith('pkg:npm/'))).toEqual([]);
  });
});

describe('what is outdated', () => {
  const printed = JSON.stringify({
    express: { current: '5.3.0', wanted: '5.3.1', latest: '6.0.0' },
    zod: [{ current: '4.6.7', wanted: '4.6.7', latest: '5.0.0' }],
    typescript: { current: '6.0.2', wanted: '6.0.2', latest: '7.1.0' },
  });

  test('is told apart: taken at once, to be read first, held back with its reason', () => {
    const { atOnce, toRead, held } = sorted(readOutdated(printed));
    expect(atOnce.map(({ name }) => name)).toEqual(['express']);
    expect(toRead.map(({ name }) => name)).toEqual(['express', 'zod']);
    expect(held).toEqual([
      expect.objectContaining({ name: 'typescript', why: expect.stringMatching(/eslint/) }),
    ]);
    expect(report(readOutdated(printed))).toMatch(
      /express 5\.3\.0 → 5\.3\.1\n[^]*zod 4\.6\.7 → 5\.0\.0\n[^]*typescript/,
    );
  });

  test('is nothing where npm prints nothing, and an error where it could not ask', () => {
    expect(report(readOutdated(''))).toBe('Everything is of today.\n');
    expect(() => readOutdated(JSON.stringify({ error: { code: 'ENOTFOUND' } }))).toThrow('ENOTFOUND');
  });
});
