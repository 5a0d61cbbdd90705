import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../../bin/servers/run';

/** The version that the compose file runs, from the project's own Go module. */
const VERSION = '1.31.0';
const MODULE = 'go.temporal.io/server';

/** Temporal's server, and the tool that makes and upgrades its SQL schema, which it carries in itself. */
export interface EnginePrograms {
  readonly server: string;
  readonly schema: string;
}

/**
 * Temporal's server as one runs it in production. Its project offers it in containers only, so it is built from its
 * module, once, into the cache: some minutes on two cores.
 * @throws Error that says what is missing
 */
export async function enginePrograms(
  cacheDir: string,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<EnginePrograms> {
  const folder = join(cacheDir, `temporal-server-${VERSION}`);
  if (!existsSync(folder)) await build(folder, env, say);
  return { server: join(folder, 'server'), schema: join(folder, 'schema') };
}

async function build(folder: string, env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<void> {
  say(`building Temporal's server ${VERSION} from its Go module: some minutes, once`);
  const packages = { server: `${MODULE}/cmd/server`, schema: `${MODULE}/cmd/tools/sql` };
  await mkdir(dirname(folder), { recursive: true });
  const scratch = await mkdtemp(`${folder}.`);
  const go = (doing: string, ...args: string[]): Promise<void> =>
    run('go', ['-C', scratch, ...args], { env, report: say, doing }).catch((error: Error) => {
      throw new Error(`Temporal's server could not be built (it needs Go 1.26 or later): ${error.message}`);
    });
  try {
    await writeFile(join(scratch, 'go.mod'), 'module engine\n');
    await go('fetching', 'get', ...Object.values(packages).map((name) => `${name}@v${VERSION}`));
    for (const [name, from] of Object.entries(packages)) {
      await go(`building ${name}`, 'build', '-o', join('made', name), from);
    }
    await rename(join(scratch, 'made'), folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
