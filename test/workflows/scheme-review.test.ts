import type { SchemeOutput } from '../../domain/outputs';
import type { StepEnd } from '../../workflows/step';
import { startEngine, type Engine } from './engine';
import { BINDINGS, planned } from './procurement';
import { COUNTY, PROJECT, sampleOrganisations, stepStart } from './sample';

describe('scheme review', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
    });
  });
  afterAll(() => engine.stop());

  const begin = async (plan = planned()) => {
    const workflowId = `project/${PROJECT}/scheme-review/${(n += 1)}`;
    const start = stepStart('scheme-review', { planned: plan }, { bindings: BINDINGS });
    const handle = await engine.start('schemeReview', workflowId, [start]);
    return {
      workflowId,
      handle,
      which: { workflowId },
      of: (body: string) => ({ workflowId, organisation: `${COUNTY}-${body}` }),
      end: async () => (await handle.result()) as StepEnd<SchemeOutput>,
    };
  };
  const bureaus = ['development-and-reform', 'finance', 'natural-resources-and-planning'];

  it('P2.3.1: the scheme passes when three bureaus approve and housing concludes, and names designer and surveyor', async () => {
    const { which, of, end } = await begin();
    await engine.complete('design-engagement', {}, which);
    await engine.complete('scheme-submission', {}, which);
    for (const body of bureaus) {
      expect(
        engine.openTasks('scheme-conclusion').filter((t) => t.workflowId === which.workflowId),
      ).toHaveLength(0);
      await engine.complete('scheme-opinion', {}, of(body));
    }
    for (const body of ['fire-rescue', 'sports']) await engine.complete('scheme-consultation', {}, of(body));
    await engine.complete('scheme-conclusion', {}, which);
    const { output, bindings, documents } = await end();
    expect(output).toMatchObject({ designer: '371300-designer', estimateFen: 400_000_000, formalities: [] });
    expect(bindings).toEqual({ designer: '371300-designer' });
    expect(documents.map(({ key }) => key).sort()).toEqual(['scheme', 'scheme-approval']);
    expect(engine.record.fault()).toBeUndefined();
  });

  /** Up to the review of a scheme, changed as given. */
  const submitted = async (change: Record<string, unknown> = {}, plan = planned()) => {
    const step = await begin(plan);
    await engine.complete('design-engagement', {}, step.which);
    const submission = await engine.complete('scheme-submission', change, step.which);
    return { ...step, submission };
  };
  const open = (kind: string, { workflowId }: { workflowId: string }) =>
    engine.openTasks(kind).filter((task) => task.workflowId === workflowId);

  it('P2.3.1: a return comes back with every reason of everybody, and the scheme is submitted again', async () => {
    const { which, of, end } = await submitted({}, planned([1]));
    const back = (reasons: string[]) => ({ decision: 'return', reasons });
    await engine.complete('scheme-opinion', back(['概算偏高', '缺少单价']), of('finance'));
    await engine.complete('scheme-opinion', {}, of('development-and-reform'));
    await engine.complete('scheme-opinion', back(['占用绿地']), of('natural-resources-and-planning'));
    const conclusion = await engine.task('scheme-conclusion', which);
    const pass = { decision: 'approve', documents: { 'scheme-approval': 'sample-attachment' } };
    const refusal = await engine.refusalOf(engine.decide(conclusion, pass));
    expect(refusal.detail.refusals).toHaveLength(2);
    expect(refusal.detail.refusals?.every(({ clause }) => clause === 'P2.3.1')).toBe(true);
    await engine.decide(conclusion, back(['缺少无障碍设计']));
    const again = await engine.task('scheme-submission', which);
    expect((again.context as { remarks: unknown }).remarks).toEqual([
      { by: '样例finance', reason: '概算偏高' },
      { by: '样例finance', reason: '缺少单价' },
      { by: '样例natural-resources-and-planning', reason: '占用绿地' },
      { by: '样例housing', reason: '缺少无障碍设计' },
    ]);
    await engine.decide(again, { estimateFen: 390_000_000 });
    for (const body of bureaus) await engine.complete('scheme-opinion', {}, of(body));
    await engine.complete('scheme-conclusion', {}, which);
    expect((await end()).output).toMatchObject({ estimateFen: 390_000_000 });
  });

  it('P2.3.1: an estimate over the budget passes only when finance agrees to it', async () => {
    const { of, which, end } = await submitted(
      { estimateFen: 420_000_000, overBudgetReason: '样例：材料涨价' },
      planned([1]),
    );
    const finance = await engine.task('scheme-opinion', of('finance'));
    const refusal = await engine.refusalOf(engine.decide(finance, { overrunAgreed: undefined }));
    expect(refusal.detail.refusals).toMatchObject([{ clause: 'P2.3.1', path: 'overrunAgreed' }]);
    for (const body of bureaus) await engine.complete('scheme-opinion', {}, of(body));
    await engine.complete('scheme-conclusion', {}, which);
    expect((await end()).output?.estimateFen).toBe(420_000_000);
  });

  it('P2.3.1: nobody who submitted the scheme reviews it, where the owner is county housing itself', async () => {
    const workflowId = `project/${PROJECT}/scheme-review/${(n += 1)}`;
    const housing = `${COUNTY}-housing`;
    const start = stepStart(
      'scheme-review',
      { planned: planned([1]) },
      { bindings: { 'project-owner': housing } },
    );
    await engine.start('schemeReview', workflowId, [start]);
    await engine.complete('design-engagement', {}, { workflowId });
    await engine.complete('scheme-submission', {}, { workflowId }, { user: 'the-submitter' });
    for (const body of bureaus) {
      await engine.complete('scheme-opinion', {}, { workflowId, organisation: `${COUNTY}-${body}` });
    }
    const conclusion = await engine.task('scheme-conclusion', { workflowId });
    const refusal = await engine.refusalOf(engine.decide(conclusion, {}, { user: 'the-submitter' }));
    expect(refusal.code).toBe('not-your-seat');
    await engine.decide(conclusion, {}, { user: 'another' });
  });

  it('P2.3.2: what the simplification does not cover is done by the owner before the step ends', async () => {
    const traits = { newConstructionLand: true, formalities: ['initiation', 'land', 'planning-permit'] };
    const { which, of, end, submission } = await submitted(traits, planned([1]));
    expect(submission.kind).toBe('scheme-submission');
    for (const body of bureaus) await engine.complete('scheme-opinion', {}, of(body));
    await engine.complete('scheme-conclusion', {}, which);
    await engine.eventually(() => open('formality', which).length === 3, 'three formalities');
    for (const task of open('formality', which)) await engine.decide(task);
    const { output, documents } = await end();
    expect(output?.formalities).toEqual(['initiation', 'land', 'planning-permit']);
    expect(documents.filter(({ key }) => key === 'formalities')).toHaveLength(3);
  });

  it('P5.1.2: a consulted body that is silent does not block once its time is up, and its task closes', async () => {
    const { which, of, end, workflowId } = await submitted();
    for (const body of bureaus) await engine.complete('scheme-opinion', {}, of(body));
    const objection = { opinion: 'objection', remarks: '样例：消防车通道宽度不足' };
    await engine.complete('scheme-consultation', objection, of('fire-rescue'));
    expect(open('scheme-conclusion', which)).toHaveLength(0);
    await engine.advance('9d');
    const conclusion = await engine.task('scheme-conclusion', which);
    expect(conclusion.context).toMatchObject({
      consulted: [
        { organisation: '样例fire-rescue', decision: 'objection', remarks: ['样例：消防车通道宽度不足'] },
      ],
      silent: ['sports'],
    });
    const late = await engine.task('scheme-consultation', of('sports'));
    await engine.decide(conclusion);
    expect((await end()).output?.approvedOn).toBeDefined();
    expect(engine.record.tasks.get(late.id)).toMatchObject({ status: 'closed' });
    expect(engine.record.types(workflowId)).toContain('task-closed');
  });

  it('P5.1.2: a consulted seat in which nobody sits alerts and does not block either', async () => {
    const without = engine.briefing.organisations.filter(({ bodies }) => !bodies.includes('sports'));
    const all = engine.briefing.organisations.splice(0, Infinity, ...without);
    const { which, of, end, workflowId } = await submitted({}, planned([24]));
    for (const body of bureaus) await engine.complete('scheme-opinion', {}, of(body));
    expect(engine.record.types(workflowId)).toContain('seat-vacant');
    await engine.advance('9d');
    await engine.complete('scheme-conclusion', {}, which);
    expect((await end()).output).toBeDefined();
    engine.briefing.organisations.splice(0, Infinity, ...all);
  });

  it('P2.3.1: while no designer is registered the owner waits, and can choose whoever is registered later', async () => {
    const all = [...engine.briefing.organisations];
    const [designer] = all.filter(({ bodies }) => bodies.includes('designer'));
    engine.briefing.organisations.splice(0, Infinity, ...all.filter((one) => one !== designer));
    const { which, workflowId, handle } = await begin(planned([1]));
    await engine.eventually(() => engine.record.types(workflowId).includes('seat-vacant'), 'the alert');
    expect(open('design-engagement', which)).toHaveLength(0);
    engine.briefing.organisations.splice(0, Infinity, ...all);
    await handle.signal('briefingChanged');
    const engagement = await engine.task('design-engagement', which);
    const other = {
      id: 'other-designer',
      name: '样例设计院乙',
      bodies: ['designer'],
      level: 'market',
      area: '371300',
    } as const;
    engine.briefing.organisations.push(other);
    await handle.signal('briefingChanged');
    const designers = () =>
      (engine.record.tasks.get(engagement.id)?.context as { designers: { id: string }[] }).designers;
    await engine.eventually(() => designers().length === 2, 'the later designer');
    engine.briefing.organisations.splice(0, Infinity, ...all);
    await handle.terminate();
  });

  it('P2.3.1: turned back, the step closes every task and a late opinion is refused', async () => {
    const { workflowId, of, handle } = await submitted();
    const finance = await engine.task('scheme-opinion', of('finance'));
    await handle.signal('turnBack', { reason: '样例：退回', at: new Date().toISOString() });
    await handle.cancel();
    const end = (await handle.result()) as StepEnd<SchemeOutput>;
    expect(end.output).toBeUndefined();
    expect(engine.openTasks().filter((task) => task.workflowId === workflowId)).toHaveLength(0);
    await expect(engine.decide(finance)).rejects.toThrow();
    expect(engine.record.fault()).toBeUndefined();
  });
});
