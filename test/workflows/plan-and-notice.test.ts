import { startEngine, type Engine } from './engine';
import { CITY, community, COUNTY, policy, sampleOrganisations } from './sample';
import { samplePlan } from '../../domain/forms/sample-plan';
import type { PlanContext } from '../../domain/forms/plan-context';
import type { ProjectNode } from '../../domain/node';
import type { CommunityPlan } from '../../domain/plan';
import type { ProjectStart } from '../../domain/project';
import type { Task } from '../../domain/task';
import type { ObjectionDigest } from '../../domain/world';

const YEAR = 2028;
const NEIGHBOURHOOD = `${COUNTY}-n1-neighbourhood`;

/** The sample plan with every community changed. */
function planned(task: Task, change: (one: CommunityPlan) => CommunityPlan): Record<string, unknown> {
  const plan = samplePlan(task.context as unknown as PlanContext);
  return { ...plan, communities: plan.communities.map(change) };
}

/** From the first source to another. */
const moved =
  (to: 'maintenance-fund' | 'departmental', amountFen: number) =>
  (one: CommunityPlan): CommunityPlan => {
    const [first, ...others] = one.funding;
    if (!first) throw new Error('no funding');
    return {
      ...one,
      funding: [{ ...first, amountFen: first.amountFen - amountFen }, ...others, { source: to, amountFen }],
    };
  };

describe('plan and notice in the life of a project', () => {
  let engine: Engine;
  let number = 0;
  const digests = new Map<string, ObjectionDigest>();
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      activities: {
        objections: async ({ projectId, round }) =>
          digests.get(`${projectId}/${round}`) ?? { groups: [], late: 0 },
      },
    });
  });
  afterAll(() => engine.stop());

  const begin = async (communities = [community('c1')]) => {
    const projectId = `${COUNTY}-${YEAR}-010${(number += 1)}`;
    const start: ProjectStart = {
      projectId,
      name: '样例项目',
      city: CITY,
      county: COUNTY,
      year: YEAR,
      communities,
      policy,
      startedBy: { user: `${COUNTY}-housing-1`, organisation: `${COUNTY}-housing` },
    };
    const workflowId = `project/${projectId}`;
    const handle = await engine.start('renovationProject', workflowId, [start]);
    const node = () => engine.record.nodes.get(workflowId) as ProjectNode | undefined;
    const open = () => engine.openTasks().filter((task) => task.projectId === projectId);
    /** Everybody of this project does what is asked, until it stands at this step and round with an open task. */
    const upTo = async (kind: string, round = 1): Promise<Task> => {
      for (let i = 0; i < 400; i += 1) {
        const at = open().find((task) => task.kind === kind && task.round === round);
        if (at) return at;
        const next = open()[0];
        if (next) await engine.decide(next);
        else await engine.advance('1d');
      }
      throw new Error(`never came to ${kind} ${round}; at ${node()?.steps.join()}`);
    };
    const pooled = async (): Promise<void> => {
      for (let i = 0; i < 400 && node()?.status !== 'waiting'; i += 1) {
        const next = open()[0];
        if (next) await engine.decide(next);
        else await engine.advance('1d');
      }
      expect(node()?.status).toBe('waiting');
    };
    return { projectId, workflowId, handle, node, upTo, pooled };
  };

  it('P2.1.3: an accepted objection leads back to the plan; without a material change nothing is posted again', async () => {
    const { projectId, node, upTo, pooled } = await begin();
    digests.set(`${projectId}/1`, { groups: [{ group: 'budget', title: '预算与资金', count: 2 }], late: 0 });
    const answer = {
      group: 'budget',
      answer: '样例：采纳',
      changesPlan: true,
      change: '部分改用部门整合资金',
    };
    await engine.decide(await upTo('objection-answer'), { answers: [answer] });
    const again = await upTo('preliminary-plan', 2);
    const context = again.context as unknown as PlanContext;
    expect(context.remarks[0]?.remarks).toContain('部分改用部门整合资金');
    expect(context.before?.communities).toHaveLength(1);
    await engine.decide(again, planned(again, moved('departmental', 1_000)));
    await pooled();
    expect(node()?.rounds).toMatchObject({ 'preliminary-plan': 2, 'public-notice': 1 });
  });

  it('P2.1.3: a material change starts a new notice', async () => {
    const { projectId, node, upTo, pooled } = await begin();
    digests.set(`${projectId}/1`, { groups: [{ group: 'items', title: '改造内容', count: 1 }], late: 0 });
    const answer = { group: 'items', answer: '样例：采纳', changesPlan: true, change: '增加快递柜' };
    await engine.decide(await upTo('objection-answer'), { answers: [answer] });
    const again = await upTo('preliminary-plan', 2);
    const more = planned(again, (one) => ({
      ...one,
      items: [...one.items, { no: 25, chosen: true, budgetFen: 0 }],
    }));
    await engine.decide(again, more);
    await pooled();
    expect(node()?.rounds).toMatchObject({ 'preliminary-plan': 2, 'public-notice': 2 });
  });

  it('P2.1.3: the same plan after a vote that failed is not waved through: the owners are asked again', async () => {
    const { node, upTo, pooled } = await begin();
    const first = await upTo('preliminary-plan');
    const fund = (task: Task) => planned(task, moved('maintenance-fund', 5_000));
    await engine.decide(first, fund(first));
    const tally = await upTo('owners-tally');
    const count = { total: 100, voting: 100, agreeing: 50 };
    await engine.decide(tally, { votes: [{ matter: 'use-maintenance-fund', area: count, owners: count }] });
    const again = await upTo('preliminary-plan', 2);
    expect((again.context as unknown as PlanContext).remarks[0]?.remarks).toContain('未通过');
    await engine.decide(again, fund(again));
    await engine.decide(await upTo('owners-tally', 2));
    await pooled();
    expect(node()?.rounds).toMatchObject({ 'public-notice': 2 });
  });

  it('P2.1.1: a community that declines leaves, and the plan is made for the others', async () => {
    const { node, upTo } = await begin([community('c1'), community('c2', 2)]);
    const [one, two] = [
      await engine.task('household-survey', { community: 'c1' }),
      await engine.task('household-survey', { community: 'c2' }),
    ];
    await engine.decide(one, { agreeing: 10 });
    await engine.decide(two);
    const plan = await upTo('preliminary-plan');
    expect((plan.context as unknown as PlanContext).communities.map(({ id }) => id)).toEqual(['c2']);
    expect(node()?.communities).toEqual(['c2']);
  });

  it("P2.1.3: the residents' vote ends a project when it satisfies 民法典 278, and only then", async () => {
    const { workflowId, handle, node, upTo } = await begin();
    const plan = await upTo('preliminary-plan');
    const act = (organisation: string, change: Record<string, unknown> = {}) =>
      engine.act(workflowId, 'residents-vote', organisation, change);
    expect((await engine.refusalOf(act(`${COUNTY}-housing`))).code).toBe('not-your-seat');
    const count = { total: 90, voting: 60, agreeing: 30 };
    const half = { community: 'c1', area: count, owners: count, tally: 'sample-attachment' };
    const refused = await engine.refusalOf(act(NEIGHBOURHOOD, { votes: [half] }));
    expect(refused.detail.refusals).toMatchObject([
      { path: 'votes.0.area.agreeing', clause: 'P2.1.3', basis: '民法典 278' },
      { path: 'votes.0.owners.agreeing', basis: '民法典 278' },
    ]);
    expect(node()?.status).toBe('running');
    await act(NEIGHBOURHOOD);
    expect(await handle.result()).toBe('residents-declined');
    expect(engine.record.tasks.get(plan.id)?.status).toBe('closed');
    const [vote] = engine.record.of(workflowId).filter(({ type }) => type === 'residents-vote-begun');
    expect(vote?.data).toMatchObject({
      form: { votes: [{ area: { total: 10_000, voting: 9_000, agreeing: 8_100 } }] },
    });
    expect(engine.record.fault()).toBeUndefined();
  });
});
