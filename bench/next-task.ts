import { broughtTo } from '../bin/demo/taken-in';
import { yearToDeclare } from '../domain/annual-plan';
import { schemeConclusion, schemeOpinion } from '../domain/forms/scheme-review';
import type { Task } from '../domain/task';
import { linyi } from '../policy/linyi';
import { decide } from './deciding';
import { posted } from './decisions';
import { percentile, type Row } from './statistics';
import type { RunningSystem } from './system';

const INVESTMENT_FEN = 40_000_000_00;
const LOOK_EVERY_MS = 2;
/** Of the sample city: each community is one project. */
const PROJECTS = 40;

/**
 * 方案审查 with its three bureaus, of many projects one after the other: how long after the last one's answer whoever
 * concludes finds it among their tasks. 0 where it was there before the answer.
 */
export async function measureNextTask(system: RunningSystem): Promise<Row[]> {
  const ids = await begin(system);
  const waits: number[] = [];
  for (const id of ids) waits.push(await waitFor(system, id));
  const at = (p: number): string => percentile(waits, p).toFixed(0);
  return [
    {
      what: `the next task after the last countersignature's answer (${waits.length} projects), p50 / p99`,
      value: `${at(0.5)} / ${at(0.99)} ms`,
      aim: 'p99 ≤ 100 ms',
    },
  ];
}

/** Projects taken in from paper at the scheme's review. */
async function begin(system: RunningSystem): Promise<string[]> {
  const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);
  const items = linyi.items.filter((item) => item.class === 'basic').map(({ no }) => no);
  await insist(system, `${linyi.city.code}-housing-1`, 'plans', { year });
  const communities = await system.store.communities.model.find({}, { _id: 1 }).limit(PROJECTS).lean();
  const begun: string[] = [];
  for (const { _id: id } of communities) {
    const form = broughtTo(
      'scheme-review',
      { id, investmentFen: INVESTMENT_FEN },
      { items, year, now: Date.now() },
    );
    const answer = await insist(system, `${id.slice(0, 6)}-housing-1`, 'projects/intake', form);
    begun.push((answer as { id: string }).id);
  }
  return begun;
}

async function insist(system: RunningSystem, username: string, path: string, body: object): Promise<unknown> {
  const token = await system.token(username);
  const answer = await fetch(`${system.url}/api/v1/${path}`, posted(token, body));
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${path} by ${username}: ${answer.status} ${said}`);
  return JSON.parse(said);
}

/** Decides whatever comes before, then all opinions, and looks for the conclusion from the last one's answer on. */
async function waitFor(system: RunningSystem, projectId: string): Promise<number> {
  for (;;) {
    const open = await openTasks(system, projectId);
    const opinions = open.filter(({ kind }) => kind === schemeOpinion.kind);
    const others = open.filter(({ kind }) => kind !== schemeOpinion.kind);
    for (const task of others) await decide(system, task);
    if (others.length > 0 || opinions.length === 0) continue;
    for (const task of opinions) await decide(system, task);
    const from = performance.now();
    while (!(await openTasks(system, projectId)).some(({ kind }) => kind === schemeConclusion.kind)) {
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
    }
    return performance.now() - from;
  }
}

function openTasks({ store }: RunningSystem, projectId: string): Promise<Task[]> {
  return store.tasks.list({ projectId, status: 'open' }).then(({ items }) => items);
}
