import { decisionContenders, cityHousing, posted, startDecisions, openTaskIds } from './decisions';
import { percentile, type Row } from './statistics';
import type { RunningSystem } from './system';

const CLIENTS = [1, 16, 64] as const;
/** So many of each at a time, a few seconds' work. */
const EACH: Readonly<Record<(typeof CLIENTS)[number], number>> = { 1: 80, 16: 400, 64: 640 };
/** Of one workflow the engine takes ten Updates at a time: 64 people are at work on several. */
const WORKFLOWS = 16;

interface Answered {
  readonly ms: number;
  readonly status: number;
}

/**
 * Decisions by 1, 16 and 64 people at once, with and without looking the task up before, beside bare Updates on the same
 * server; and what whoever waits longest waits for.
 */
export async function measureLoad(system: RunningSystem): Promise<Row[]> {
  const token = await system.token(cityHousing(system));
  const { contenders, stop } = await decisionContenders(system, WORKFLOWS);
  const rows: Row[] = [];
  try {
    const [bare] = contenders;
    if (!bare) return rows;
    for (const act of await bare.acts(32)) await act();
    for (const clients of CLIENTS) {
      const count = EACH[clients];
      const acts = await bare.acts(count);
      rows.push(
        row(
          `bare Update, ${clients} at once`,
          await answersOf(
            acts.map((act) => async () => (await act(), 200)),
            clients,
          ),
        ),
      );
      for (const lookup of [false, true]) {
        const tasks = await tasksOf(system, count);
        const what = `decision${lookup ? ' after its task was looked up' : ''}, ${clients} at once`;
        const answered = await answersOf(
          tasks.map((id) => () => decided(system.url, token, id, lookup)),
          clients,
        );
        rows.push(row(what, answered));
        if (clients === 64 && !lookup) rows.push(late(answered));
      }
    }
  } finally {
    await stop();
  }
  return rows;
}

async function decided(url: string, token: string, id: string, lookup: boolean): Promise<number> {
  const task = `${url}/api/v1/tasks/${id}`;
  if (lookup) {
    const found = await fetch(task, { headers: { authorization: `Bearer ${token}` } });
    await found.arrayBuffer();
    if (!found.ok) return found.status;
  }
  const answer = await fetch(`${task}/completion`, posted(token, { consent: true }));
  await answer.arrayBuffer();
  return answer.status;
}

async function tasksOf(system: RunningSystem, count: number): Promise<string[]> {
  // One more than is decided, so that no step ends in the middle of the measurement.
  const share = Math.ceil(count / WORKFLOWS) + 1;
  const workflows = await Promise.all(Array.from({ length: WORKFLOWS }, () => startDecisions(system, share)));
  const ids = await Promise.all(workflows.map((id) => openTaskIds(system, id, share)));
  return Array.from({ length: share - 1 }, (_, n) => ids.map((tasks) => tasks[n] ?? ''))
    .flat()
    .slice(0, count);
}

interface Answers {
  readonly all: readonly Answered[];
  readonly rate: number;
}

async function answersOf(acts: readonly (() => Promise<number>)[], clients: number): Promise<Answers> {
  const all: Answered[] = [];
  const left = acts.values();
  const begun = performance.now();
  const one = async (): Promise<void> => {
    for (const act of left) {
      const from = performance.now();
      const status = await act();
      all.push({ ms: performance.now() - from, status });
    }
  };
  await Promise.all(Array.from({ length: clients }, one));
  return { all, rate: (all.length / (performance.now() - begun)) * 1_000 };
}

function row(what: string, { all, rate }: Answers): Row {
  const ms = all.map((one) => one.ms);
  const at = (p: number): string => percentile(ms, p).toFixed(0);
  const others = all.filter(({ status }) => status !== 200).map(({ status }) => status);
  const refused =
    others.length === 0 ? '' : `; not 200: ${[...new Set(others)].join(', ')} × ${others.length}`;
  return {
    what,
    value: `${rate.toFixed(0)}/s, p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)} ms${refused}`,
  };
}

/** Whoever waits longer than a second must have been told to come again. */
function late({ all }: Answers): Row {
  const count = all.filter(({ ms, status }) => ms > 1_000 && status !== 429 && status !== 503).length;
  return { what: '64 at once: over a second, and neither 429 nor 503', value: String(count), aim: '0' };
}
