import { resolve } from 'node:path';
import { startEngine, type Engine } from './engine';
import { community, COUNTY, policy, sampleOrganisations, stepStart } from './sample';
import type { NeedsOutput, PlanOutput } from '../../domain/outputs';
import type { ProjectCommunity } from '../../domain/project';
import type { StepEnd } from '../../workflows/step';

const OPERATORS = 8;

export const needsOf = (ids: readonly string[], items: readonly number[] = [1, 24]): NeedsOutput => ({
  communities: ids,
  surveys: ids.map((id) => ({ community: id, households: 120, answered: 120, agreeing: 110 })),
  items,
  managementMode: 'professional',
});

describe('the preliminary plan', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'preliminary-plan.workflows.ts'),
    });
  });
  afterAll(() => engine.stop());

  const begin = async (
    communities: readonly ProjectCommunity[] = [community('c1')],
    more: Record<string, unknown> = {},
  ) => {
    const workflowId = `project/371302-2028-0001/preliminary-plan/${(n += 1)}`;
    const places = communities.map((one) => one.place);
    const input = { needs: needsOf(communities.map(({ id }) => id)), communities, ...more };
    const handle = await engine.start('preliminaryPlan', workflowId, [
      stepStart('preliminary-plan', input, { places }),
    ]);
    const end = () => handle.result() as Promise<StepEnd<PlanOutput>>;
    return { workflowId, handle, end, of: { workflowId } };
  };

  const confirmAll = async (of: { workflowId: string }): Promise<void> => {
    for (let i = 0; i < OPERATORS; i += 1) await engine.complete('operator-plan', {}, of);
    await engine.complete('fiscal-confirmation', {}, of);
  };

  it('P2.1.2: county housing plans, all operators concerned and finance answer in parallel, and the owner is bound', async () => {
    const { of, end } = await begin();
    const plan = await engine.complete('preliminary-plan', {}, of);
    expect(plan.organisation).toBe(`${COUNTY}-housing`);
    await engine.eventually(
      () => engine.openTasks().filter((task) => task.workflowId === of.workflowId).length === OPERATORS + 1,
      'all confirmations at once',
    );
    await confirmAll(of);
    const { output, bindings } = await end();
    expect(output?.owner).toBe('371300-project-owner');
    expect(bindings).toEqual({ 'project-owner': '371300-project-owner' });
    expect(output?.operators).toHaveLength(OPERATORS);
    expect(output?.plan.communities[0]?.items.filter(({ chosen }) => chosen).map(({ no }) => no)).toContain(24);
    expect(policy.items.filter((item) => item.class === 'basic')).toHaveLength(19);
    expect(engine.record.fault()).toBeUndefined();
  });
});
