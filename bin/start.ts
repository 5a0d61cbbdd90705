/**
 * `npm start`: brings up the whole system on one machine and keeps it up until Ctrl-C.
 *
 * Servers live under the data folder; what an earlier start left behind is stopped first; a process that dies is
 * started again while the others go on.
 */
import { join } from 'node:path';
import { keysDirOf, prepareKeys } from '../keys/folder';
import { readConfiguration, REPOSITORY } from './configuration';
import { claimDataFolder, watchDisk, type DataFolder } from './running/data-folder';
import { stopLeftovers } from './running/leftovers';
import { asRefusal, StartRefused } from './running/refused';
import { markedEnvironment, System, type Addresses, type OwnParts, type Seeded } from './running/system';
import { ServerMissing } from './servers/locate';

/** Two signals within this time are one: npm passes on what the terminal has sent to both already. */
const SAME_SIGNAL_MS = 1_500;

const OWN_PARTS: OwnParts = {
  worker: [process.execPath, '--import', 'tsx', join(REPOSITORY, 'worker/main.ts')],
  api: [process.execPath, '--import', 'tsx', join(REPOSITORY, 'api/main.ts')],
  pages: async (say) => (await import('./pages/build')).buildPages(say),
  seed: async (options) => (await import('./seed')).seedSampleCity(options),
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Starts, and returns the exit code once everything has stopped again. */
export async function start(env: NodeJS.ProcessEnv, own: OwnParts = OWN_PARTS): Promise<number> {
  // A terminal that is gone must not end the system before it has stopped its servers.
  process.stdout.on('error', () => undefined);
  let folder: DataFolder | undefined;
  try {
    const configuration = readConfiguration(env);
    folder = await claimDataFolder(configuration.dataDir);
    await stopLeftovers(folder.path, say);
    const { path } = folder;
    prepareKeys(env['JIUGAI_KEYS_DIR'] ?? keysDirOf(path), Date.now());
    const system = new System({ configuration, env: markedEnvironment(env, path), dataDir: path, say }, own);
    return await runUntilTold(system, path);
  } catch (error) {
    return complain(asRefusal(error, folder?.path ?? env['JIUGAI_DATA_DIR'] ?? '.data'));
  } finally {
    await folder?.release();
  }
}

async function runUntilTold(system: System, dataDir: string): Promise<number> {
  const told = stopRequest(system);
  const up = system.bringUp();
  try {
    const outcome = await Promise.race([up, told.promise]);
    if (outcome !== 'stop') {
      announce(outcome.addresses, outcome.seeded, dataDir);
      watchDisk(dataDir, say);
      await told.promise;
    }
  } catch (error) {
    up.catch(() => undefined);
    await system.stop();
    throw error;
  }
  up.catch(() => undefined);
  await system.stop();
  say('All stopped; the next start goes on from here.');
  return told.code();
}

/** Resolves when a signal or an error of this program itself asks for the end; an impatient second signal kills. */
function stopRequest(system: System): { promise: Promise<'stop'>; code(): number } {
  let code = 0;
  let first: number | undefined;
  const promise = new Promise<'stop'>((resolve) => {
    const onSignal = (signal: NodeJS.Signals): void => {
      if (first === undefined) {
        first = Date.now();
        say(`\n${signal}: stopping in order (once more to stop at once)`);
        resolve('stop');
      } else if (Date.now() - first > SAME_SIGNAL_MS) {
        system.kill();
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
    process.on('uncaughtException', (error) => {
      console.error(error);
      code = 1;
      resolve('stop');
    });
  });
  return { promise, code: () => code };
}

function announce(
  addresses: Addresses,
  { created, accountsFile, administrators }: Seeded,
  dataDir: string,
): void {
  const accounts = `${accountsFile} (${created ? 'just written' : 'from an earlier start'}; only you can read it)`;
  say('');
  say('jiugai is running.');
  say(`  Pages            ${addresses.api}/`);
  say(`  API              ${addresses.api}/api/v1   (description: ${addresses.api}/docs)`);
  if (addresses.temporalUi) say(`  Temporal Web UI  ${addresses.temporalUi}`);
  say(`  Temporal         ${addresses.temporal}`);
  say(`  MongoDB          ${addresses.mongodb.replace(/\/\/[^@/]*@/, '//…@')}`);
  say(`  Data and logs    ${dataDir}`);
  say(`  Sample accounts  ${accounts}`);
  for (const { username, password } of administrators ?? []) {
    say(`  Administrator    ${username}, password ${password}`);
    say('                   This password is shown this once: log in and change it.');
  }
  say('Ctrl-C stops everything.');
}

function complain(error: unknown): number {
  const known = error instanceof StartRefused || error instanceof ServerMissing;
  console.error(known ? error.message : error);
  return 1;
}
