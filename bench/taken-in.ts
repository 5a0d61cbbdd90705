import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { CommunityPlan } from '../domain/plan';
import type { Intake, ProjectStart } from '../domain/project';
import type { Task } from '../domain/task';
import type { Identity } from '../keys/identity';
import { sealedStart } from '../keys/starts';
import { linyi } from '../policy/linyi';
import { policySnapshot } from '../policy/snapshot';
import type { Store } from '../store/connect';
import { taskOf, type TaskRow } from '../store/tasks';
import { timed } from './statistics';

export const COUNTY = '371302';
export const YEAR = 2028;
/** Ends the numbers of projects that only the bench knows. */
const BENCH = /-bench$/;

/** Begins projects that were decided on paper up to a step; each waits for the city's confirmation. */
export async function takeIn(
  { client, signer, taskQueue }: { client: Client; signer: Identity; taskQueue: string },
  enterAt: Intake['enterAt'],
  projects: number,
): Promise<void> {
  const starts = Array.from({ length: projects }, (_, n) => startOf(n, enterAt));
  const begin = (start: ProjectStart) => {
    const workflowId = `project/${start.projectId}`;
    const from = { identity: signer, now: Date.now() };
    const args = sealedStart(workflowId, 'renovationProject', start, from);
    return client.workflow.start('renovationProject', { workflowId, taskQueue, args });
  };
  await timed(
    starts.map((start) => () => begin(start)),
    16,
  );
}

/** Their open tasks of a kind, once there are so many. */
export async function openOf(store: Store, kind: string, many: number): Promise<Task[]> {
  for (;;) {
    const rows = await store.tasks.model.find({ kind, status: 'open', projectId: BENCH }).lean<TaskRow[]>();
    if (rows.length >= many) return rows.map(taskOf);
    await pause(200);
  }
}

function startOf(n: number, enterAt: Intake['enterAt']): ProjectStart {
  const id = `bench-${n}`;
  const plan: CommunityPlan = {
    communityId: id,
    items: [{ no: 1, chosen: true, budgetFen: 100_000_00 }],
    otherCosts: [],
    budgetFen: 100_000_00,
    funding: [{ source: 'county', amountFen: 100_000_00 }],
    income: [],
    newBuildings: [],
    changesCommonUse: false,
  };
  const place = {
    community: id,
    city: linyi.city.code,
    county: COUNTY,
    subdistrict: `${COUNTY}-s1`,
    neighbourhood: `${COUNTY}-n1`,
  };
  return {
    projectId: `${COUNTY}-${YEAR}-${String(n).padStart(4, '0')}-bench`,
    name: `样例项目 ${n}`,
    city: linyi.city.code,
    county: COUNTY,
    year: YEAR,
    communities: [{ id, name: `样例小区 ${n}`, place, households: 120, buildings: 4, floorArea: 11_700 }],
    policy: policySnapshot(linyi),
    startedBy: { user: 'bench-1', organisation: `${COUNTY}-housing` },
    intake: {
      enterAt,
      bindings: {},
      documents: [],
      outputs: {
        'needs-collection': { communities: [id], surveys: [], items: [1], managementMode: 'subdistrict' },
        'preliminary-plan': {
          plan: { communities: [plan], mode: 'government-guided', members: [] },
          owner: `${COUNTY}-housing`,
        } as never,
        'public-notice': {
          adjust: false,
          postedOn: '2027-03-01',
          endedOn: '2027-03-09',
          objections: 0,
        } as never,
      },
    },
  };
}
