import type { RecordedEvent } from '../../../domain/events';
import type { ProjectNode, StepNode } from '../../../domain/node';
import { partiesOf } from '../../../domain/node';
import type { Task } from '../../../domain/task';
import type { Store } from '../../../store/connect';
import { taskRow } from '../../../store/tasks';
import { community, openPlan, type Person, type TestApi } from '../api';

/** One project in the area of 371302-s1 and 371302-n1, for the plan of 2028, and all that belongs to it. */
export const PROJECT = '371302-2028-0001';
export const COMMUNITY = '371302-c00001';
export const TASKS = {
  /** What the subdistrict must do. */
  street: 'project.371302-2028-0001.public-notice.1.1',
  /** What the water operator had to do. */
  water: 'project.371302-2028-0001.preliminary-plan.1.1',
  /** What the county must do for its list. */
  list: 'submission.2028-371302.1',
} as const;
/** Stands wherever somebody has entered something: who must not see it must not find it anywhere in an answer. */
export const ENTERED = '样例：只给有关单位看的内容';

const AT = '2027-03-01T01:00:00.000Z';

const task = (id: string, change: Partial<Task>): Task => ({
  id,
  workflowId: 'project/371302-2028-0001/public-notice/1',
  kind: 'intake-confirmation',
  title: '样例待办',
  step: 'public-notice',
  round: 1,
  projectId: PROJECT,
  county: '371302',
  seat: { body: 'subdistrict', level: 'subdistrict' },
  organisation: '371302-s1',
  notBy: [],
  status: 'open',
  context: { project: ENTERED, enterAt: 'tendering', documents: [] },
  assignedAt: AT,
  overdue: false,
  suspended: false,
  ...change,
});

const event = (
  seq: number,
  type: string,
  change: Partial<RecordedEvent>,
): RecordedEvent & { _id: string } => ({
  _id: `project/${PROJECT}#${seq}`,
  workflowId: `project/${PROJECT}`,
  seq,
  at: AT,
  type,
  projectId: PROJECT,
  county: '371302',
  data: { text: ENTERED },
  previous: 'x',
  hash: 'x',
  ...change,
});

const node: ProjectNode = {
  node: 'project',
  projectId: PROJECT,
  name: '样例项目',
  county: '371302',
  areas: ['371300', '371302', '371302-s1', '371302-n1'],
  year: 2028,
  communities: [COMMUNITY],
  status: 'running',
  steps: ['public-notice'],
  rounds: { 'public-notice': 1 },
  running: { 'public-notice': `project/${PROJECT}/public-notice/1` },
  bindings: { 'project-owner': '371300-project-owner', designer: '371300-designer-1' },
  policyVersion: '2026.1',
  onPaper: [],
  outputs: {
    'preliminary-plan': { text: ENTERED },
    tendering: { contracts: [{ winner: '371300-contractor-2' }] },
  },
  acts: [
    { act: 'suspension', context: { steps: [], returnable: [] } },
    { act: 'finding', context: { parties: [], completed: false } },
  ],
  startedAt: AT,
};

const step: StepNode = {
  node: 'step',
  step: 'public-notice',
  round: 1,
  projectId: PROJECT,
  county: '371302',
  status: 'running',
  openedAt: AT,
  waits: [],
  facts: { text: ENTERED },
  acts: [],
};

async function put(
  { model }: { model: Store['tasks']['model'] | unknown },
  ...rows: object[]
): Promise<void> {
  const { collection } = model as Store['tasks']['model'];
  await collection.insertMany(rows as never);
}

/** Writes the project into an empty store, as its workflows' records would. */
export async function settle({ store }: TestApi): Promise<void> {
  await store.communities.model.create(community({ _id: COMMUNITY, openProject: PROJECT }));
  await put(store.projects, {
    ...node,
    _id: PROJECT,
    parties: partiesOf(node),
    workflowId: `project/${PROJECT}`,
    seq: 9,
  });
  const workflowId = `project/${PROJECT}/public-notice/1`;
  await put(store.steps, { ...step, _id: workflowId, workflowId, seq: 3 });
  const water = { body: 'water', level: 'operator' } as const;
  await put(
    store.tasks,
    taskRow(task(TASKS.street, {}), 3),
    taskRow(task(TASKS.water, { seat: water, organisation: '371300-water', status: 'completed' }), 3),
    taskRow(planTask(), 3),
  );
  await put(
    store.events,
    event(1, 'project-started', { by: { user: 'u-1', organisation: '371302-housing' } }),
    event(2, 'step-opened', {}),
    event(3, 'task-completed', {
      taskId: TASKS.water,
      by: { user: 'u-2', organisation: '371300-water' },
    }),
    event(4, 'task-completed', {
      taskId: 'project.371302-2028-0001.needs-collection.1.1',
      by: { user: 'u-3', organisation: '371302-n1' },
    }),
    event(5, 'seat-vacant', { data: { seat: 'gas@operator' } }),
  );
  await settlePlan(store);
}

function planTask(): Task {
  const { projectId: _, ...rest } = task(TASKS.list, { organisation: '371302-housing' });
  return { ...rest, planYear: 2028, step: 'annual-plan', seat: { body: 'housing', level: 'county' } };
}

async function settlePlan(store: Store): Promise<void> {
  await openPlan(store, 2028);
  await store.plans.model.collection.updateOne(
    { _id: 2028 as never },
    {
      $set: {
        facts: {
          year: 2028,
          phase: 'declaration',
          remarks: ENTERED,
          listed: [PROJECT, '371311-2028-0001'],
        },
      },
    },
  );
  for (const county of ['371302', '371311']) {
    const workflowId = `submission/2028-${county}`;
    await put(store.submissions, {
      _id: `2028-${county}`,
      workflowId,
      seq: 1,
      node: 'submission',
      planYear: 2028,
      county,
      phase: 'declaration',
      status: 'running',
      openedAt: AT,
      projects: { [`${county}-2028-0001`]: { remarks: ENTERED } },
      facts: { remarks: ENTERED },
      acts: [],
    });
    await put(store.events, {
      ...event(1, 'task-completed', { county, planYear: 2028, data: { text: `${ENTERED} ${county}` } }),
      _id: `${workflowId}#1`,
      workflowId,
      projectId: undefined,
    });
  }
}

/** Everybody who may look, by what they are to the project. */
export const VIEWERS = {
  'own county': '371302-finance',
  'other county': '371311-housing',
  city: '371300-finance',
  'own subdistrict': '371302-s1',
  'other subdistrict': '371302-s2',
  'own neighbourhood': '371302-n1',
  'other neighbourhood': '371302-n2',
  'its owner': '371300-project-owner',
  'its designer': '371300-designer-1',
  'another designer': '371300-designer-2',
  'winner of a contract': '371300-contractor-2',
  'operator asked': '371300-water',
  'operator not asked': '371300-gas',
  audit: 'audit',
  system: 'system',
  security: 'security',
} as const;
export type Viewer = keyof typeof VIEWERS;

export function viewer(api: TestApi, name: Viewer): Promise<Person> {
  const who = VIEWERS[name];
  if (who === 'audit' || who === 'system' || who === 'security') return api.administrator(who);
  return api.as(who);
}
