import { samplePlan } from '../../domain/forms/sample-plan';
import type { NeedsConfirmationContext } from '../../domain/forms/needs-collection';
import type { PlanContext } from '../../domain/forms/plan-context';
import type { CommunityPlan } from '../../domain/plan';
import type { Task } from '../../domain/task';
import { startEngine, type Engine } from './engine';
import { beginProject, openPlan, YEAR } from './lives';
import { COUNTY, sampleOrganisations } from './sample';

const HOUSING = `${COUNTY}-housing`;

function planned(task: Task, change: (one: CommunityPlan) => CommunityPlan): Record<string, unknown> {
  const plan = samplePlan(task.context as unknown as PlanContext);
  return { ...plan, communities: plan.communities.map(change) };
}
const withOneMoreItem = (one: CommunityPlan): CommunityPlan => ({
  ...one,
  items: [...one.items, { no: 25, chosen: true, budgetFen: 0 }],
});

describe('return 退回', () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await startEngine({ organisations: sampleOrganisations() });
    await openPlan(engine);
  });
  afterEach(() => engine.stop());

  const begin = async () => {
    const { projectId, workflowId, node, at } = await beginProject(engine);
    const turns = () => engine.record.types(workflowId).filter((type) => type === 'turned-back').length;
    const turnBack = async (to: string, then?: string) => {
      const before = turns();
      await engine.act(workflowId, 'return', HOUSING, {
        to,
        reason: '样例：需重新办理',
        ...(then === undefined ? {} : { then }),
      });
      await engine.eventually(() => turns() > before, 'the return');
      await engine.settled();
    };
    /** Whoever has a task of this project does it; the county's list waits. */
    const upTo = async (
      step: string,
      change: Readonly<Record<string, (task: Task) => Record<string, unknown> | undefined>> = {},
    ): Promise<void> => {
      for (let i = 0; !at(step)(); i += 1) {
        if (i > 200) throw new Error(`never came to ${step}; at ${node()?.steps.join()}`);
        const [task] = engine.openTasks().filter((one) => one.projectId === projectId);
        if (task) await engine.decide(task, change[task.kind]?.(task) ?? {});
        else await engine.advance('7d');
        await engine.settled();
      }
    };
    const walkedAgain = () => engine.record.of(workflowId).filter(({ type }) => type === 'walked-again');
    return { node, at, upTo, turnBack, walkedAgain, workflowId };
  };
  /** Everybody acts, except that the plan is made with another item when it is made again. */
  const otherPlan = {
    'preliminary-plan': (task: Task) => (task.round === 2 ? planned(task, withOneMoreItem) : undefined),
  };

  it('P2.1.3: come-back does the one step again and goes straight to the step that returned', async () => {
    const { node, upTo, turnBack, walkedAgain, workflowId } = await begin();
    await upTo('county-submission');
    await turnBack('preliminary-plan', 'come-back');
    expect(node()?.steps).toEqual(['preliminary-plan']);
    await upTo('county-submission');
    expect(node()?.rounds).toMatchObject({
      'needs-collection': 1,
      'preliminary-plan': 2,
      'public-notice': 1,
      'county-submission': 2,
    });
    expect(walkedAgain()).toEqual([]);
    const turned = engine.record.of(workflowId).find(({ type }) => type === 'turned-back');
    expect(turned).toMatchObject({
      step: 'preliminary-plan',
      data: { then: 'come-back', from: ['county-submission'] },
    });
    expect(engine.record.fault()).toBeUndefined();
  }, 120_000);

  it('P2.1.3: without a word of it, all is walked again, the notice with its whole period', async () => {
    const { node, upTo, turnBack } = await begin();
    await upTo('county-submission');
    await turnBack('preliminary-plan');
    await upTo('county-submission');
    expect(node()?.rounds).toMatchObject({ 'preliminary-plan': 2, 'public-notice': 2 });
  }, 120_000);

  it('P2.1.3: a material change walks the notice again, whole period, though come-back was asked', async () => {
    const { node, upTo, turnBack, walkedAgain } = await begin();
    await upTo('county-submission');
    await turnBack('preliminary-plan', 'come-back');
    await upTo('public-notice', otherPlan);
    expect(walkedAgain()).toMatchObject([{ step: 'public-notice', reason: '增加第 25 项' }]);
    await engine.complete('notice-posting');
    await engine.advance('4d');
    expect(engine.openTasks('notice-certificate')).toEqual([]);
    expect(node()?.steps).toEqual(['public-notice']);
    await upTo('county-submission');
    expect(node()?.rounds).toMatchObject({ 'public-notice': 2 });
    expect(engine.record.fault()).toBeUndefined();
  }, 120_000);

  it('P2.1.1: other wishes of the residents walk the plan and its notice again', async () => {
    const { node, upTo, turnBack, walkedAgain } = await begin();
    await upTo('county-submission');
    await turnBack('needs-collection', 'come-back');
    await upTo('county-submission', {
      'needs-confirmation': (task) => {
        const { items } = task.context as unknown as NeedsConfirmationContext;
        return task.round === 2 ? { items: items.map(({ no }) => no) } : {};
      },
    });
    expect(walkedAgain()).toMatchObject([{ step: 'preliminary-plan' }]);
    expect(node()?.rounds).toMatchObject({
      'needs-collection': 2,
      'preliminary-plan': 2,
      'public-notice': 2,
    });
  }, 120_000);

  it('P2.1.2: twice in a row, the project comes back past both, and each step stands where nothing changed', async () => {
    const { node, upTo, turnBack, walkedAgain } = await begin();
    await upTo('county-submission');
    await turnBack('preliminary-plan', 'come-back');
    await turnBack('needs-collection', 'come-back');
    expect(node()?.steps).toEqual(['needs-collection']);
    await upTo('county-submission');
    expect(node()?.rounds).toMatchObject({
      'needs-collection': 2,
      'preliminary-plan': 3,
      'public-notice': 1,
    });
    expect(walkedAgain()).toEqual([]);
    await turnBack('preliminary-plan', 'come-back');
    await upTo('county-submission');
    expect(node()?.rounds).toMatchObject({ 'preliminary-plan': 4, 'public-notice': 1 });
    expect(engine.record.fault()).toBeUndefined();
  }, 120_000);

  it('P2.2.1: returned during the joint review it keeps its place there, and old verdicts do not count', async () => {
    const { node, at, turnBack } = await begin();
    await engine.everybodyActs(at('joint-review'));
    const open = engine.openTasks('joint-review');
    expect(open.length).toBeGreaterThan(0);
    await turnBack('preliminary-plan', 'come-back');
    const plan = await engine.task('preliminary-plan', { round: 2 });
    const submission = () => engine.record.types(`submission/${YEAR}-${COUNTY}`);
    await engine.eventually(() => submission().includes('project-corrects'), 'its place');
    for (const task of open) await engine.decide(task);
    await engine.complete('review-conclusion');
    await engine.settled();
    expect(node()?.steps).toEqual(['preliminary-plan']);
    await engine.decide(plan);
    await engine.everybodyActs(() => node()?.document !== undefined);
    expect(node()?.document?.year).toBe(YEAR);
    expect(node()?.rounds).toMatchObject({
      'preliminary-plan': 2,
      'public-notice': 1,
      'county-submission': 1,
    });
    expect(engine.record.fault()).toBeUndefined();
  }, 240_000);

  it('P1.4: of a countersigned step nothing vanishes: what is open closes with it, and it comes back anew', async () => {
    const { node, upTo, turnBack } = await begin();
    await upTo('public-notice');
    const posting = await engine.task('notice-posting');
    const colleague = { organisation: posting.organisation, user: `${posting.organisation}-2` };
    await engine.actOn(posting, 'co-signature', {
      when: 'after',
      rule: 'all-of',
      signers: [colleague],
      question: '样例：请核对',
    });
    await engine.decide(posting);
    const coSignature = await engine.task('co-signature');
    await turnBack('preliminary-plan', 'come-back');
    for (const { id } of [posting, coSignature])
      expect(engine.record.tasks.get(id)).toMatchObject({ status: 'closed' });
    await expect(engine.decide(coSignature)).rejects.toThrow();
    await upTo('public-notice');
    expect(await engine.task('notice-posting', { round: 2 })).toMatchObject({
      organisation: posting.organisation,
    });
    expect(node()?.rounds).toMatchObject({ 'preliminary-plan': 2, 'public-notice': 2 });
    expect(engine.record.fault()).toBeUndefined();
  }, 120_000);

  it('P2.2.3: after the joint document nothing comes back from before the scheme review', async () => {
    const { node, at, turnBack } = await begin();
    await engine.everybodyActs(at('tendering'));
    const refusal = await engine.refusalOf(turnBack('preliminary-plan', 'come-back'));
    expect(refusal.code).toBe('rule-violated');
    await turnBack('scheme-review', 'come-back');
    await engine.everybodyActs(at('tendering'));
    expect(node()?.rounds).toMatchObject({ 'scheme-review': 2, tendering: 2 });
  }, 240_000);
});
