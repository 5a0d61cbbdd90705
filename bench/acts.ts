import { cityHousing, openTaskIds, postDecision, posted, startDecisions, tasksToDecide } from './decisions';
import { eventsOf } from './histories';
import { median, percentile, timed, type Row } from './statistics';
import type { RunningSystem } from './system';

const EACH = 40;
const ROUNDS = 3;
const MANY = 500;
const BULK_ROUNDS = 3;
const CLIENTS = 16;

type Body = (colleague: { id: string; organisation: string }) => Record<string, unknown>;

const ACTS: Readonly<Record<string, Body>> = {
  transfer: ({ id }) => ({ user: id, reason: '样例' }),
  delegation: ({ id }) => ({ user: id, reason: '样例' }),
  'co-signature': ({ id, organisation }) => ({
    when: 'beside',
    rule: 'all-of',
    signers: [{ organisation, user: id }],
    question: '样例',
  }),
};

/** What acts on a task cost beside completing it, in time and in history; one after the other, in turns. */
export async function measureActs(system: RunningSystem): Promise<Row[]> {
  const token = await system.token(cityHousing(system));
  const names = ['completion', ...Object.keys(ACTS)];
  const took = new Map<string, number[]>(names.map((name) => [name, []]));
  const events = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) {
      const workflowId = await startDecisions(system, EACH + 1);
      const ids = await openTaskIds(system, workflowId, EACH + 1);
      const body = ACTS[name]?.(await colleagueOf(system, token, ids[0] ?? ''));
      const before = await settledEvents(system, workflowId);
      const { each } = await timed(
        ids
          .slice(0, EACH)
          .map(
            (id) => () =>
              body ? postAct(system.url, token, id, name, body) : postDecision(system.url, token, id),
          ),
        1,
      );
      took.get(name)?.push(median(each));
      events.set(name, ((await settledEvents(system, workflowId)) - before) / EACH);
    }
  }
  const p50 = (name: string): number => median(took.get(name) ?? []);
  return names.flatMap((name) => [
    {
      what: `${name}: p50 ÷ a completion's, history events`,
      value: `${(p50(name) / p50('completion')).toFixed(2)}, ${events.get(name)?.toFixed(1)}`,
      ...(name === 'completion' ? {} : { aim: '≤ 1, no more' }),
    },
  ]);
}

/**
 * 500 decisions in one request and 500 requests of 16 clients, in turns, each alone; then one request more, and what that
 * does to the decisions that somebody else sends one after the other.
 */
export async function measureBulk(system: RunningSystem): Promise<Row[]> {
  const token = await system.token(cityHousing(system));
  const rates = { singly: [] as number[], bulk: [] as number[] };
  for (let round = 0; round < BULK_ROUNDS; round += 1) {
    const singly = await tasksToDecide(system, MANY);
    const { rate } = await timed(
      singly.map((id) => () => postDecision(system.url, token, id)),
      CLIENTS,
    );
    rates.singly.push(rate);
    rates.bulk.push(await bulkRate(system, token, await tasksToDecide(system, MANY)));
  }
  const mine = await tasksToDecide(system, 60);
  const alone = await timed(
    mine.slice(0, 30).map((id) => () => postDecision(system.url, token, id)),
    1,
  );
  let done = false;
  const bulk = bulkRate(system, token, await tasksToDecide(system, MANY)).finally(() => (done = true));
  const beside: number[] = [];
  for (const id of mine.slice(30)) {
    if (done) break;
    const from = performance.now();
    await postDecision(system.url, token, id);
    beside.push(performance.now() - from);
  }
  await bulk;
  return [
    { what: `${MANY} requests of ${CLIENTS} clients`, value: `${median(rates.singly).toFixed(0)}/s` },
    { what: `${MANY} decisions in one request`, value: `${median(rates.bulk).toFixed(0)}/s` },
    {
      what: 'one request ÷ single requests',
      value: (median(rates.bulk) / median(rates.singly)).toFixed(2),
      aim: '≥ 1.2',
    },
    {
      what: `somebody else's decision meanwhile ÷ alone, p50 (${beside.length} decisions)`,
      value: (percentile(beside, 0.5) / median(alone.each)).toFixed(2),
      aim: '≤ 2',
    },
  ];
}

/** Decisions a second. */
async function bulkRate(system: RunningSystem, token: string, tasks: readonly string[]): Promise<number> {
  const begun = performance.now();
  await postBulk(system.url, token, tasks);
  return (tasks.length / (performance.now() - begun)) * 1_000;
}

async function settledEvents(system: RunningSystem, workflowId: string): Promise<number> {
  await new Promise((done) => setTimeout(done, 1_000));
  return eventsOf(system.client, workflowId);
}

async function colleagueOf(
  { url }: RunningSystem,
  token: string,
  id: string,
): Promise<{ id: string; organisation: string }> {
  const answer = await fetch(`${url}/api/v1/tasks/${id}`, { headers: { authorization: `Bearer ${token}` } });
  const { organisation, colleagues } = (await answer.json()) as {
    organisation: { id: string } | string;
    colleagues?: { user: string }[];
  };
  const [first] = colleagues ?? [];
  if (!first) throw new Error('nobody else sits in this office');
  return { id: first.user, organisation: typeof organisation === 'string' ? organisation : organisation.id };
}

async function postAct(url: string, token: string, task: string, act: string, body: object): Promise<void> {
  const answer = await fetch(`${url}/api/v1/tasks/${task}/${act}`, posted(token, body));
  const said = await answer.text();
  if (!answer.ok) throw new Error(`${act}: ${answer.status} ${said}`);
}

/** Sent again under its key as long as something had no clear answer: that time counts too. */
async function postBulk(url: string, token: string, tasks: readonly string[]): Promise<void> {
  const request = posted(token, {
    completions: tasks.map((task) => ({ task, completion: { consent: true } })),
  });
  for (;;) {
    const answer = await fetch(`${url}/api/v1/tasks/completions`, request);
    const { outcomes } = (await answer.json()) as { outcomes: { status: number; code?: string }[] };
    const wrong = outcomes.find(({ status }) => status !== 200 && status !== 503);
    if (wrong) throw new Error(`a decision in bulk: ${wrong.status} ${wrong.code}`);
    if (outcomes.every(({ status }) => status === 200)) return;
  }
}
