import { resolve } from 'node:path';
import { WorkflowClient } from '@temporalio/client';
import type { Contract, NeedsOutput, PlanOutput, SchemeOutput, WorksOutput } from '../../domain/outputs';
import type { CommunityPlan } from '../../domain/plan';
import type { Bindings } from '../../domain/seats';
import type { StepEnd } from '../../workflows/step';
import type { Task } from '../../domain/task';
import type { Step } from '../../policy/keys';
import { testDataConverter } from '../support/keys';
import { startEngine, type Engine } from './engine';
import { CITY, COUNTY, community, sampleOrganisations, stepStart } from './sample';

/** What the steps after the works begin with: a project of one community, contracts of 3,000,000 yuan. 样例. */

export const market = (body: string): string => `${CITY}-${body}`;
export const county = (body: string): string => `${COUNTY}-${body}`;

export const BOUND: Bindings = {
  'project-owner': market('project-owner'),
  designer: market('designer'),
  contractor: market('contractor'),
  supervisor: market('supervisor'),
};

export const planOf = (items: readonly number[], communities: readonly string[] = ['c1']): PlanOutput => ({
  owner: market('project-owner'),
  plan: {
    mode: 'government-guided',
    members: [],
    communities: communities.map((communityId): CommunityPlan => ({
      communityId,
      items: items.map((no) => ({ no, chosen: true, budgetFen: 1 })),
      otherCosts: [],
      budgetFen: 320_000_000,
      funding: [
        { source: 'central', amountFen: 200_000_000 },
        { source: 'county', amountFen: 120_000_000 },
      ],
      income: [],
      newBuildings: [],
      changesCommonUse: false,
    })),
  },
});

export const scheme: SchemeOutput = {
  designer: market('designer'),
  estimateFen: 320_000_000,
  approvedOn: '2026-03-02',
  formalities: [],
};

export const contracts: readonly Contract[] = [
  {
    lot: 'works-1',
    kind: 'works',
    way: 'consultation',
    ground: '样例：未达到必须招标的规模',
    winner: market('contractor'),
    amountFen: 280_000_000,
    signedOn: '2026-04-01',
  },
  {
    lot: 'supervision-1',
    kind: 'supervision',
    way: 'consultation',
    ground: '样例：未达到必须招标的规模',
    winner: market('supervisor'),
    amountFen: 20_000_000,
    signedOn: '2026-04-01',
  },
];

export const works: WorksOutput = {
  startedOn: '2026-04-10',
  completedOn: '2026-09-30',
  approvedChangesFen: 0,
  paidFen: 200_000_000,
  moneyFindings: [],
};

export const needs: NeedsOutput = {
  communities: ['c1'],
  surveys: [{ community: 'c1', households: 120, answered: 110, agreeing: 100 }],
  items: [6],
  managementMode: 'professional',
};

export const startAfterWorks = (): Promise<Engine> =>
  startEngine({
    organisations: sampleOrganisations(),
    workflowsPath: resolve(__dirname, 'after-works.workflows.ts'),
  });

let count = 0;
const SIGNATURES = ['acceptance-signature', 'acceptance-owner-signature'];

/** Starts one step as its project would. */
export async function begin<Output>(
  engine: Engine,
  type: string,
  step: Step,
  input: object,
  change: Parameters<typeof stepStart>[2] = {},
) {
  const workflowId = `project/371302-2028-0001/${step}/${(count += 1)}`;
  const start = stepStart(step, input, { bindings: BOUND, ...change });
  const handle = await engine.start(type, workflowId, [start]);
  const here = { workflowId };
  await engine.eventually(() => engine.record.nodes.has(workflowId), `${step} to open`);
  return {
    workflowId,
    handle,
    task: (kind: string, organisation?: string) =>
      engine.task(kind, organisation === undefined ? here : { ...here, organisation }),
    complete: (kind: string, form: Record<string, unknown> = {}, organisation?: string) =>
      engine.complete(kind, form, organisation === undefined ? here : { ...here, organisation }),
    types: () => engine.record.types(workflowId),
    /**
     * Whoever is asked now, in one go with the first of these kinds, answers as its task's example says.
     * @param change what somebody answers instead, by organisation
     */
    async answerAll(
      kinds: readonly string[],
      change: Readonly<Record<string, Record<string, unknown>>> = {},
    ) {
      const mine = (task: Task): boolean => task.workflowId === workflowId && kinds.includes(task.kind);
      await engine.eventually(() => engine.openTasks().some(mine), `one of ${kinds.join(', ')}`);
      for (const task of engine.openTasks().filter(mine))
        await engine.decide(task, change[task.organisation]);
    },
    async sign(change: Readonly<Record<string, Record<string, unknown>>> = {}) {
      await this.answerAll(SIGNATURES, change);
    },
    open: () => engine.openTasks().filter((task) => task.workflowId === workflowId),
    end: async () => {
      // The test environment's own `result()` would skip everybody's time.
      const client = new WorkflowClient({
        connection: engine.env.connection,
        dataConverter: testDataConverter,
      });
      const end = (await client.getHandle(workflowId).result()) as StepEnd<Output>;
      expect(engine.record.fault()).toBeUndefined();
      if (end.output === undefined) throw new Error('ended without an output');
      return { ...end, output: end.output };
    },
  };
}

export const communities = [community('c1')];

/** Who is asked to sign the acceptance now. */
export function openParties(step: { open(): readonly { kind: string; organisation: string }[] }): string[] {
  return step
    .open()
    .filter(({ kind }) => SIGNATURES.includes(kind))
    .map(({ organisation }) => organisation)
    .sort();
}
