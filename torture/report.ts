import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Done } from './adversary';
import type { Checked, Finding } from './checks/all';
import type { Intention } from './people/sender';
import type { Figures } from './people/tally';
import { ACTS, lineOf, type ActName } from './schedule';
import { fillsDisks, TOPOLOGIES, type Topology } from './topology';

/** What a run was, did and found. */
export interface Report {
  readonly seed: number;
  readonly minutes: number;
  readonly projects: number;
  readonly topology: Topology['name'];
  readonly commit: string;
  readonly startedAt: string;
  /** Whether engine and store lay on small file systems: without them the disk was never filled. */
  readonly smallDisks: boolean;
  readonly done: readonly Done[];
  /** By kind of request. */
  readonly requests: Readonly<Record<string, Figures>>;
  readonly intentions: { readonly all: number; readonly sentAgain: number; readonly unclear: number };
  /** From the last restart until nothing was in hand any more, ms. */
  readonly quietAfterMs: number;
  /** Of the machine, over five minutes: more than it has cores, and nothing is as fast as it could be. */
  readonly loadAverage: number;
  /** Requests of the calm minute after it, by kind. */
  readonly afterwards: Readonly<Record<string, Figures>>;
  readonly checked: Checked;
  readonly findings: readonly Finding[];
  /** What processes said when they ended by themselves, and the like. */
  readonly notes: readonly string[];
}

export function countsOf(intentions: readonly Intention[]): Report['intentions'] {
  return {
    all: intentions.length,
    sentAgain: intentions.filter(({ sent }) => sent > 1).length,
    unclear: intentions.filter(({ status }) => status === undefined).length,
  };
}

export async function writeReport(folder: string, report: Report): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(join(folder, 'report.md'), `${markdown(report)}\n`);
}

/** How often each kind of act was done, and of how many there was nothing to hit. */
function actsByKind(done: readonly Done[]): { act: ActName; did: number; missed: number }[] {
  return ACTS.map((act) => {
    const all = done.filter((one) => one.act === act);
    const did = all.filter((one) => one.did).length;
    return { act, did, missed: all.length - did };
  });
}

/** The report in a few lines, for the terminal. */
export function summary(report: Report): string {
  const { seed, done, requests, intentions, checked, findings, quietAfterMs } = report;
  const acts = actsByKind(done).filter(({ did }) => did > 0);
  const decisions = requests['decision'];
  const { counting, unclearRecorded, unclearAbsent } = checked.weighed;
  const { workflows, events, signatures, reconciled, replayed } = checked.figures;
  return [
    `seed ${seed}: ${acts.map(({ act, did }) => `${did} ${act}`).join(', ')}`,
    `${intentions.all} things asked for (${intentions.sentAgain} sent again), ${counting} told to count; without a clear answer ` +
      `${unclearRecorded} recorded, ${unclearAbsent} not`,
    ...(decisions
      ? [`decisions: p50 ${decisions.p50} ms, p95 ${decisions.p95} ms, max ${decisions.max} ms`]
      : []),
    `${workflows} workflows, ${events} events, ${signatures} signatures; ${reconciled} compared, ${replayed} replayed; ` +
      `quiet ${(quietAfterMs / 1_000).toFixed(1)} s after the last restart`,
    ...findings.slice(0, 20).map(({ promise, what }) => `✗ ${promise}: ${what.slice(0, 400)}`),
    findings.length === 0 ? '✓ 未发现问题 · nothing found' : `✗ 发现 ${findings.length} 处 · findings`,
  ].join('\n');
}

function markdown(report: Report): string {
  const { seed, minutes, projects, topology, commit, startedAt, smallDisks, done, findings, checked, notes } =
    report;
  const { figures, weighed } = checked;
  return [
    `# Torture, seed ${seed}`,
    '',
    `${minutes} minutes, ${projects} projects, topology ${topology}, commit ${commit}, ${startedAt}. Repeat: \`npm run torture -- --seed ${seed} --minutes ${minutes} --projects ${projects} --topology ${topology}\``,
    '',
    findings.length === 0 ? '**Nothing was found.**' : `**${findings.length} findings.**`,
    '',
    ...findings.map(({ promise, what }) => `- ${promise}: ${what}`),
    '',
    '## What was done to it',
    ...(smallDisks || !fillsDisks(TOPOLOGIES[topology])
      ? []
      : ['', 'No small file system could be made here: the disk was never filled.']),
    '',
    '| act | done | nothing to hit |',
    '| --- | --- | --- |',
    ...actsByKind(done).map(({ act, did, missed }) => `| ${act} | ${did} | ${missed} |`),
    '',
    '## What people asked for',
    '',
    ...table(report.requests),
    '',
    `${report.intentions.all} things were asked for, ${report.intentions.sentAgain} of them more than once under their key. ${weighed.counting} decisions and acts were told to count, and each stands in the record once. ${report.intentions.unclear} had no clear answer: of the decisions and acts among them ${weighed.unclearRecorded} are recorded, ${weighed.unclearAbsent} are not.`,
    '',
    '## Afterwards',
    '',
    `Nothing was in hand any more ${(report.quietAfterMs / 1_000).toFixed(1)} s after the last process worked again. Then people worked on undisturbed:`,
    '',
    ...table(report.afterwards),
    '',
    `The machine's load was ${report.loadAverage}, on ${cpus().length} cores.`,
    '',
    `Checked: ${figures.workflows} workflows with ${figures.events} events and ${figures.signatures} signatures; ${figures.reconciled} open ones compared with what is shown; ${figures.replayed} replayed.`,
    '',
    '## Schedule',
    '',
    '```',
    ...done.map((one) => `${lineOf(one)}${one.did ? '' : '   (nothing to hit)'}`),
    '```',
    ...(notes.length === 0
      ? []
      : ['', '## What the processes said', '', ...notes.map((line) => `- ${line}`)]),
  ].join('\n');
}

function table(requests: Readonly<Record<string, Figures>>): string[] {
  return [
    '| request | sent | p50 | p95 | max | answers |',
    '| --- | --- | --- | --- | --- | --- |',
    ...Object.entries(requests).map(([kind, { sent, p50, p95, max, answers }]) => {
      const said = Object.entries(answers).map(([answer, count]) => `${answer}: ${count}`);
      return `| ${kind} | ${sent} | ${p50} ms | ${p95} ms | ${max} ms | ${said.join(', ')} |`;
    }),
  ];
}
