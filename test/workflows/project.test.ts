import type { StepNode } from '../../domain/node';
import type { ProjectStart } from '../../domain/project';
import { startEngine, type Engine } from './engine';
import { beginProject, openPlan as open, YEAR } from './lives';
import { COUNTY, sampleOrganisations } from './sample';

const STEPS_IN_ORDER = [
  'needs-collection',
  'preliminary-plan',
  'public-notice',
  'scheme-review',
  'tendering',
  'construction',
  'completion-acceptance',
];

describe('the life of a project', () => {
  let engine: Engine;
  let number = 0;
  beforeEach(async () => {
    engine = await startEngine({ organisations: sampleOrganisations() });
  });
  afterEach(() => engine.stop());

  const openPlan = (year = YEAR) => open(engine, year);
  const begin = (change: Partial<ProjectStart> = {}) =>
    beginProject(engine, { projectId: `${COUNTY}-${YEAR}-000${(number += 1)}`, ...change });

  it('P1.4 P2.1.1–P2.5.1: a project lives from needs collection to property management, its record whole', async () => {
    await openPlan();
    const { node, workflowId, ended } = await begin();
    await engine.everybodyActs(ended);
    expect(node()).toMatchObject({ status: 'completed', document: { year: YEAR } });
    const begun = engine.record
      .of(workflowId)
      .filter(({ type }) => type === 'step-started')
      .map(({ step }) => step);
    expect(begun.slice(0, STEPS_IN_ORDER.length)).toEqual(STEPS_IN_ORDER);
    expect(new Set(begun.slice(STEPS_IN_ORDER.length))).toEqual(
      new Set(['final-accounts', 'archiving', 'handover', 'property-management']),
    );
    expect(engine.record.fault()).toBeUndefined();
    // Every step has filed what the policy requires of it (P2.4.4).
    const assembly = [...engine.record.tasks.values()].find(({ kind }) => kind === 'archive-assembly');
    expect(assembly?.context).toMatchObject({ missing: [] });
    // The parent's events name the head of every step that has ended.
    const named = engine.record
      .of(workflowId)
      .flatMap(({ data }) => (data as { heads?: { workflowId: string }[] } | null)?.heads ?? []);
    expect(named.map((head) => head.workflowId)).toHaveLength(begun.length);

    for (const id of [workflowId, ...named.map((head) => head.workflowId)]) {
      const { events } = await engine.env.client.workflow.getHandle(id).fetchHistory();
      expect(events?.length).toBeLessThanOrEqual(id === workflowId ? 400 : 2_000);
    }
  }, 240_000);

  it('P1.4: the county withdraws before submission at once', async () => {
    await openPlan();
    const { node, workflowId, housing, at, ended } = await begin();
    await engine.everybodyActs(at('preliminary-plan'));
    const open = await engine.task('preliminary-plan');
    await engine.act(workflowId, 'withdrawal', housing, { reason: '样例：纳入拆除新建' });
    await engine.eventually(ended, 'the end');
    expect(node()).toMatchObject({ status: 'withdrawn', reason: '样例：纳入拆除新建' });
    expect(engine.record.tasks.get(open.id)?.status).toBe('closed');
    expect(engine.openTasks()).toHaveLength(0);
    expect(engine.record.fault()).toBeUndefined();
  });

  it('P2.1.4: after submission a withdrawal needs the consent of city housing, refused it changes nothing', async () => {
    await openPlan();
    const { node, workflowId, housing, at, ended } = await begin();
    await engine.everybodyActs(at('joint-review'));
    await engine.act(workflowId, 'withdrawal', housing, { reason: '样例：居民意见反复' });
    await engine.complete('control-consent', { consent: false });
    await engine.eventually(
      () => engine.record.types(workflowId).includes('withdrawal-refused'),
      'the refusal',
    );
    expect(node()?.status).toBe('running');
    await engine.act(workflowId, 'withdrawal', housing, { reason: '样例：居民意见反复' });
    const consent = await engine.task('control-consent');
    expect(consent.organisation).toBe('371300-housing');
    await engine.decide(consent);
    await engine.eventually(ended, 'the end');
    expect(node()?.status).toBe('withdrawn');
    expect(engine.record.types(`submission/${YEAR}-${COUNTY}`)).toContain('project-left');
  });

  it('P1.4: a control by an organisation without the right is refused', async () => {
    await openPlan();
    const { workflowId, at } = await begin();
    await engine.everybodyActs(at('preliminary-plan'));
    for (const act of ['withdrawal', 'suspension', 'return']) {
      const refusal = await engine.refusalOf(
        engine.act(workflowId, act, `${COUNTY}-finance`, { reason: '样例', to: 'needs-collection' }),
      );
      expect(refusal.code).toBe('not-your-seat');
    }
  });

  it('P2.1.2: a return closes the open step and opens the earlier one as its next round', async () => {
    await openPlan();
    const { workflowId, housing, at } = await begin();
    await engine.everybodyActs(at('public-notice'));
    await engine.act(workflowId, 'return', housing, { to: 'preliminary-plan', reason: '样例：预算有误' });
    const again = await engine.task('preliminary-plan', { round: 2 });
    expect(again.context).toMatchObject({ remarks: [{ remarks: '样例：预算有误' }] });
    expect(engine.openTasks().every(({ round }) => round === 2)).toBe(true);
    const refusal = await engine.refusalOf(
      engine.act(workflowId, 'return', housing, { to: 'construction', reason: '样例' }),
    );
    expect(refusal.code).toBe('rule-violated');
    expect(engine.record.fault()).toBeUndefined();
  });

  it('P2.1.3: a project suspended during its notice owes the days that were not run', async () => {
    await openPlan();
    const { node, workflowId, housing, at } = await begin();
    await engine.everybodyActs(at('public-notice'));
    await engine.complete('notice-posting');
    await engine.settled();
    const notice = () =>
      engine.record.nodes.get(node()?.running['public-notice'] ?? '') as StepNode | undefined;
    const before = (await engine.eventually(() => notice()?.waits[0]?.until, 'the notice period')) ?? '';
    await engine.act(workflowId, 'suspension', housing, { reason: '样例：疫情' });
    await engine.settled();
    expect(node()?.status).toBe('suspended');
    await engine.advance('20d');
    expect(engine.openTasks('notice-certificate')).toHaveLength(0);
    await engine.act(workflowId, 'resumption', housing, { reason: '样例：恢复' });
    await engine.settled();
    expect(node()?.status).toBe('running');
    const after = await engine.eventually(() => {
      const end = notice()?.waits[0]?.until;
      return end !== before && end;
    }, 'the period after');
    expect(Date.parse(after) - Date.parse(before)).toBeGreaterThanOrEqual(18 * 86_400_000);
  });

  it('P2.1.4 P2.2.1: a project that misses the close waits in the pool and is listed by the next plan', async () => {
    await openPlan();
    const { node, at } = await begin();
    await engine.everybodyActs(at('county-submission'));
    await engine.task('county-list');
    await engine.advanceTo('2027-10-02');
    await engine.eventually(() => node()?.year === YEAR + 1, 'the next year');
    expect(node()?.status).toBe('waiting');
    const waiting = node()?.candidate;
    if (!waiting) throw new Error('no candidate');
    await engine.stop();
    engine = await startEngine({
      organisations: sampleOrganisations(),
      activities: { pool: async () => [waiting] },
    });
    await openPlan(YEAR + 1);
    // The pool is read when the submission opens: the project is on its list without having told it.
    expect((await engine.task('county-list')).context).toMatchObject({
      candidates: [{ projectId: waiting.projectId }],
    });
  });

  it('P2.2.1: rejected by all three bureaus the project ends, with their reasons', async () => {
    await openPlan();
    const { node, ended } = await begin();
    const reject = (task: { context: unknown }) => ({
      decisions: (task.context as { projects: { projectId: string }[] }).projects.map(({ projectId }) => ({
        projectId,
        verdict: 'reject',
        remarks: '样例：不符合条件',
      })),
    });
    await engine.everybodyActs(ended, { 'joint-review': reject });
    expect(node()).toMatchObject({
      status: 'rejected',
      reason: expect.stringContaining('不符合条件') as string,
    });
  });

  it('P2.2.1 P2.1.3: a corrected plan keeps its place, and without a material change needs no new notice', async () => {
    await openPlan();
    const { node, workflowId } = await begin();
    let corrected = false;
    const correct = (task: { context: unknown; round: number }) => {
      if (corrected) return undefined;
      return {
        decisions: (task.context as { projects: { projectId: string }[] }).projects.map(({ projectId }) => ({
          projectId,
          verdict: 'correct',
          remarks: '样例：补充说明',
        })),
      };
    };
    await engine.everybodyActs(() => node()?.document !== undefined, {
      'joint-review': correct,
      'review-conclusion': () => {
        corrected = true;
        return undefined;
      },
    });
    expect(node()?.rounds).toMatchObject({ 'preliminary-plan': 2, 'public-notice': 1 });
    expect(engine.record.types(workflowId)).toContain('listing-corrected');
  }, 120_000);

  it('P2.1.1: a project whose residents decline ends', async () => {
    const { node, ended } = await begin();
    await engine.everybodyActs(ended, {
      'household-survey': () => ({ agreeing: 10 }),
    });
    expect(node()?.status).toBe('residents-declined');
  });

  it('P2.4.3: after contracts a project is cancelled with settlement and consent', async () => {
    await openPlan();
    const { node, workflowId, housing, at, ended } = await begin();
    await engine.everybodyActs(at('construction'));
    expect(
      (await engine.refusalOf(engine.act(workflowId, 'withdrawal', housing, { reason: '样例' }))).code,
    ).toBe('not-your-seat');
    await engine.act(workflowId, 'cancellation', housing);
    await engine.complete('control-consent');
    await engine.eventually(ended, 'the end');
    expect(node()?.status).toBe('cancelled');
    expect(engine.record.fault()).toBeUndefined();
  }, 120_000);
});
