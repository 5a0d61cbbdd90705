/**
 * `npm run torture`: a fleet of real processes under a load of people, while an adversary kills, freezes, cuts, slows,
 * fills and skews. Afterwards every promise is checked.
 *
 *   npm run torture -- --seed 7 --minutes 3
 *   npm run torture -- --seed 7 --minutes 3 --topology city
 *
 * What the adversary does follows from the seed alone. Exit code 0: nothing was found; 1: something was, and the
 * evidence is kept beside the report; 2: it could not be done.
 */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { Runtime } from '@temporalio/worker';
import { REPOSITORY } from '../bin/configuration';
import { QUIET } from '../bin/predeploy/replay';
import { summary } from './report';
import { lineOf, scheduleOf } from './schedule';
import { hasOwnMounts, ownMounts, withOwnMounts } from './small-disk';
import { fillsDisks, ONE_MACHINE, TOPOLOGIES, type Topology } from './topology';
import { torture, type TortureOptions } from './torture';

interface Options {
  readonly seed: number;
  readonly minutes: number;
  readonly projects: number;
  readonly quietWithin: number;
  readonly topology: Topology['name'];
  readonly folder?: string;
  readonly schedule?: true;
}

function optionsOf(argv: readonly string[]): Options {
  return new Command('torture')
    .description(
      'kills, freezes, cuts, slows, fills and skews a fleet under load, and checks what it promised',
    )
    .option('--seed <n>', 'what the adversary does follows from it', whole, Date.now() % 1_000_000_007)
    .option('--minutes <n>', 'how long it goes on', positive, 3)
    .option('--projects <n>', 'projects that people work on', whole, 200)
    .option('--quiet-within <seconds>', 'by when all must go on after the last restart', whole, 30)
    .addOption(
      new Option('--topology <name>', 'as npm start has it, or as a city runs it (docs/torture.md)')
        .choices(Object.keys(TOPOLOGIES))
        .default(ONE_MACHINE.name),
    )
    .option('--folder <path>', 'where report and evidence are written; .data/torture/SEED by default')
    .option('--schedule', 'only print what the adversary would do')
    .parse(argv)
    .opts<Options>();
}

function whole(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('is no whole number');
  return Number(text);
}

function positive(text: string): number {
  if (!(Number(text) > 0 && Number(text) <= 24 * 60))
    throw new InvalidArgumentError('is no number of minutes');
  return Number(text);
}

/** The same program with mounts of its own, which are gone when it ends, however it ends. */
function againWithOwnMounts([program, ...options]: readonly string[]): Promise<number> {
  const self = [...process.execArgv, ...process.argv.slice(1)];
  const child = spawn(program as string, [...options, '--', process.execPath, ...self], {
    stdio: 'inherit',
    env: withOwnMounts(process.env),
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => done(code ?? 2));
  });
}

async function main(): Promise<number> {
  const { seed, minutes, projects, quietWithin, folder, schedule, ...asked } = optionsOf(process.argv);
  const topology = TOPOLOGIES[asked.topology];
  const withDisks = fillsDisks(topology);
  if (schedule) {
    for (const act of scheduleOf(seed, minutes * 60_000, { topology })) console.log(lineOf(act));
    return 0;
  }
  if (withDisks && !hasOwnMounts()) {
    const command = ownMounts();
    if (command) return againWithOwnMounts(command);
    console.log('No small file system can be made on this machine: the disk will not be filled.');
  }
  Runtime.install({ logger: QUIET, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
  const options: TortureOptions = {
    seed,
    minutes,
    projects,
    topology,
    quietWithinMs: quietWithin * 1_000,
    folder: resolve(folder ?? `${REPOSITORY}/.data/torture/${seed}`),
    smallDisks: withDisks && hasOwnMounts(),
    say: (line) => console.log(line),
  };
  const report = await torture(options);
  console.log(summary(report));
  console.log(`The report is ${options.folder}/report.md`);
  return report.findings.length === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(2);
  },
);
