import { resolve } from 'node:path';
import { startEngine, type Engine } from './engine';
import { community, policy, sampleOrganisations, stepStart } from './sample';
import { samplePlan } from '../../domain/forms/sample-plan';
import type { NoticeOutput } from '../../domain/outputs';
import type { Plan } from '../../domain/plan';
import type { ProjectCommunity } from '../../domain/project';
import type { StepEnd } from '../../workflows/step';

describe('the public notice', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'public-notice.workflows.ts'),
    });
  });
  afterAll(() => engine.stop());

  const planFor = (communities: readonly ProjectCommunity[]): Plan =>
    samplePlan({
      communities: communities.map(({ id, name, households, floorArea }) => ({ id, name, households, floorArea, wishes: [] })),
      policy,
      operators: [],
    });

  const begin = async (
    communities: readonly ProjectCommunity[] = [community('c1')],
    plan: Plan = planFor(communities),
    more: Record<string, unknown> = {},
  ) => {
    const workflowId = `project/371302-2028-0001/public-notice/${(n += 1)}`;
    const places = communities.map((one) => one.place);
    const input = { planned: { plan, owner: '371300-project-owner' }, communities, ...more };
    const handle = await engine.start('publicNotice', workflowId, [
      stepStart('public-notice', input, { places, round: n }),
    ]);
    const end = () => handle.result() as Promise<StepEnd<NoticeOutput>>;
    return { workflowId, handle, end, of: { workflowId } };
  };

  it('P2.1.3: a notice hangs five working days and is certified', async () => {
    const { of, end } = await begin();
    const posting = await engine.complete('notice-posting', {}, of);
    expect(posting.organisation).toBe('371302-s1-subdistrict');
    await engine.advance('9d');
    await engine.complete('notice-certificate', {}, of);
    const { output } = await end();
    expect(output).toMatchObject({ adjust: false, objections: 0 });
  });
});
