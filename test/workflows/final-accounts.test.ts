import type { AcceptanceOutput, AccountsOutput, WorksOutput } from '../../domain/outputs';
import { turnBackSignal } from '../../workflows/messages';
import {
  begin,
  BOUND,
  contracts,
  county,
  market,
  planOf,
  scheme,
  startAfterWorks,
  works,
} from './after-works';
import type { Engine } from './engine';
import { policy } from './sample';

const OVER = 330_000_000;

describe('final accounts', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startAfterWorks();
  });
  afterAll(() => engine.stop());

  const start = async (
    change: { works?: WorksOutput; contracts?: typeof contracts } = {},
    bindings = BOUND,
  ) => {
    const accepted: AcceptanceOutput = {
      acceptedOn: await engine.today(),
      residentsPresent: 3,
      operatorsPending: [],
    };
    const input = { planned: planOf([6]), scheme, contracts, works, accepted, ...change };
    return begin<AccountsOutput>(engine, 'finalAccounts', 'final-accounts', input, { bindings });
  };
  type Step = Awaited<ReturnType<typeof start>>;

  const settle = (step: Step): Promise<void> => step.answerAll(['settlement-review']);
  const refused = async (step: Step, kind: string, change: Record<string, unknown>) =>
    (await engine.refusalOf(engine.decide(await step.task(kind), change))).detail.refusals ?? [];

  it('P2.4.3: each contract has its own settlement review, due by the band of its amount', async () => {
    const [lot] = contracts;
    const amounts = [280_000_000, 1_500_000_000, 4_000_000_000, 9_000_000_000];
    const step = await start({
      contracts: amounts.map(
        (amountFen, i) => ({ ...lot, lot: `works-${i}`, amountFen }) as (typeof contracts)[0],
      ),
    });
    await step.task('settlement-review');
    const due = step.open().map(({ due: given }) => given);
    expect(due.map((one) => one?.period)).toEqual([{ days: 20 }, { days: 30 }, { days: 45 }, { days: 60 }]);
    expect(new Set(due.map((one) => one?.basis))).toEqual(
      new Set([policy.periods['settlement-review'].basis]),
    );
  });

  it('P2.4.3: a settlement above the price submitted, or unlike contract and changes without a reason, is refused', async () => {
    const step = await start({ works: { ...works, approvedChangesFen: 10_000_000 } });
    const task = await step.task('settlement-review');
    expect(task.context).toMatchObject({
      lot: 'works-1',
      contractFen: 280_000_000,
      approvedChangesFen: 10_000_000,
    });
    const attempt = async (change: Record<string, unknown>) =>
      (await engine.refusalOf(engine.decide(task, change))).detail.refusals;
    expect(await attempt({ settledFen: 290_000_001, reason: '样例' })).toMatchObject([
      { path: 'settledFen' },
    ]);
    expect(await attempt({ settledFen: 280_000_000 })).toMatchObject([{ path: 'reason', clause: 'P2.4.3' }]);
    expect(await attempt({ submittedOn: '2099-01-01' })).toMatchObject([{ path: 'submittedOn' }]);
    await engine.decide(task, { settledFen: 280_000_000, reason: '样例：核减重复计量' });
  });

  it('P2.4.3: the accounts agree with settlements, payments, funding and budget, or are refused', async () => {
    const step = await start();
    await settle(step);
    const source = (paidInFen: number, spentFen: number, reason?: string) => [
      { source: 'central', paidInFen: 200_000_000, spentFen: 200_000_000 },
      { source: 'county', paidInFen, spentFen, ...(reason === undefined ? {} : { reason }) },
    ];
    const paid = (first: number) => [
      { lot: 'works-1', paidFen: first },
      { lot: 'supervision-1', paidFen: 0 },
    ];
    for (const [change, path] of [
      [{ totalFen: 299_999_999 }, 'totalFen'],
      [{ paid: paid(199_999_999) }, 'paid'],
      [{ paid: paid(271_600_001) }, 'contracts.0.paidFen'],
      [{ paid: [{ lot: 'works-1', paidFen: 200_000_000 }] }, 'paid'],
      [{ sources: source(100_000_000, 100_000_000) }, 'sources.1.reason'],
      [{ sources: source(120_000_000, 120_000_001, '样例') }, 'sources.1.spentFen'],
      [{ sources: source(120_000_000, 100_000_000).slice(1) }, 'sources'],
      [{ otherCostsFen: 1_000_000, totalFen: 301_000_000 }, 'otherCostsNote'],
      [{ otherCostsFen: 30_000_000, totalFen: OVER, otherCostsNote: '样例' }, 'overBudgetApproval'],
    ] as const) {
      const found = await refused(step, 'final-accounts', change);
      expect(found.map((one) => one.path)).toContain(path);
      expect(found.every(({ clause }) => clause === 'P2.4.3')).toBe(true);
    }
    await step.complete('final-accounts', {
      otherCostsFen: 30_000_000,
      totalFen: OVER,
      otherCostsNote: '样例：设计、检测费',
      overBudgetApproval: 'sample-attachment',
    });
  });

  it('P2.4.3: per contract what was changed and paid during the works', async () => {
    const lots = [
      { lot: 'works-1', approvedChangesFen: -5_000_000, paidFen: 190_000_000 },
      { lot: 'supervision-1', approvedChangesFen: 1_000_000, paidFen: 10_000_000 },
    ];
    const step = await start({ works: { ...works, approvedChangesFen: -4_000_000, lots } });
    await settle(step);
    expect((await step.task('final-accounts')).context).toMatchObject({
      contracts: [
        { lot: 'works-1', settledFen: 275_000_000, paidFen: 190_000_000 },
        { lot: 'supervision-1', settledFen: 21_000_000, paidFen: 10_000_000 },
      ],
    });
  });

  it('P2.4.3: county finance sends the accounts back, and a settlement that it names is done again', async () => {
    const step = await start();
    await settle(step);
    await step.complete('final-accounts');
    for (const [change, path] of [
      [{ approved: false }, 'remarks'],
      [{ approved: true, lots: ['works-1'] }, 'lots'],
      [{ approved: false, remarks: '样例', lots: ['works-9'] }, 'lots'],
    ] as const) {
      expect(await refused(step, 'final-accounts-review', change)).toMatchObject([
        { path, clause: 'P2.4.3' },
      ]);
    }
    await step.complete('final-accounts-review', { approved: false, remarks: '样例：附件不清' });
    expect((await step.task('final-accounts')).context).toMatchObject({ remarks: '样例：附件不清' });
    await step.complete('final-accounts');
    await step.complete('final-accounts-review', {
      approved: false,
      remarks: '样例：重审',
      lots: ['works-1'],
    });
    await step.task('settlement-review');
    expect(step.open().map(({ context }) => (context as { lot?: string }).lot)).toEqual(['works-1']);
    await step.complete('settlement-review', { settledFen: 270_000_000, reason: '样例：核减' });
    await step.complete('final-accounts');
    await step.complete('final-accounts-review');
    const { output } = await step.end();
    expect(output).toMatchObject({ settledFen: 290_000_000, paidFen: 200_000_000 });
  });

  it('P2.4.3: whoever drew up the accounts does not review them, where finance is the owner itself', async () => {
    const step = await start({}, { ...BOUND, 'project-owner': county('finance') });
    await settle(step);
    const officer = { user: 'the-officer' };
    await engine.decide(await step.task('final-accounts'), {}, officer);
    const review = await step.task('final-accounts-review');
    expect((await engine.refusalOf(engine.decide(review, {}, officer))).code).toBe('not-your-seat');
    await engine.decide(review, {}, { user: 'another' });
    await step.end();
  });

  it('P2.4.3: three months, extended once by county finance to five; the owner is asked anew with the later date', async () => {
    const step = await start();
    await settle(step);
    const first = await step.task('final-accounts');
    expect(first.due).toMatchObject({ period: { months: 3 }, from: await engine.today() });
    await engine.act(step.workflowId, 'accounts-extension', market('project-owner'));
    const twice = await engine.refusalOf(
      engine.act(step.workflowId, 'accounts-extension', market('project-owner')),
    );
    expect(twice.detail.refusals).toMatchObject([{ clause: 'P2.4.3' }]);
    expect(await refused(step, 'accounts-extension-decision', { granted: false })).toMatchObject([
      { path: 'remarks' },
    ]);
    await step.complete('accounts-extension-decision');
    await engine.eventually(
      () => engine.record.tasks.get(first.id)?.status === 'closed',
      'the first to close',
    );
    const later = await step.task('final-accounts');
    expect(later.due).toMatchObject({
      period: { months: 5 },
      basis: policy.periods['final-accounts-extension'].basis,
    });
    await engine.decide(later);
    await step.complete('final-accounts-review');
    await step.end();
  });

  it('P2.4.3: an extension refused leaves the date, and one still asked for does not hold up the approved accounts', async () => {
    const refusedOne = await start();
    await settle(refusedOne);
    await engine.act(refusedOne.workflowId, 'accounts-extension', market('project-owner'));
    await refusedOne.complete('accounts-extension-decision', { granted: false, remarks: '样例：资料已齐' });
    expect((await refusedOne.task('final-accounts')).due).toMatchObject({ period: { months: 3 } });

    const step = await start();
    await settle(step);
    await engine.act(step.workflowId, 'accounts-extension', market('project-owner'));
    const decision = await step.task('accounts-extension-decision');
    await step.complete('final-accounts');
    await step.complete('final-accounts-review');
    await step.end();
    expect(engine.record.tasks.get(decision.id)).toMatchObject({ status: 'closed' });
  });

  it('P2.4.3: late accounts are accepted with a reason and marked as a breach', async () => {
    const step = await start();
    await settle(step);
    const task = await step.task('final-accounts');
    await engine.advance('120d');
    const late = await engine.refusalOf(engine.decide(task, {}, { noLateReason: true }));
    expect(late.detail.refusals).toMatchObject([{ path: 'lateReason', clause: 'P2.4.3' }]);
    await engine.decide(task);
    const done = engine.record
      .of(step.workflowId)
      .find(({ type, taskId }) => type === 'task-completed' && taskId === task.id);
    expect(done).toMatchObject({ data: { breach: policy.periods['final-accounts'].basis } });
  });

  it('P2.3.4: findings on money are closed by their finder before the step ends', async () => {
    const finding = {
      id: 'm1',
      title: '样例：多计工程量',
      finder: county('audit'),
      found: market('contractor'),
    };
    const step = await start({ works: { ...works, moneyFindings: [finding] } });
    await settle(step);
    await step.complete('final-accounts');
    await step.complete('final-accounts-review');
    await engine.eventually(
      () => step.types().includes('archive-supplement-sealed'),
      'the accounts to be sealed',
    );
    expect(step.open().map(({ kind, organisation }) => [kind, organisation])).toEqual([
      ['money-finding-closing', county('audit')],
    ]);
    await step.complete('money-finding-closing', { closed: false, opinion: '样例：未见退款凭证' });
    const remedy = await step.task('money-finding-remedy');
    expect(remedy).toMatchObject({
      organisation: market('contractor'),
      context: { opinion: '样例：未见退款凭证' },
    });
    await engine.decide(remedy);
    expect((await step.task('money-finding-closing')).context).toMatchObject({
      remedies: ['样例：已退回多付款项'],
    });
    await step.complete('money-finding-closing');
    await step.end();
  });

  it('P2.3.4: county audit stands in for a finder that holds no seat any more', async () => {
    const finding = { id: 'm1', title: '样例', finder: 'gone', found: market('project-owner') };
    const step = await start({ works: { ...works, moneyFindings: [finding] } });
    expect(await step.task('money-finding-closing')).toMatchObject({ organisation: county('audit') });
  });

  it('P2.4.4: the accounts join the archive as a supplement under their own checksum', async () => {
    const step = await start();
    await settle(step);
    await step.complete('final-accounts');
    await step.complete('final-accounts-review');
    const { documents } = await step.end();
    expect(documents.map(({ key }) => key)).toEqual([
      'settlement-report',
      'settlement-report',
      'final-accounts',
    ]);
    const sealed = engine.record.of(step.workflowId).find(({ type }) => type === 'archive-supplement-sealed');
    expect(sealed?.data).toMatchObject({ documents: 3, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('a return closes what is open, money findings included', async () => {
    const finding = { id: 'm1', title: '样例', finder: county('audit'), found: market('project-owner') };
    const step = await start({ works: { ...works, moneyFindings: [finding] } });
    await step.task('money-finding-closing');
    await step.task('settlement-review');
    expect(step.open()).toHaveLength(3);
    await step.handle.signal(turnBackSignal, { reason: '样例：退回验收', at: new Date().toISOString() });
    await step.handle.cancel();
    await engine.eventually(() => step.open().length === 0, 'all tasks closed');
    await engine.eventually(() => step.types().at(-1) === 'step-turned-back', 'its last event');
  });
});
