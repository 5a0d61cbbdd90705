import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { isOlder, proveProgram } from './prove';
import type { Rung } from './rung';

/** A program that the machine's owner installed; the first on the PATH that works and is new enough. */
export const onPath: Rung = {
  title: 'a program on the PATH',
  async find({ program, env, report }) {
    for (const folder of (env['PATH'] ?? '').split(delimiter).filter(isAbsolute)) {
      const path = join(folder, program.name);
      if (!(await isExecutable(path))) continue;
      try {
        const version = await proveProgram(path, program);
        if (!isOlder(version, program.oldest)) return { kind: 'program', path, version, source: 'path' };
        report(`  passed over ${path}: version ${version} is older than ${program.oldest}`);
      } catch (error) {
        report(`  passed over: ${(error as Error).message}`);
      }
    }
    return undefined;
  },
};

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
