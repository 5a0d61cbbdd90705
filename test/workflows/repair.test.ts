import type { ProjectNode } from '../../domain/node';
import type { ProjectStart } from '../../domain/project';
import { SYSTEM_ADMINISTRATION } from '../../domain/forms/repair';
import { startEngine, type Engine } from './engine';
import { CITY, community, COUNTY, policy, sampleOrganisations } from './sample';

/** 应急修复: a project that is stuck for no reason of the policy. */
describe('the repair of a stuck project', () => {
  let engine: Engine;
  let number = 0;
  beforeAll(async () => {
    engine = await startEngine({ organisations: sampleOrganisations() });
  });
  afterAll(() => engine.stop());

  async function begin() {
    const projectId = `${COUNTY}-2028-000${(number += 1)}`;
    const start: ProjectStart = {
      projectId,
      name: '样例项目',
      city: CITY,
      county: COUNTY,
      year: 2028,
      communities: [community('c1')],
      policy,
      startedBy: { user: `${COUNTY}-housing-1`, organisation: `${COUNTY}-housing` },
    };
    const workflowId = `project/${projectId}`;
    await engine.start('renovationProject', workflowId, [start]);
    const node = () => engine.record.nodes.get(workflowId) as ProjectNode | undefined;
    const propose = (form: Record<string, unknown>, by = SYSTEM_ADMINISTRATION) =>
      engine.act(workflowId, 'repair', by, { reason: '样例：流程被误终止', ...form }, 'administrator-1');
    return { projectId, workflowId, node, propose };
  }

  const surveyOf = (projectId: string) => engine.task('household-survey', { projectId });
  const types = (workflowId: string) => engine.record.types(workflowId);

  it('P1.4: a step that was cancelled from outside waits for repair as well', async () => {
    const { projectId, node } = await begin();
    const task = await surveyOf(projectId);
    await engine.env.client.workflow.getHandle(task.workflowId).cancel();
    await engine.eventually(() => node()?.lost?.includes('needs-collection') ?? false, 'it is lost');
  });

  it('P1.4: not approved, nothing happens; and only the system administrator proposes', async () => {
    const { projectId, workflowId, propose } = await begin();
    const task = await surveyOf(projectId);
    const form = { measure: 'reopen-step', step: 'needs-collection' };
    for (const organisation of ['371300-housing', `${COUNTY}-housing`]) {
      expect((await engine.refusalOf(propose(form, organisation))).code).toBe('not-your-seat');
    }
    await propose(form);
    await engine.complete('repair-approval', { approved: false, opinion: '样例：无需重办' }, { projectId });
    await engine.eventually(() => types(workflowId).includes('repair-refused'), 'the refusal');
    await engine.settled();
    expect(engine.record.tasks.get(task.id)?.status).toBe('open');
  });

  it('P1.4: a running step is done again as its next round, and what was open in the old one closes', async () => {
    const { projectId, propose } = await begin();
    const old = await surveyOf(projectId);
    await propose({ measure: 'reopen-step', step: 'needs-collection' });
    await engine.complete('repair-approval', {}, { projectId });
    await engine.eventually(() => engine.record.tasks.get(old.id)?.status === 'closed', 'the old one closes');
    expect((await surveyOf(projectId)).round).toBe(2);
  });

  it('P1.4: a result entered by hand needs its paper and its shape, and then the project goes on from there', async () => {
    const { projectId, node, propose } = await begin();
    await surveyOf(projectId);
    const output = { communities: ['c1'], surveys: [], items: [1], managementMode: 'professional' };
    const moveOn = { measure: 'move-on', step: 'needs-collection' };
    const short = await engine.refusalOf(propose({ ...moveOn, output: { communities: [] } }));
    const paths = short.detail.refusals?.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['output.communities', 'document']));
    await propose({ ...moveOn, output, document: 'sample-attachment' });
    await engine.complete('repair-approval', {}, { projectId });
    await engine.eventually(() => node()?.steps.includes('preliminary-plan') ?? false, 'the plan');
    expect(node()?.outputs['needs-collection']).toEqual(output);
  });

  it.each(['public-notice', 'scheme-review', 'completion-acceptance'] as const)(
    'P1.4 P2.1.3: %s is never entered by hand, only done again',
    async (step) => {
      const { repair } = await import('../../domain/forms/repair');
      const form = {
        measure: 'move-on',
        step,
        reason: '样例',
        output: {},
        document: 'sample-attachment',
      } as const;
      const refusals = repair.rules?.(form, { steps: [step] }, {} as never) ?? [];
      expect(refusals).toMatchObject([{ path: 'measure', clause: 'P1.4' }]);
    },
  );

  it('P1.4: a step that is not under way cannot be repaired', async () => {
    const { projectId, propose } = await begin();
    await surveyOf(projectId);
    const refused = await engine.refusalOf(propose({ measure: 'reopen-step', step: 'scheme-review' }));
    expect(refused.detail.refusals).toMatchObject([{ path: 'step' }]);
  });
});
