import type { ContractsOutput } from '../../domain/outputs';
import type { StepEnd } from '../../workflows/step';
import { startEngine, type Engine } from './engine';
import { BINDINGS, OWNER, planned, scheme } from './procurement';
import { PROJECT, sampleOrganisations, stepStart } from './sample';

describe('tendering', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
    });
  });
  afterAll(() => engine.stop());

  const begin = async (plan = planned(), estimateFen = 400_000_000) => {
    const workflowId = `project/${PROJECT}/tendering/${(n += 1)}`;
    const input = { planned: plan, scheme: scheme(estimateFen) };
    const handle = await engine.start('tendering', workflowId, [
      stepStart('tendering', input, { bindings: BINDINGS }),
    ]);
    const of = (kind: string) => engine.openTasks(kind).filter((task) => task.workflowId === workflowId);
    return {
      workflowId,
      handle,
      of,
      which: { workflowId },
      /** Completes the task of the lot of this kind. */
      lot: async (kind: string, lotKind: string, change: Record<string, unknown> = {}) => {
        const task = await engine.eventually(
          () => of(kind).find(({ context }) => (context as { lot: { kind: string } }).lot.kind === lotKind),
          `${kind} of ${lotKind}`,
        );
        await engine.decide(task, change);
        return task;
      },
      end: async () => (await handle.result()) as StepEnd<ContractsOutput>,
    };
  };

  it('P2.3.3: a small project buys works and supervision without a tender, with its ground recorded', async () => {
    const { which, lot, end } = await begin();
    await engine.complete('procurement-plan', {}, which);
    await engine.complete('operator-works', {}, which);
    for (const kind of ['works', 'supervision']) {
      await lot('procurement-result', kind);
      await lot('contract-signing', kind);
    }
    const { output, bindings, documents } = await end();
    expect(output?.contracts.map(({ kind, way }) => [kind, way])).toEqual([
      ['works', 'consultation'],
      ['supervision', 'consultation'],
      ['operator-works', 'operator'],
    ]);
    expect(output?.contracts[0]).toMatchObject({ amountFen: 368_000_000, advanceFen: 36_800_000 });
    expect(bindings).toEqual({ contractor: '371300-contractor', supervisor: '371300-supervisor' });
    expect(documents.map(({ key }) => key).sort()).toEqual([
      'contracts',
      'contracts',
      'procurement-record',
      'procurement-record',
    ]);
    expect(engine.record.fault()).toBeUndefined();
  });

  it('P2.3.3: above the threshold the whole statutory clocks run, each stage assigned when its minimum is over', async () => {
    const { which, lot, of, end } = await begin(planned([6]), 1_000_000_000);
    await engine.complete('procurement-plan', {}, which);
    const start = await engine.today();
    await lot('tender-documents', 'works');
    await lot('procurement-result', 'supervision');
    await lot('contract-signing', 'supervision');
    await engine.advance('19d');
    expect(of('bid-opening')).toHaveLength(0);
    await engine.advance('4d');
    await lot('bid-opening', 'works');
    await lot('bid-evaluation', 'works');
    await lot('candidate-publication', 'works');
    expect(of('tender-award')).toHaveLength(0);
    await engine.advance('6d');
    await lot('tender-award', 'works');
    await lot('contract-signing', 'works');
    await lot('tender-regulator-report', 'works');
    const { output, documents } = await end();
    expect(output?.contracts[0]).toMatchObject({
      way: 'tender',
      winner: '371300-contractor',
      amountFen: 920_000_000,
    });
    expect((output?.contracts[0]?.signedOn ?? '') > start).toBe(true);
    expect(documents.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['tender-documents', 'evaluation-report']),
    );
  });

  type Step = Awaited<ReturnType<typeof begin>>;
  const PLAN_ONE_TENDER = 1_000_000_000;
  /** A tender of the works of a large project, up to the bid deadline; supervision is bought beside it. */
  const tendered = async (): Promise<Step> => {
    const step = await begin(planned([6]), PLAN_ONE_TENDER);
    await engine.complete('procurement-plan', {}, step.which);
    await step.lot('tender-documents', 'works');
    return step;
  };
  const opened = async (): Promise<Step> => {
    const step = await tendered();
    await engine.advance('23d');
    await step.lot('bid-opening', 'works');
    return step;
  };
  const published = async (priceFen = 900_000_000): Promise<Step> => {
    const step = await opened();
    await step.lot('bid-evaluation', 'works', {
      candidates: [{ company: '371300-contractor', priceFen }],
    });
    await step.lot('candidate-publication', 'works');
    return step;
  };
  it('P2.3.3: a lot above the threshold is refused another way than the tender', async () => {
    const { which, of } = await begin(planned([6]), PLAN_ONE_TENDER);
    const task = await engine.task('procurement-plan', which);
    const { lots } = (await engine.example(task)) as unknown as { lots: { kind: string; way: string }[] };
    const avoided = lots.map((lot) => ({ ...lot, way: 'consultation', ground: '样例' }));
    const refusal = await engine.refusalOf(engine.decide(task, { lots: avoided }));
    expect(refusal.detail.refusals).toMatchObject([{ clause: 'P2.3.3', path: 'lots.0.way' }]);
    expect(of('procurement-plan')).toHaveLength(1);
  });

  it('P2.3.3: a clarification that affects the bids moves the deadline, and the opening waits for it', async () => {
    const step = await tendered();
    await engine.advance('15d');
    const asked = { lot: 'L1', text: '样例：工程量清单修改', affectsBids: true };
    const short = { ...asked, bidDeadline: String((await deadlineOf(step)).bidDeadline) };
    const refusal = await engine.refusalOf(engine.act(step.workflowId, 'tender-clarification', OWNER, short));
    expect(refusal.detail.refusals).toMatchObject([{ clause: 'P2.3.3', basis: '招标投标法 23' }]);
    const later = new Date((await engine.now()) + 25 * 86_400_000).toISOString().slice(0, 10);
    await engine.act(step.workflowId, 'tender-clarification', OWNER, { ...asked, bidDeadline: later });
    await engine.advance('12d');
    expect(step.of('bid-opening')).toHaveLength(0);
    await engine.advance('14d');
    expect(step.of('bid-opening')).toHaveLength(1);
    expect(step.of('bid-opening')[0]?.context).toMatchObject({ bidDeadline: later });
  });
  const deadlineOf = async ({ workflowId }: Step) => {
    const node = engine.record.nodes.get(workflowId) as unknown as {
      acts: { act: string; context: { bidding: { bidDeadline: string }[] } }[];
    };
    return (
      node.acts.find(({ act }) => act === 'tender-clarification')?.context.bidding[0] ?? { bidDeadline: '' }
    );
  };

  it('P2.3.3: fewer than three bidders twice, then another way that two bureaus approve', async () => {
    const step = await tendered();
    await engine.advance('23d');
    await step.lot('bid-opening', 'works', { bidders: 2 });
    const again = await step.lot('tender-documents', 'works');
    expect(again.context).toMatchObject({ attempt: 2, remarks: ['投标人 2 家，不足三家'] });
    await engine.advance('23d');
    await step.lot('bid-opening', 'works', { bidders: 1 });
    await step.lot('procurement-other-way', 'works');
    const no = { approved: false, opinion: '样例：可再次招标' };
    await engine.complete('procurement-approval', no, { ...step.which, organisation: '371302-housing' });
    await engine.complete(
      'procurement-approval',
      {},
      { ...step.which, organisation: '371302-development-and-reform' },
    );
    await step.lot('procurement-other-way', 'works');
    for (const body of ['housing', 'development-and-reform']) {
      await engine.complete('procurement-approval', {}, { ...step.which, organisation: `371302-${body}` });
    }
    await step.lot('procurement-result', 'works');
    await step.lot('contract-signing', 'works');
    await step.lot('procurement-result', 'supervision');
    await step.lot('contract-signing', 'supervision');
    const { output } = await step.end();
    expect(output?.contracts[0]).toMatchObject({ kind: 'works', way: 'negotiation' });
    expect(engine.record.types(step.workflowId).filter((type) => type === 'tender-failed')).toHaveLength(2);
  });

  it('P2.3.3: a report that rejects all bids is a failed tender', async () => {
    const step = await opened();
    await step.lot('bid-evaluation', 'works', { candidates: [], allRejected: '样例：均超最高限价' });
    const again = await step.lot('tender-documents', 'works');
    expect(again.context).toMatchObject({ attempt: 2, remarks: ['否决全部投标：样例：均超最高限价'] });
  });

  it('P2.3.3: objections are taken only while the candidates are published, and the award waits for the answer', async () => {
    const step = await opened();
    const objection = { lot: 'L1', objector: '样例投标单位', content: '样例：评分有误' };
    const act = () => engine.act(step.workflowId, 'tender-objection', OWNER, objection);
    const early = await engine.refusalOf(act());
    expect(early.detail.refusals).toMatchObject([{ clause: 'P2.3.3', basis: '招标投标法实施条例 54' }]);
    await step.lot('bid-evaluation', 'works');
    await step.lot('candidate-publication', 'works');
    await act();
    await engine.advance('7d');
    expect(step.of('tender-award')).toHaveLength(0);
    expect((await engine.refusalOf(act())).detail.refusals).toHaveLength(1);
    const answer = await engine.task('tender-objection-answer', step.which);
    expect(answer.overdue).toBe(true);
    await engine.decide(answer, { answer: '样例：经核查属实', evaluateAgain: true });
    const evaluation = await step.lot('bid-evaluation', 'works');
    expect(evaluation.context).toMatchObject({ remarks: ['样例：经核查属实'] });
    await step.lot('candidate-publication', 'works');
    await engine.advance('6d');
    await step.lot('tender-award', 'works');
  });

  it('P2.3.3: a price over the budget goes to finance and development-and-reform; refused, it is tendered again', async () => {
    const step = await published(930_000_000);
    await engine.advance('6d');
    expect(step.of('tender-award')).toHaveLength(0);
    const asked = (body: string) => ({ ...step.which, organisation: `371302-${body}` });
    await engine.complete('price-approval', { approved: false, opinion: '样例' }, asked('finance'));
    await engine.complete('price-approval', {}, asked('development-and-reform'));
    const again = await step.lot('tender-documents', 'works');
    expect(again.context).toMatchObject({ attempt: 2, remarks: ['中标候选人报价超预算，未获批准'] });
  });

  it('P2.3.3: an approved price over the budget is awarded as it was bid', async () => {
    const step = await published(930_000_000);
    await engine.advance('6d');
    for (const body of ['finance', 'development-and-reform']) {
      await engine.complete('price-approval', {}, { ...step.which, organisation: `371302-${body}` });
    }
    await step.lot('tender-award', 'works');
    const contract = await engine.task('contract-signing', step.which);
    expect(contract.context).toMatchObject({ priceFen: 930_000_000 });
    expect(contract.due).toMatchObject({ basis: '招标投标法 46' });
  });

  it('P2.3.3: a contract signed after thirty days is accepted with its reason and marked as a breach', async () => {
    const step = await published();
    await engine.advance('6d');
    await step.lot('tender-award', 'works');
    await step.lot('tender-regulator-report', 'works');
    await engine.advance('40d');
    const late = await engine.task('contract-signing', step.which);
    expect(late.overdue).toBe(true);
    expect(
      (await engine.refusalOf(engine.decide(late, {}, { noLateReason: true }))).detail.refusals,
    ).toMatchObject([{ path: 'lateReason' }]);
    await engine.decide(late);
    const completed = engine.record
      .of(step.workflowId)
      .find(({ taskId, type }) => taskId === late.id && type === 'task-completed');
    expect(completed).toMatchObject({ data: { breach: '招标投标法 46' } });
  });

  it('P2.3.3: who builds cannot supervise: the one awarded first is excluded from the other lot', async () => {
    const both = {
      id: 'both-1',
      name: '样例综合公司',
      bodies: ['contractor', 'supervisor'],
      level: 'market',
      area: '371300',
    } as const;
    engine.briefing.organisations.push(both);
    const step = await begin(planned([6]));
    await engine.complete('procurement-plan', {}, step.which);
    const supervision = await engine.eventually(
      () =>
        step
          .of('procurement-result')
          .find(({ context }) => (context as { lot: { kind: string } }).lot.kind === 'supervision'),
      'the supervision lot',
    );
    await step.lot('procurement-result', 'works', { company: 'both-1' });
    await engine.settled();
    const refusal = await engine.refusalOf(engine.decide(supervision, { company: 'both-1' }));
    expect(refusal.detail.refusals).toMatchObject([{ clause: 'P2.3.3', basis: '建筑法 34' }]);
    await engine.decide(engine.record.tasks.get(supervision.id) ?? supervision, {
      company: '371300-supervisor',
    });
    engine.briefing.organisations.pop();
  });

  it('P2.3.5: six kinds of operators say in parallel how their works are carried out; who declines leaves them to the owner', async () => {
    const step = await begin(planned([1, 2, 3, 4, 5]), 300_000_000);
    await engine.complete('procurement-plan', {}, step.which);
    await engine.eventually(() => step.of('operator-works').length === 8, 'eight operators');
    const gas = step.of('operator-works').find(({ seat }) => seat.body === 'gas');
    for (const task of step.of('operator-works')) {
      await engine.decide(task, task.id === gas?.id ? { carriesOut: false } : {});
    }
    const further = await engine.task('procurement-plan', step.which);
    expect(further.context).toMatchObject({
      needs: ['works'],
      because: '燃气管网和设施设备改造：专营单位不自行实施',
    });
    const split = {
      name: '样例燃气',
      kind: 'works',
      estimateFen: 150_000_000,
      way: 'consultation',
      ground: '样例',
    };
    const refusal = await engine.refusalOf(engine.decide(further, { lots: [split] }));
    expect(refusal.detail.refusals).toMatchObject([{ path: 'lots.0.way' }, { path: 'lots' }]);
    await engine.decide(further, { lots: [{ ...split, estimateFen: 10_000_000 }] });
    for (let bought = 0; bought < 3; bought += 1) {
      await engine.complete('procurement-result', {}, step.which);
      await engine.complete('contract-signing', {}, step.which);
    }
    const { output, bindings } = await step.end();
    expect(output?.contracts.filter(({ kind }) => kind === 'operator-works')).toHaveLength(7);
    expect(output?.contracts.filter(({ kind }) => kind === 'works')).toHaveLength(2);
    expect(bindings).toMatchObject({ contractor: '371300-contractor' });
  });

  it('P4.5: what an operator has promised, and its reward, go into its own works', async () => {
    const operators = [
      {
        organisation: '371300-water',
        promisedFen: 70_000,
        rewardFen: 30_000,
        facilities: [
          {
            utility: 'water',
            name: '样例管网',
            owner: 'other',
            costFen: 100_000,
            operatorPaysFen: 70_000,
            rewardFen: 30_000,
          },
        ],
      },
    ] as const;
    const step = await begin({ ...planned([1]), operators });
    const task = await engine.task('operator-works', step.which);
    expect(task.context).toMatchObject({ promisedFen: 70_000, rewardFen: 30_000 });
    expect(await engine.example(task)).toMatchObject({ amountFen: 100_000 });
  });

  it('P2.3.3: a tender that is suspended runs its minimum only by days really run', async () => {
    const step = await tendered();
    const at = async () => new Date(await engine.now()).toISOString();
    await engine.advance('5d');
    await step.handle.signal('suspend', { reason: '样例：汛期', at: await at() });
    await engine.settled();
    await engine.advance('30d');
    await step.handle.signal('resume', { reason: '样例：复工', at: await at() });
    await engine.settled();
    await engine.advance('10d');
    expect(step.of('bid-opening')).toHaveLength(0);
    await engine.advance('10d');
    expect(step.of('bid-opening')).toHaveLength(1);
  });

  it('P2.3.3: turned back in the middle of a tender, every task closes and no timer is left', async () => {
    const step = await tendered();
    await step.handle.signal('turnBack', { reason: '样例：重新审查方案', at: new Date().toISOString() });
    await step.handle.cancel();
    expect(((await step.handle.result()) as StepEnd<ContractsOutput>).output).toBeUndefined();
    expect(engine.openTasks().filter(({ workflowId }) => workflowId === step.workflowId)).toHaveLength(0);
    expect(engine.record.fault()).toBeUndefined();
  });
});
