import { setTimeout as pause } from 'node:timers/promises';
import type { PlanStart } from '../domain/annual-plan';
import type { Task } from '../domain/task';
import { sealedStart } from '../keys/starts';
import { linyi } from '../policy/linyi';
import { policySnapshot } from '../policy/snapshot';
import { startReal, TASK_QUEUE, type RealSystem } from '../test/api/real';
import { testKeys } from '../test/support/keys';
import { decide } from './deciding';
import type { Row } from './statistics';
import { COUNTY, openOf, takeIn, YEAR } from './taken-in';

const PROJECTS = 300;
const PLAN = `plan/${YEAR}`;

/**
 * 联合审查 of many projects and 联合行文 (P2.2.1–P2.2.3), engine and store as processes of their own, worker and bench in one: the
 * municipality sends the arrangement back, the bureaus review all of it, and it is issued.
 */
export async function measureListing(): Promise<Row[]> {
  const system = await startReal({ workflowsPath: require.resolve('./listing.workflows') });
  try {
    return await listed(system);
  } finally {
    await system.stop();
  }
}

async function listed({ client, store }: RealSystem): Promise<Row[]> {
  const deciding = { client, signer: testKeys.api };
  await takeIn({ ...deciding, taskQueue: TASK_QUEUE }, 'county-submission', PROJECTS);
  for (const task of await openOf(store, 'intake-confirmation', PROJECTS)) await decide(deciding, task);
  await until(async () => (await store.projects.waitingFor(COUNTY, YEAR)).length === PROJECTS);

  const start: PlanStart = {
    year: YEAR,
    city: linyi.city.code,
    counties: [COUNTY],
    policy: policySnapshot(linyi),
  };
  const from = { identity: testKeys.api, now: Date.now() };
  const args = sealedStart(PLAN, 'annualPlan', start, from);
  await client.workflow.start('annualPlan', { workflowId: PLAN, taskQueue: TASK_QUEUE, args });

  const task = async (kind: string): Promise<Task> =>
    until(async () => (await store.tasks.list({ kind, status: 'open' })).items[0]);
  await decide(deciding, await task('municipal-approval'), { approved: false, remarks: '样例：请再审' });
  const review: number[] = [];
  for (const kind of ['joint-review', 'joint-review', 'joint-review', 'review-conclusion']) {
    const open = await task(kind);
    const begun = performance.now();
    await decide(deciding, open);
    review.push(performance.now() - begun);
  }
  await decide(deciding, await task('municipal-approval'));
  for (let bureau = 0; bureau < 3; bureau += 1) await decide(deciding, await task('joint-signature'));
  const issue = await task('document-issue');
  await decide(deciding, issue);
  const issued = performance.now();
  const since = (): number => performance.now() - issued;
  const inPlan = await until(async () => {
    const plan = await store.plans.find(YEAR);
    const { listed: ids = [] } = (plan?.facts ?? {}) as { listed?: readonly string[] };
    return ids.length === PROJECTS ? since() : undefined;
  });
  const inRecords = await until(async () => {
    const told = await store.events.model.countDocuments({ type: 'listing-listed' });
    return told === PROJECTS ? since() : undefined;
  });
  const s = (ms: number): string => (ms / 1_000).toFixed(1);
  return [
    {
      what: `a joint review of ${PROJECTS} projects: ${review.length - 1} decisions and the conclusion, the slowest`,
      value: `${s(Math.max(...review))} s`,
    },
    {
      what: `all ${PROJECTS} shown as listed after the joint document`,
      value: `${s(inPlan)} s`,
      aim: '≤ 5 s',
    },
    { what: 'all of their own records say so', value: `${s(inRecords)} s`, aim: '≤ 20 s' },
  ];
}

/** Looks until it is there. */
async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await pause(20);
  }
}
