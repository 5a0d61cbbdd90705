import { cachedPath, exists } from './install';
import { proveProgram } from './prove';
import type { Rung } from './rung';

/** What an earlier download left. It was checked when it came; it is run once to see that it still works. */
export const cached: Rung = {
  title: 'the cache',
  async find({ program, cacheDir }) {
    const path = cachedPath(cacheDir, program);
    if (!(await exists(path))) return undefined;
    const version = await proveProgram(path, program);
    return { kind: 'program', path, version, source: 'cache' };
  },
};
