import type { WorksOutput } from '../../domain/outputs';
import type { Bindings } from '../../domain/seats';
import type { StepEnd } from '../../workflows/step';
import { startEngine, type Engine } from './engine';
import { BINDINGS, contracts, OWNER, planned, scheme } from './procurement';
import { COUNTY, PROJECT, sampleOrganisations, stepStart } from './sample';

const SUPERVISOR = '371300-supervisor';
const CONTRACTOR = '371300-contractor';

describe('construction', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
    });
  });
  afterAll(() => engine.stop());

  const begin = async (change: Record<string, unknown> = {}, holders: Bindings = {}) => {
    const workflowId = `project/${PROJECT}/construction/${(n += 1)}`;
    const input = { planned: planned(), scheme: scheme(), contracts, ...change };
    const bindings = {
      ...BINDINGS,
      designer: '371300-designer',
      contractor: CONTRACTOR,
      supervisor: SUPERVISOR,
      ...holders,
    };
    const handle = await engine.start('construction', workflowId, [
      stepStart('construction', input, { bindings }),
    ]);
    const which = { workflowId };
    const site = {
      workflowId,
      handle,
      which,
      of: (kind: string) => engine.openTasks(kind).filter((task) => task.workflowId === workflowId),
      complete: (kind: string, form: Record<string, unknown> = {}) => engine.complete(kind, form, which),
      async started() {
        await site.complete('construction-permit');
        await site.complete('construction-start');
      },
      async certified(percent: number) {
        await site.complete('monthly-progress', { percent });
        await site.complete('progress-certificate', { percent });
        await engine.settled();
      },
      act: (act: string, organisation: string, form: Record<string, unknown> = {}) =>
        engine.act(workflowId, act, organisation, form),
      end: async () => (await handle.result()) as StepEnd<WorksOutput>,
    };
    return site;
  };

  it('P2.3.4: from the permit over monthly certified progress to the report of completion', async () => {
    const site = await begin();
    await site.started();
    await site.complete('monthly-progress');
    await site.complete('progress-certificate');
    await engine.settled();
    expect(site.of('monthly-progress')).toHaveLength(0);
    await engine.advance('32d');
    await site.complete('monthly-progress');
    await site.complete('progress-certificate');
    await engine.settled();
    expect(site.of('completion-report')).toHaveLength(0);
    await site.complete('operator-completion');
    await site.complete('completion-report');
    const { output, documents } = await site.end();
    expect(output).toMatchObject({ approvedChangesFen: 0, paidFen: 0, moneyFindings: [] });
    expect([...new Set(documents.map(({ key }) => key))].sort()).toEqual([
      'construction-record',
      'material-tests',
      'start-order',
      'supervision-log',
    ]);
    expect(engine.record.fault()).toBeUndefined();
  });

  const audit = `${COUNTY}-audit`;
  const housing = `${COUNTY}-housing`;
  const finance = `${COUNTY}-finance`;
  const facts = ({ workflowId }: { workflowId: string }) =>
    (engine.record.nodes.get(workflowId) as unknown as { facts: Record<string, never> }).facts as unknown as {
      findings: { id: string; state: string }[];
      changes: { id: string; state: string }[];
      payments: { id: string; state: string }[];
      paidFen: number;
    };

  it('P5.2: the permit shows the items with safety first, and operators build at the same time', async () => {
    const site = await begin();
    const permit = await engine.task('construction-permit', site.which);
    expect(permit.context).toMatchObject({
      items: ['完善消防设施', '供水管网和设施设备改造', '配备体育健身设施'],
    });
    await site.started();
    const operator = await engine.task('operator-completion', site.which);
    expect(operator).toMatchObject({
      organisation: '371300-water',
      seat: { body: 'water', level: 'operator' },
    });
    expect(site.of('monthly-progress')).toHaveLength(1);
  });

  it('P4.5: the works are not reported complete before the operators have completed theirs', async () => {
    const site = await begin();
    await site.started();
    await site.certified(100);
    expect(site.of('completion-report')).toHaveLength(0);
    await site.complete('operator-completion');
    await site.complete('completion-report');
    expect((await site.end()).output).toBeDefined();
  });

  it('P2.3.4: the start is due three months after the permit, put off twice with consent, not a third time', async () => {
    const site = await begin();
    await engine.task('construction-permit', site.which);
    expect((await engine.refusalOf(site.act('start-extension', OWNER))).detail.refusals).toHaveLength(1);
    await site.complete('construction-permit');
    const dues: string[] = [];
    for (let extension = 0; extension < 2; extension += 1) {
      dues.push((await engine.task('construction-start', site.which)).due?.date ?? '');
      await site.act('start-extension', OWNER);
      await site.complete('start-extension-decision');
      await engine.settled();
    }
    const last = await engine.task('construction-start', site.which);
    dues.push(last.due?.date ?? '');
    expect(new Set(dues).size).toBe(3);
    expect([...dues].sort()).toEqual(dues);
    expect(last.due).toMatchObject({ basis: '建筑法 9', period: { months: 9 } });
    expect((await engine.refusalOf(site.act('start-extension', OWNER))).detail.refusals).toMatchObject([
      { clause: 'P2.3.4', basis: '建筑法 9' },
    ]);
    await engine.decide(last);
    await engine.task('monthly-progress', site.which);
  });

  it('P5.3: each month has its own report, due in the first days of the next', async () => {
    const site = await begin();
    await site.started();
    const months: string[] = [];
    for (const percent of [30, 60]) {
      const report = await engine.task('monthly-progress', site.which);
      const { month } = report.context as { month: string };
      months.push(month);
      expect((report.due?.date ?? '') > `${month}-31`).toBe(true);
      await site.certified(percent);
      expect(site.of('monthly-progress')).toHaveLength(0);
      await engine.advance('32d');
    }
    expect(new Set(months).size).toBe(2);
    const third = await engine.task('monthly-progress', site.which);
    expect(third.context).toMatchObject({ certified: 60 });
    expect((await engine.refusalOf(engine.decide(third, { percent: 59 }))).detail.refusals).toMatchObject([
      { clause: 'P2.3.4', path: 'percent' },
    ]);
  });

  it('P2.3.4: an open finding on quality holds back the report of completion until its finder closes it', async () => {
    const site = await begin();
    await site.started();
    const finding = { kind: 'quality', found: CONTRACTOR };
    expect((await engine.refusalOf(site.act('finding', CONTRACTOR, finding))).code).toBe('not-your-seat');
    await site.act('finding', SUPERVISOR, finding);
    await site.complete('operator-completion');
    await site.certified(100);
    expect(site.of('completion-report')).toHaveLength(0);
    const answer = await engine.task('finding-answer', site.which);
    expect(answer).toMatchObject({ organisation: CONTRACTOR, due: { period: { workingDays: 10 } } });
    await engine.decide(answer);
    const closure = await engine.task('finding-closure', site.which);
    expect(closure.organisation).toBe(SUPERVISOR);
    await engine.decide(closure, { accepted: false, remarks: '样例：仍有渗漏' });
    const again = await engine.task('finding-answer', site.which);
    expect(again.context).toMatchObject({ remarks: ['样例：仍有渗漏'] });
    await engine.decide(again);
    await site.complete('finding-closure');
    await site.complete('completion-report');
    expect((await site.end()).output?.moneyFindings).toEqual([]);
  });

  it('P2.3.4: a finding after the report was asked for refuses it, until it is closed', async () => {
    const site = await begin();
    await site.started();
    await site.complete('operator-completion');
    await site.certified(100);
    const report = await engine.task('completion-report', site.which);
    await site.act('finding', housing, { kind: 'safety', title: '样例：临边无防护', found: CONTRACTOR });
    await engine.settled();
    expect((await engine.refusalOf(engine.decide(report))).detail.refusals).toMatchObject([
      { clause: 'P2.3.4', message: '质量安全问题未销号：样例：临边无防护' },
    ]);
    await site.complete('finding-answer');
    await site.complete('finding-closure');
    await engine.settled();
    await engine.decide(report);
    expect((await site.end()).output).toBeDefined();
  });

  it('P2.3.4: audit follows along: its open finding on money goes on to the accounts and blocks nothing', async () => {
    const site = await begin();
    await site.started();
    await site.act('finding', audit, { kind: 'money', title: '样例：重复计量', found: OWNER });
    await site.complete('operator-completion');
    await site.certified(100);
    await site.complete('completion-report');
    const { output } = await site.end();
    expect(output?.moneyFindings).toEqual([
      { id: 'F1', title: '样例：重复计量', finder: audit, found: OWNER },
    ]);
    expect(engine.openTasks().filter(({ workflowId }) => workflowId === site.workflowId)).toHaveLength(0);
  });

  it.each([
    ['audit', '371300-audit'],
    ['housing', '371300-housing'],
  ])('P2.3.4: a disputed finding of county %s is decided by its superior, once', async (body, superior) => {
    const site = await begin();
    await site.started();
    await site.act('finding', `${COUNTY}-${body}`, { kind: 'other', found: CONTRACTOR });
    const dispute = { answer: 'disputed', text: '样例：不属合同范围', evidence: undefined };
    await site.complete('finding-answer', dispute);
    const decision = await engine.task('finding-dispute', site.which);
    expect(decision.organisation).toBe(superior);
    await engine.decide(decision, { upheld: true, opinion: '样例：应予整改' });
    const again = await engine.task('finding-answer', site.which);
    expect((await engine.refusalOf(engine.decide(again, dispute))).detail.refusals).toMatchObject([
      { path: 'answer' },
    ]);
    await engine.decide(again);
    await site.complete('finding-closure');
    await engine.eventually(() => facts(site).findings[0]?.state === 'closed', 'the closed finding');
  });

  it('P2.3.4: where the one found is the superior itself, the next one above decides, and may dismiss', async () => {
    const site = await begin({}, { 'project-owner': housing });
    await site.started();
    await site.act('finding', SUPERVISOR, { kind: 'safety', found: housing });
    await site.complete('finding-answer', { answer: 'disputed', text: '样例', evidence: undefined });
    const decision = await engine.task('finding-dispute', site.which);
    expect(decision.organisation).toBe('371300-housing');
    await engine.decide(decision);
    await engine.eventually(() => facts(site).findings[0]?.state === 'dismissed', 'the dismissed finding');
  });

  it('P2.3.4: an operator that builds its own answers for it, who has no part in the project is refused', async () => {
    const site = await begin();
    await site.started();
    const stranger = site.act('finding', SUPERVISOR, { found: '371300-gas' });
    expect((await engine.refusalOf(stranger)).detail.refusals).toMatchObject([
      { clause: 'P2.3.4', path: 'found' },
    ]);
    await site.act('finding', SUPERVISOR, { kind: 'safety', found: '371300-water' });
    const answer = await engine.task('finding-answer', site.which);
    expect(answer).toMatchObject({
      organisation: '371300-water',
      seat: { body: 'water', level: 'operator' },
    });
  });

  it('P2.3.4: a change within the estimate is the supervisor’s, over it development-and-reform and finance approve', async () => {
    const site = await begin();
    await site.started();
    await site.act('change', OWNER, { lot: 'L1', amountFen: 60_000_000 });
    await site.act('change', OWNER, { lot: 'L1', amountFen: 60_000_000 });
    await engine.eventually(() => site.of('change-review').length === 2, 'two reviews');
    // Each alone stays under the 90,000,000 fen that are left of the estimate; together they do not.
    for (const task of site.of('change-review')) await engine.decide(task);
    await engine.eventually(() => site.of('change-approval').length === 2, 'two bureaus');
    expect(
      site
        .of('change-approval')
        .map(({ organisation }) => organisation)
        .sort(),
    ).toEqual([`${COUNTY}-development-and-reform`, finance].sort());
    expect(site.of('change-approval')[0]?.context).toMatchObject({
      committedFen: 370_000_000,
      estimateFen: 400_000_000,
    });
    const [first, second] = site.of('change-approval');
    if (!first || !second) throw new Error('two tasks');
    await engine.decide(first);
    await engine.decide(second, { accepted: false, remarks: '样例：无资金来源' });
    await engine.eventually(
      () => facts(site).changes.length === 2 && facts(site).changes[1]?.state === 'refused',
      'the refusal',
    );
    await site.complete('operator-completion');
    await site.certified(100);
    await site.complete('completion-report');
    expect((await site.end()).output).toMatchObject({ approvedChangesFen: 60_000_000 });
  });

  it('P2.3.4: the works are not reported complete while a change is undecided', async () => {
    const site = await begin();
    await site.started();
    await site.act('change', OWNER);
    await site.complete('operator-completion');
    await site.certified(100);
    expect(site.of('completion-report')).toHaveLength(0);
    await site.complete('change-review', { accepted: false, remarks: '样例：不必要' });
    await site.complete('completion-report');
    expect((await site.end()).output?.approvedChangesFen).toBe(0);
  });

  it('P2.3.4: two payments asked for at the same time cannot exceed together what may be paid', async () => {
    const site = await begin();
    await site.started();
    const ask = (amountFen: number) => site.act('payment', OWNER, { lot: 'L1', amountFen });
    // The advance of 30,000,000 fen, before any progress.
    const both = await Promise.allSettled([ask(20_000_000), ask(20_000_000)]);
    const accepted = both.filter(
      (one) => one.status === 'fulfilled' && (one.value.data as { state: string }).state === 'requested',
    );
    expect(accepted).toHaveLength(1);
    expect((await engine.refusalOf(ask(10_000_001))).detail.refusals).toMatchObject([
      { clause: 'P2.3.4', path: 'amountFen', basis: '财建〔2004〕369号' },
    ]);
    await site.complete('payment-certificate', { amountFen: 15_000_000 });
    const pay = await engine.task('payment-confirmation', site.which);
    expect(pay).toMatchObject({ organisation: finance, context: { amountFen: 15_000_000 } });
    await engine.decide(pay);
    await engine.eventually(() => facts(site).paidFen === 15_000_000, 'the payment');
    await ask(15_000_000);
    await site.complete('payment-certificate', { accepted: false, remarks: '样例：资料不全' });
    await engine.eventually(
      () => facts(site).payments.some(({ state }) => state === 'refused'),
      'the refusal',
    );
    await ask(15_000_000);
  });

  it('P2.3.4: progress certified by the supervisor is what a payment goes by; the open tasks see it at once', async () => {
    const site = await begin();
    await site.started();
    await site.certified(50);
    // Half the advance is offset, 80 % of half the price is earned.
    const most = 15_000_000 + 120_000_000;
    expect(
      (await engine.refusalOf(site.act('payment', OWNER, { lot: 'L1', amountFen: most + 1 }))).code,
    ).toBe('rule-violated');
    await site.act('payment', OWNER, { lot: 'L1', amountFen: most });
    const certificate = await engine.task('payment-certificate', site.which);
    await site.act('change', OWNER, { lot: 'L1', amountFen: -100_000_000 });
    await site.complete('change-review');
    await engine.settled();
    expect((await engine.refusalOf(engine.decide(certificate))).detail.refusals).toMatchObject([
      { path: 'amountFen', clause: 'P2.3.4' },
    ]);
    await engine.decide(certificate, { amountFen: 95_000_000 });
    await site.complete('payment-confirmation');
    await engine.eventually(() => facts(site).paidFen === 95_000_000, 'the payment');
  });

  it('P2.3.4: a supervisor does not certify its own pay, and finance is not the one who certified', async () => {
    const site = await begin();
    await site.started();
    await site.certified(50);
    await site.act('payment', OWNER, { lot: 'L2', amountFen: 1_000_000 });
    const certificate = await engine.task('payment-certificate', site.which);
    expect(certificate.organisation).toBe(housing);
    await engine.decide(certificate);
    const pay = await engine.task('payment-confirmation', site.which);
    expect(pay.notBy).toEqual([`${OWNER}-1`, `${housing}-1`]);
    expect(pay.due).toMatchObject({ period: { days: 30 } });
  });

  it('P2.4.1: works turned back by the acceptance go on: no second start, all money kept, the reason shown', async () => {
    const before: WorksOutput = {
      startedOn: '2026-03-02',
      completedOn: '2026-10-30',
      approvedChangesFen: 5_000_000,
      paidFen: 100_000_000,
      moneyFindings: [],
      lots: [{ lot: 'L1', approvedChangesFen: 5_000_000, paidFen: 100_000_000 }],
    };
    const site = await begin({ before, remarks: '样例：屋面渗漏，返工' });
    const report = await engine.task('completion-report', site.which);
    expect(report.context).toMatchObject({ remarks: '样例：屋面渗漏，返工', startedOn: '2026-03-02' });
    await engine.decide(report);
    expect((await site.end()).output).toMatchObject({
      startedOn: '2026-03-02',
      approvedChangesFen: 5_000_000,
      paidFen: 100_000_000,
    });
  });

  it('P2.3.4: a payment still in hand at the end is not paid, and nothing of it can be decided any more', async () => {
    const site = await begin();
    await site.started();
    await site.act('payment', OWNER, { lot: 'L1', amountFen: 1_000_000 });
    const certificate = await engine.task('payment-certificate', site.which);
    await site.complete('operator-completion');
    await site.certified(100);
    await site.complete('completion-report');
    const { output } = await site.end();
    expect(output?.paidFen).toBe(0);
    expect(engine.record.tasks.get(certificate.id)?.status).toBe('closed');
    await expect(engine.decide(certificate)).rejects.toThrow();
  });
});
