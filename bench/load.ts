import { decisionContenders, cityHousing, posted, tasksToDecide } from './decisions';
import { percentile, timed, type Measured, type Row } from './statistics';
import type { RunningSystem } from './system';

const CLIENTS = [1, 16, 64] as const;
/** So many of each at a time, a few seconds' work. */
const EACH: Readonly<Record<(typeof CLIENTS)[number], number>> = { 1: 80, 16: 400, 64: 640 };
/** Of one workflow the engine takes ten Updates at a time: 64 people are at work on several. */
const WORKFLOWS = 16;

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
          await timed(
            acts.map((act) => async () => (await act(), 200)),
            clients,
          ),
        ),
      );
      for (const lookup of [false, true]) {
        const tasks = await tasksToDecide(system, count, WORKFLOWS);
        const what = `decision${lookup ? ' after its task was looked up' : ''}, ${clients} at once`;
        const answered = await timed(
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

/** @param answers statuses of HTTP */
function row(what: string, { each, answers, rate }: Measured<number>): Row {
  const at = (p: number): string => percentile(each, p).toFixed(0);
  const others = answers.filter((status) => status !== 200);
  const refused =
    others.length === 0 ? '' : `; not 200: ${[...new Set(others)].join(', ')} × ${others.length}`;
  return {
    what,
    value: `${rate.toFixed(0)}/s, p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)} ms${refused}`,
  };
}

/** Whoever waits longer than a second must have been told to come again. */
function late({ each, answers }: Measured<number>): Row {
  const count = answers.filter(
    (status, n) => (each[n] ?? 0) > 1_000 && status !== 429 && status !== 503,
  ).length;
  return { what: '64 at once: over a second, and neither 429 nor 503', value: String(count), aim: '0' };
}
