/**
 * `npm run rehearse`: the same system on a time-skipping engine and a throw-away store, to train people and to walk
 * a whole year in a minute. `POST /api/v1/rehearsal/clock` moves its clock.
 */
import { readConfiguration } from './configuration';
import { startRehearsal, type Rehearsal } from './rehearsal/start';
import { asRefusal, StartRefused } from './running/refused';
import { ServerMissing } from './servers/locate';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs until Ctrl-C, and returns the exit code once everything has stopped. */
export async function rehearse(env: NodeJS.ProcessEnv): Promise<number> {
  process.stdout.on('error', () => undefined);
  const told = stopRequest();
  try {
    const configuration = readConfiguration(env);
    if (configuration.temporalAddress)
      say('TEMPORAL_ADDRESS is not used: a rehearsal brings its own engine.');
    const { dataDir, apiPort: port, mongodbPort } = configuration;
    const starting = startRehearsal({ dataDir, port, mongodbPort, env, say });
    const first = await Promise.race([starting, told]);
    if (first === 'stop') say('Stopping as soon as the start has come to an end');
    return await untilTold(await starting, told);
  } catch (error) {
    return complain(asRefusal(error, env['JIUGAI_DATA_DIR'] ?? '.data'));
  }
}

async function untilTold(rehearsal: Rehearsal, told: Promise<'stop'>): Promise<number> {
  try {
    announce(rehearsal);
    const outcome = await Promise.race([told, rehearsal.broken]);
    if (outcome === 'stop') return 0;
    console.error(`${outcome} A rehearsal cannot go on without it: start another.`);
    return 1;
  } finally {
    await rehearsal.stop();
    say('The rehearsal has ended, and its data is gone.');
  }
}

/** Resolves with the first signal; a second one ends the process at once, and its servers with it. */
function stopRequest(): Promise<'stop'> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const onSignal = (signal: NodeJS.Signals): void => {
      // npm passes on what the terminal has sent to both already.
      if (first !== undefined && Date.now() - first > 1_500) process.exit(1);
      if (first !== undefined) return;
      first = Date.now();
      say(`\n${signal}: ending the rehearsal (once more to end at once)`);
      resolve('stop');
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
}

function announce({ url, accountsFile, planYear, now }: Rehearsal): void {
  say('');
  say('A rehearsal of jiugai is running: 样例, nothing of it is real.');
  say(`  Pages            ${url}/`);
  say(`  API              ${url}/api/v1   (description: ${url}/docs)`);
  say(
    `  Its clock        ${new Date(now()).toISOString()}; POST ${url}/api/v1/rehearsal/clock {"advance": "P8D"}`,
  );
  say(`  Open plan        ${planYear}`);
  say(`  Sample accounts  ${accountsFile} (only you can read it)`);
  say('Ctrl-C ends it.');
}

function complain(error: unknown): number {
  console.error(error instanceof StartRefused || error instanceof ServerMissing ? error.message : error);
  return 1;
}
