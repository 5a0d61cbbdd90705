import { execFileSync } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { REPOSITORY } from '../bin/configuration';
import { Dice } from '../test/faults/dice';
import { Adversary } from './adversary';
import { checkAll, type Finding } from './checks/all';
import { keepEvidence } from './evidence';
import { startFleet, type Fleet } from './fleet';
import { Crowd } from './people/crowd';
import { Beginner, countiesFor, registerCommunities } from './people/projects';
import { Sender } from './people/sender';
import { quietSince } from './quiet';
import { countsOf, writeReport, type Report } from './report';
import { lineOf, scheduleOf } from './schedule';
import type { Topology } from './topology';

export interface TortureOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly projects: number;
  readonly topology: Topology;
  /** Every project that can go on must have its next task so long after the last restart, ms. */
  readonly quietWithinMs: number;
  /** Where report and evidence are written. */
  readonly folder: string;
  readonly smallDisks: boolean;
  readonly say: (line: string) => void;
}

/** Of the projects so many have begun when the first blow falls; the others begin under blows. */
const BEGUN_BEFORE = 0.6;
/** A process that was killed last works again within this time. */
const UP_WITHIN_MS = 60_000;
/** How many people, and how long, work on undisturbed, to show that all goes on: of the run's time, and at most. */
const FEW = 3;
const AFTERWARDS = { share: 0.1, mostMs: 10_000 };

/** One whole run: fleet, load, adversary, and every promise checked afterwards. */
export async function torture(options: TortureOptions): Promise<Report> {
  const { seed, minutes, projects, topology, folder, smallDisks, quietWithinMs, say } = options;
  const startedAt = new Date().toISOString();
  const lengthMs = minutes * 60_000;
  const schedule = scheduleOf(seed, lengthMs, { withoutDisk: !smallDisks, topology });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'schedule.txt'), `${schedule.map(lineOf).join('\n')}\n`);
  say(`seed ${seed}: ${schedule.length} acts in ${minutes} minutes, listed in ${folder}/schedule.txt`);

  const notes: string[] = [];
  const began = Date.now();
  const note = (line: string): void =>
    void notes.push(`${((Date.now() - began) / 1_000).toFixed(1)} s: ${line}`);
  const dataDir = join(folder, 'system');
  const fleet = await startFleet({ dataDir, topology, smallDisks, say: note });
  try {
    say(`the fleet works after ${seconds(Date.now() - began)}`);
    const load = await prepare(fleet, options);
    const { crowd, sender, beginner } = load;
    const from = Date.now();
    const goesOn = (): boolean => Date.now() < from + lengthMs;
    const share = (): number => BEGUN_BEFORE + ((1 - BEGUN_BEFORE) * (Date.now() - from)) / lengthMs;
    const adversary = new Adversary(fleet, schedule);
    const working = crowd.work(goesOn, { besides: () => beginner.next(share()) });
    const findings: Finding[] = [];
    working.catch(() => undefined);
    await adversary.run();
    await pause(Math.max(0, from + lengthMs - Date.now()));
    const quiet = await settle(fleet, sender, working, { findings, quietWithinMs });
    say(`quiet ${seconds(quiet)} after the last restart`);

    const requests = sender.tally.figures();
    const afterwards = await workUndisturbed(load, Math.min(lengthMs * AFTERWARDS.share, AFTERWARDS.mostMs), {
      findings,
      quietWithinMs,
    });
    await quietSince(fleet.store, fleet.client, Date.now(), quietWithinMs);
    say('checking');
    const checked = await checkAll(fleet, sender);
    const report: Report = {
      ...{
        seed,
        minutes,
        projects,
        topology: topology.name,
        commit: commitOf(),
        startedAt,
        smallDisks,
        requests,
        afterwards,
        checked,
        notes,
      },
      done: adversary.done,
      intentions: countsOf(sender.intentions),
      quietAfterMs: quiet,
      loadAverage: Number(loadavg()[1]?.toFixed(1)),
      findings: [...findings, ...checked.findings],
    };
    await writeReport(folder, report);
    if (report.findings.length > 0) await keepEvidence(folder, fleet, report.findings);
    return report;
  } finally {
    await fleet.end();
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface Load {
  readonly crowd: Crowd;
  readonly sender: Sender;
  readonly beginner: Beginner;
}

/** People are logged in, the year's plan is open, and the first projects have begun. */
async function prepare(fleet: Fleet, { seed, projects, say }: TortureOptions): Promise<Load> {
  const counties = countiesFor(projects);
  const communities = await registerCommunities(fleet.store, counties, projects);
  const sender = new Sender(fleet.url, new Dice(seed + 1));
  const crowd = new Crowd(sender, new Dice(seed + 2));
  const near = fleet.accounts.filter(
    ({ organisation, area }) =>
      organisation !== null && (area === '371300' || counties.includes(area.slice(0, 6))),
  );
  await crowd.logIn(near);
  say(`${near.length} people of ${counties.length} counties and the city are logged in`);
  const beginner = new Beginner(sender, crowd, communities, new Dice(seed + 3));
  await beginner.openPlan();
  let left = true;
  const begin = (): Promise<unknown> | undefined => {
    const next = beginner.next(BEGUN_BEFORE);
    left = next !== undefined;
    return next;
  };
  await crowd.work(() => left, { besides: begin });
  say(`${sender.intentions.length - 1} projects have begun`);
  return { crowd, sender, beginner };
}

/** Waits until all work again, all who ask have their answer, and nothing is in hand. Answers after how many ms. */
async function settle(
  fleet: Fleet,
  sender: Sender,
  working: Promise<void>,
  { findings, quietWithinMs }: { readonly findings: Finding[]; readonly quietWithinMs: number },
): Promise<number> {
  for (const member of Object.values(fleet.members)) {
    await member.works(UP_WITHIN_MS).catch((error: Error) => {
      findings.push({ promise: 'every process comes back', what: error.message });
    });
  }
  const lastRestart = Math.max(...Object.values(fleet.members).map(({ readyAt }) => readyAt ?? 0));
  const since = Math.max(lastRestart, Date.now() - 1_000);
  findings.push(...(await unanswered(sender, working, quietWithinMs)));
  const { tookMs, restless } = await quietSince(fleet.store, fleet.client, since, quietWithinMs);
  for (const { workflowId, why } of restless) {
    findings.push({
      promise: 'every project has its next task soon after the last restart',
      what: `${workflowId}: ${why}`,
    });
  }
  return tookMs;
}

/** What people were still waiting for when the time was over that they have to get their answer. */
async function unanswered(sender: Sender, working: Promise<void>, withinMs: number): Promise<Finding[]> {
  if (await Promise.race([working.then(() => true), pause(withinMs, false)])) return [];
  const known = sender.intentions.length;
  sender.giveUp();
  await working;
  return sender.intentions.slice(known).map(({ kind, path, sent, lastAnswer }) => ({
    promise: 'the same key gets its answer when all is well again',
    what: `${kind} ${path}, sent ${sent} times: the last answer was ${lastAnswer}`,
  }));
}

/** A few people work on while nobody does anything to the fleet: what they ask for is answered. */
async function workUndisturbed(
  { crowd, sender }: Load,
  forMs: number,
  { findings, quietWithinMs }: { readonly findings: Finding[]; readonly quietWithinMs: number },
): Promise<Report['afterwards']> {
  const calm = sender.beginAnew();
  crowd.wake();
  const until = Date.now() + forMs;
  const working = crowd.work(() => Date.now() < until, { atOnce: FEW });
  await pause(forMs);
  findings.push(...(await unanswered(sender, working, quietWithinMs)));
  const figures = calm.figures();
  if (!Object.values(figures).some(({ answers }) => answers['200'])) {
    findings.push({ promise: 'all goes on afterwards', what: 'nothing was answered any more' });
  }
  return figures;
}

function commitOf(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: REPOSITORY,
      encoding: 'utf8',
    }).trim();
  } catch {
    return 'unknown';
  }
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
