import { randomUUID } from 'node:crypto';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { mongo as driver } from 'mongoose';
import { EMPTY_HEAD } from '../domain/events';
import type { Seat } from '../policy/keys';
import { signStatement } from '../keys/identity';
import { sealedStart } from '../keys/starts';
import { linyi } from '../policy/linyi';
import { policySnapshot } from '../policy/snapshot';
import { PRELOADED } from '../worker/bundle';
import type { StepStart } from '../workflows/step';
import { median, timed, type Measured, type Row } from './statistics';
import { TASK_QUEUE, type RunningSystem } from './system';
import { bareUpdate, benchStatement, signedUpdate, writingUpdate } from './workflows';

const BENCH_QUEUE = 'bench';
const WORKFLOWS = 8;
const ALONE = 60;
const TOGETHER = 240;
const CLIENTS = 16;
const ROUNDS = 3;

type Act = () => Promise<unknown>;
export interface Contender {
  readonly name: string;
  acts(count: number): Promise<Act[]>;
}

/** A decision over HTTP, durable and visible, beside a bare Update and one with an activity, in turns on one server. */
export async function measureDecisions(system: RunningSystem): Promise<Row[]> {
  const { contenders, stop } = await decisionContenders(system);
  try {
    const alone = new Map<string, number[]>();
    const together = new Map<string, number[]>();
    for (const contender of contenders) await timed(await contender.acts(10), 1);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const contender of contenders) {
        keep(alone, contender, median((await measure(contender, ALONE, 1)).each));
        keep(together, contender, (await measure(contender, TOGETHER, CLIENTS)).rate);
      }
    }
    return rowsOf(contenders, alone, together);
  } finally {
    await stop();
  }
}

/** A bare Update, one with an activity, a decision, and the second one signed; `stop` ends their worker. */
export async function decisionContenders(
  system: RunningSystem,
  workflows = WORKFLOWS,
): Promise<{ contenders: Contender[]; stop: () => Promise<void> }> {
  const { bare, writing, signed, stop } = await startYardsticks(system, workflows);
  return { contenders: [bare, writing, await httpDecisions(system), signed], stop };
}

async function measure(contender: Contender, count: number, clients: number): Promise<Measured> {
  return timed(await contender.acts(count), clients);
}

function keep(into: Map<string, number[]>, { name }: Contender, value: number): void {
  into.set(name, [...(into.get(name) ?? []), value]);
}

function rowsOf(
  contenders: readonly Contender[],
  alone: ReadonlyMap<string, number[]>,
  together: ReadonlyMap<string, number[]>,
): Row[] {
  const p50 = (name: string): number => median(alone.get(name) ?? []);
  const rate = (name: string): number => median(together.get(name) ?? []);
  const [bare, writing, decision, signed] = contenders.map(({ name }) => name) as [
    string,
    string,
    string,
    string,
  ];
  return [
    ...contenders.map(({ name }) => ({
      what: `${name}: p50 at one client`,
      value: `${p50(name).toFixed(1)} ms`,
    })),
    ...contenders.map(({ name }) => ({
      what: `${name}: throughput at ${CLIENTS}`,
      value: `${rate(name).toFixed(0)}/s`,
    })),
    {
      what: 'decision ÷ Update with activity, p50',
      value: (p50(decision) / p50(writing)).toFixed(2),
      aim: '≤ 1.3',
    },
    {
      what: 'decision ÷ Update with activity, throughput',
      value: (rate(decision) / rate(writing)).toFixed(2),
      aim: '≥ 0.7',
    },
    { what: 'decision ÷ bare Update, p50', value: (p50(decision) / p50(bare)).toFixed(2) },
    { what: 'decision ÷ bare Update, throughput', value: (rate(decision) / rate(bare)).toFixed(2) },
    {
      what: 'signing and verifying: what it adds to p50',
      value: `${(p50(signed) - p50(writing)).toFixed(1)} ms`,
      aim: '≤ 10 ms',
    },
    {
      what: `signing and verifying: what it adds to a decision's cost at ${CLIENTS}`,
      value: `${(added(rate(writing), rate(signed), rate(decision)) * 100).toFixed(0)} %`,
      aim: '≤ 30 %',
    },
  ];
}

/** What a signature costs each request, beside what a decision would cost without it. Rates are a second's. */
function added(plain: number, signed: number, decision: number): number {
  const signing = 1 / signed - 1 / plain;
  return signing / (1 / decision - signing);
}

async function startYardsticks(
  { client, temporal, mongoUri, signer, roots }: RunningSystem,
  workflows: number,
) {
  const mongo = await driver.MongoClient.connect(mongoUri, {
    writeConcern: { w: 'majority', journal: true },
  });
  const collection = mongo.db().collection('bench');
  const connection = await NativeConnection.connect({ address: temporal.address });
  const worker = await Worker.create({
    connection,
    dataConverter: client.options.dataConverter,
    taskQueue: BENCH_QUEUE,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: require.resolve('./workflows'),
      preloadModules: [...PRELOADED],
      logger: new DefaultLogger('WARN'),
    }),
    activities: { writeOne: async (n: number) => void (await collection.insertOne({ n })) },
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    activityTaskPollerBehavior: { type: 'autoscaling' },
  });
  const running = worker.run();
  const handles = await Promise.all(
    Array.from({ length: workflows }, (_, n) =>
      client.workflow.start('yardstick', {
        workflowId: `bench/${n}/${randomUUID()}`,
        taskQueue: BENCH_QUEUE,
        args: [{ roots, revocations: [] }],
      }),
    ),
  );
  const over =
    (update: typeof bareUpdate): Contender['acts'] =>
    async (count) =>
      Array.from(
        { length: count },
        (_, n) => async () => handles[n % workflows]?.executeUpdate(update, { args: [n] }),
      );
  return {
    bare: { name: 'bare Update', acts: over(bareUpdate) },
    writing: { name: 'Update with one activity', acts: over(writingUpdate) },
    signed: {
      name: 'the same, signed',
      acts: async (count: number) =>
        Array.from({ length: count }, (_, n) => async () => {
          const signature = signStatement(signer, benchStatement(n, new Date().toISOString()));
          return handles[n % workflows]?.executeUpdate(signedUpdate, { args: [n, signature] });
        }),
    },
    async stop() {
      await Promise.all(handles.map((handle) => handle.terminate('measured')));
      worker.shutdown();
      await running;
      await Promise.all([connection.close(), mongo.close()]);
    },
  };
}

const HOUSING: Seat = { body: 'housing', level: 'city' };

/** A step that asks the city's housing bureau for `count` decisions at once. */
export async function startDecisions({ client, signer }: RunningSystem, count: number): Promise<string> {
  const workflowId = `project/bench-${randomUUID().slice(0, 8)}/consent/1`;
  const start: StepStart<unknown> = {
    city: linyi.city.code,
    step: 'control',
    round: 1,
    places: [{ community: '', city: linyi.city.code, county: '', subdistrict: '', neighbourhood: '' }],
    bindings: {},
    policy: policySnapshot(linyi),
    head: EMPTY_HEAD,
    input: {
      seats: Array.from({ length: count }, () => HOUSING),
      context: { act: 'withdrawal', title: '样例', reason: '样例', form: {}, by: 'bench' },
      notBy: [],
    },
  };
  const args = sealedStart(workflowId, 'consent', start, { identity: signer, now: Date.now() });
  await client.workflow.start('consent', { workflowId, taskQueue: TASK_QUEUE, args });
  return workflowId;
}

export async function openTaskIds(
  { store }: RunningSystem,
  workflowId: string,
  count: number,
): Promise<string[]> {
  for (;;) {
    const rows = await store.tasks.model.find({ workflowId, status: 'open' }, { _id: 1 }).lean();
    if (rows.length >= count) return rows.map(({ _id }) => _id);
    await new Promise((done) => setTimeout(done, 20));
  }
}

/** Open tasks of several steps in turns; one more than is decided stays open in each, so that none ends meanwhile. */
export async function tasksToDecide(
  system: RunningSystem,
  count: number,
  workflows = WORKFLOWS,
): Promise<string[]> {
  const share = Math.ceil(count / workflows) + 1;
  const started = await Promise.all(Array.from({ length: workflows }, () => startDecisions(system, share)));
  const ids = await Promise.all(started.map((id) => openTaskIds(system, id, share)));
  return Array.from({ length: share - 1 }, (_, n) => ids.map((tasks) => tasks[n] ?? ''))
    .flat()
    .slice(0, count);
}

/** Completes a task over HTTP and insists on its 200. */
export async function postDecision(url: string, token: string, taskId: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1/tasks/${taskId}/completion`, posted(token, { consent: true }));
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`completion: ${answer.status} ${body}`);
}

/** A request of its own: under a key that nobody has used. */
export function posted(token: string, body: object): RequestInit {
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  };
}

export function cityHousing(system: RunningSystem): string {
  const account = system.accounts.find(({ body, level }) => body === 'housing' && level === 'city');
  if (!account) throw new Error('the sample city has no housing bureau');
  return account.username;
}

async function httpDecisions(system: RunningSystem): Promise<Contender> {
  const token = await system.token(cityHousing(system));
  return {
    name: 'decision over HTTP',
    async acts(count) {
      const ids = await tasksToDecide(system, count);
      return ids.map((id) => () => postDecision(system.url, token, id));
    },
  };
}
