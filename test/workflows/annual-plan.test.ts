import { resolve } from 'node:path';
import type { PlanStart } from '../../domain/annual-plan';
import type { Candidate } from '../../domain/world';
import { leftSignal, readySignal } from '../../workflows/messages';
import { startEngine, type Engine } from './engine';
import { candidate, YEAR } from './lives';
import { CITY, COUNTY, policy, sampleOrganisations } from './sample';

const SUBMISSION = `submission/${YEAR}-${COUNTY}`;

describe('the annual plan', () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'annual-plan.workflows.ts'),
    });
  });
  afterEach(() => engine.stop());

  const open = async (counties = [COUNTY]) => {
    const start: PlanStart = { year: YEAR, city: CITY, counties, policy };
    const plan = await engine.start('annualPlan', `plan/${YEAR}`, [start]);
    await engine.eventually(
      () => engine.record.nodes.has(`submission/${YEAR}-${counties.at(-1)}`),
      'the submissions',
    );
    return plan;
  };
  const submission = () => engine.handle(SUBMISSION);
  const ready = (...numbers: number[]) =>
    Promise.all(numbers.map((n) => submission().signal(readySignal, candidate(n))));
  const submit = async () => {
    await engine.complete('county-list');
    await engine.complete('county-submission');
    await engine.settled();
  };
  const verdicts = (given: Record<number, string>) => ({
    decisions: Object.entries(given).map(([n, verdict]) => ({
      projectId: candidate(Number(n)).projectId,
      verdict,
      ...(verdict === 'approve' ? {} : { remarks: `样例意见 ${verdict}` }),
    })),
  });
  const standing = (n: number): string | undefined => {
    const node = engine.record.nodes.get(SUBMISSION) as
      { projects?: Record<string, { standing: string }> } | undefined;
    return node?.projects?.[candidate(n).projectId]?.standing;
  };
  const review = async (given: Record<number, string>) => {
    for (let bureau = 0; bureau < 3; bureau += 1) await engine.complete('joint-review', verdicts(given));
    await engine.complete('review-conclusion');
    await engine.settled();
  };

  it('P2.1.4 P2.2.1 P2.2.2 P2.2.3: a list is submitted, reviewed by three bureaus, approved and issued', async () => {
    const plan = await open();
    expect(engine.openTasks()).toHaveLength(0);
    await ready(1, 2);
    await submit();
    expect(standing(1)).toBe('submitted');
    await engine.advanceTo('2027-10-01');
    await review({ 1: 'approve', 2: 'approve' });
    await engine.advanceTo('2027-12-01');
    await engine.complete('municipal-approval');
    for (let bureau = 0; bureau < 3; bureau += 1) await engine.complete('joint-signature');
    const today = await engine.today();
    await engine.complete('document-issue', { number: '样例临建发〔2027〕9号', date: today });
    await engine.settled();
    const issued = engine.record.events.find(({ type }) => type === 'joint-document-issued');
    expect(issued?.data).toMatchObject({
      number: '样例临建发〔2027〕9号',
      date: today,
      projects: [candidate(1).projectId, candidate(2).projectId],
    });
    expect(engine.record.nodes.get(`plan/${YEAR}`)).toMatchObject({ phase: 'execution' });
    await engine.advanceTo('2029-01-02');
    await plan.result();
    expect(engine.record.nodes.get(`plan/${YEAR}`)).toMatchObject({ phase: 'closed', status: 'closed' });
    expect(engine.record.fault()).toBeUndefined();
  });

  it('P2.1.4: the list closes at 24:00 on 30 September, which is not moved, and "not submitted" is recorded', async () => {
    await open();
    await ready(1);
    await engine.task('county-list');
    await engine.advanceTo('2027-09-30', '23:59');
    expect(engine.openTasks('county-list')).toHaveLength(1);
    await engine.advance('2m');
    expect(engine.openTasks('county-list')).toHaveLength(0);
    expect(engine.record.types(SUBMISSION)).toEqual(
      expect.arrayContaining(['task-closed', 'not-submitted', 'projects-missed']),
    );
    expect(standing(1)).toBe('missed');
  });

  it('P2.1.4: a county that has not submitted is reminded 30, 7 and 1 days before the close', async () => {
    await open();
    await engine.advanceTo('2027-09-30', '12:00');
    const reminded = engine.record.of(SUBMISSION).filter(({ type }) => type === 'declaration-reminded');
    expect(reminded.map(({ data }) => (data as { days: number }).days)).toEqual([30, 7, 1]);
    expect(reminded.map(({ at }) => at.slice(0, 10))).toEqual(['2027-08-30', '2027-09-22', '2027-09-28']);
  });

  it('P2.1.4: an empty list is refused', async () => {
    await open();
    await ready(1);
    const task = await engine.task('county-list');
    const refusal = await engine.refusalOf(engine.decide(task, { projects: [] }));
    expect(refusal.detail.refusals).toMatchObject([{ clause: 'P2.1.4', path: 'projects' }]);
  });

  it('P2.1.4: the list opens again for a project that is ready later, until the close', async () => {
    await open();
    await ready(1);
    await submit();
    await ready(2);
    const task = await engine.task('county-list');
    expect(task.context).toMatchObject({ candidates: [{ projectId: candidate(2).projectId }] });
    await submit();
    expect([standing(1), standing(2)]).toEqual(['submitted', 'submitted']);
  });

  it('P2.1.4: nothing enters after the close except by the city, with reason, until the review closes', async () => {
    await open();
    await engine.advanceTo('2027-10-02');
    await ready(1);
    await engine.eventually(() => standing(1), 'the project in the list');
    expect(standing(1)).toBe('missed');
    const byCounty = engine.act(SUBMISSION, 'late-admission', `${COUNTY}-housing`, {
      projectId: candidate(1).projectId,
      reason: '样例',
    });
    expect((await engine.refusalOf(byCounty)).code).toBe('not-your-seat');
    await engine.act(SUBMISSION, 'late-admission', '371300-housing', {
      projectId: candidate(1).projectId,
      reason: '样例：上级调整',
    });
    await engine.task('joint-review');
    expect(standing(1)).toBe('submitted');
    await engine.advanceTo('2027-12-02');
    expect(
      (
        await engine.refusalOf(
          engine
            .act(SUBMISSION, 'late-admission', '371300-housing', {
              projectId: candidate(1).projectId,
              reason: '样例',
            })
            .catch((error: Error) => {
              if ('code' in error) throw error;
              throw Object.assign(new Error('closed'), { code: 'wrong-step' });
            }),
        )
      ).code,
    ).toBe('wrong-step');
  });

  it('P2.2.1: rejected needs all three, approved needs all three, each other verdict its reason', async () => {
    await open();
    await ready(1, 2);
    await submit();
    await engine.advanceTo('2027-10-01');
    const task = await engine.task('joint-review');
    const bare = { decisions: [1, 2].map((n) => ({ projectId: candidate(n).projectId, verdict: 'defer' })) };
    expect((await engine.refusalOf(engine.decide(task, bare))).detail.refusals?.[0]?.clause).toBe('P2.2.1');
    expect((await engine.refusalOf(engine.decide(task, verdicts({ 1: 'approve' })))).code).toBe(
      'rule-violated',
    );
    await engine.complete('joint-review', verdicts({ 1: 'reject', 2: 'approve' }));
    await engine.complete('joint-review', verdicts({ 1: 'reject', 2: 'approve' }));
    await engine.complete('joint-review', verdicts({ 1: 'approve', 2: 'defer' }));
    const conclusion = await engine.task('review-conclusion');
    for (const wrong of [
      { 1: 'reject', 2: 'defer' },
      { 1: 'defer', 2: 'approve' },
    ]) {
      expect(
        (await engine.refusalOf(engine.decide(conclusion, verdicts(wrong)))).detail.refusals?.[0]?.clause,
      ).toBe('P2.2.1');
    }
    await engine.decide(conclusion);
    await engine.settled();
    expect([standing(1), standing(2)]).toEqual(['deferred', 'deferred']);
  });

  it('P2.2.1: a corrected project keeps its place and is reviewed again; undecided at the close it waits for the next year', async () => {
    await open();
    await ready(1, 2);
    await submit();
    await engine.advanceTo('2027-10-01');
    await review({ 1: 'correct', 2: 'correct' });
    expect(standing(1)).toBe('corrected');
    await ready(1);
    await engine.task('joint-review');
    await review({ 1: 'approve' });
    expect(standing(1)).toBe('approved');
    await engine.advanceTo('2027-12-01');
    expect(standing(2)).toBe('deferred');
    expect((await engine.task('municipal-approval')).context).toMatchObject({ projects: 1 });
  });

  it('P2.2.2: not approved by the municipality, the arrangement goes back to joint review with its remarks', async () => {
    await open();
    await ready(1, 2);
    await submit();
    await engine.advanceTo('2027-10-01');
    await review({ 1: 'approve', 2: 'approve' });
    await engine.advanceTo('2027-12-01');
    await engine.complete('municipal-approval', { approved: false, remarks: '样例：压减规模' });
    expect((await engine.task('joint-review')).context).toMatchObject({
      remarks: '样例：压减规模',
      round: 2,
    });
    await review({ 1: 'approve', 2: 'defer' });
    expect((await engine.task('municipal-approval')).context).toMatchObject({ projects: 1, round: 2 });
  });

  it('P2.2.3: many projects are told of their listing a hundred at a time, never more signals pending', async () => {
    const many = Array.from({ length: 230 }, (_, n) => ({
      ...candidate(1),
      projectId: `${COUNTY}-2028-${1000 + n}`,
    }));
    await engine.stop();
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'annual-plan.workflows.ts'),
      activities: { pool: async () => many },
    });
    await open();
    await submit();
    await engine.advanceTo('2027-10-01');
    for (let bureau = 0; bureau < 3; bureau += 1) await engine.complete('joint-review');
    await engine.complete('review-conclusion');
    await engine.settled();
    await engine.advanceTo('2027-12-01');
    await engine.complete('municipal-approval');
    for (let bureau = 0; bureau < 3; bureau += 1) await engine.complete('joint-signature');
    await engine.complete('document-issue');
    const plan = engine.env.client.workflow.getHandle(`plan/${YEAR}`);
    const told = async () => {
      let pending = 0;
      let most = 0;
      let all = 0;
      for (const event of (await plan.fetchHistory()).events ?? []) {
        if (event.signalExternalWorkflowExecutionInitiatedEventAttributes) {
          pending += 1;
          all += 1;
        }
        const settled =
          event.externalWorkflowExecutionSignaledEventAttributes ??
          event.signalExternalWorkflowExecutionFailedEventAttributes;
        if (settled) pending -= 1;
        most = Math.max(most, pending);
      }
      return { all, most };
    };
    await engine.eventually(
      () => engine.record.events.find(({ type }) => type === 'joint-document-issued'),
      'the document',
    );
    while ((await told()).all < many.length) await engine.settled();
    expect(await told()).toEqual({ all: 230, most: 100 });
    // So that 5,000 projects of one year's plan stay under half of what the engine bears (51,200 events).
    const { events } = await plan.fetchHistory();
    expect(events?.length).toBeLessThan(200 + 4 * many.length);
  });

  it('P2.1.4: a project that leaves before it is submitted is no longer on the list', async () => {
    await open();
    await ready(1, 2);
    await engine.task('county-list');
    await submission().signal(leftSignal, { projectId: candidate(1).projectId, reason: '样例：撤回' });
    const listed = () =>
      engine
        .openTasks('county-list')
        .map(({ context }) => (context as unknown as { candidates: Candidate[] }).candidates);
    await engine.eventually(() => listed()[0]?.length === 1, 'the list without it');
    expect(listed()).toMatchObject([[{ projectId: candidate(2).projectId }]]);
  });
});
