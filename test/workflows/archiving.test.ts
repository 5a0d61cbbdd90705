import type { AcceptanceOutput, ArchiveOutput } from '../../domain/outputs';
import type { Step } from '../../policy/keys';
import { requiredDocuments } from '../../domain/completeness';
import { projectTraits } from '../../domain/traits';
import { begin, BOUND, contracts, county, market, planOf, scheme, startAfterWorks } from './after-works';
import type { Engine } from './engine';
import { policy } from './sample';

const STEPS: readonly Step[] = [
  'needs-collection',
  'preliminary-plan',
  'public-notice',
  'joint-document',
  'scheme-review',
  'tendering',
  'construction',
  'completion-acceptance',
];
const ATTACHMENT = 'sample-attachment';

describe('archiving', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startAfterWorks();
  });
  afterAll(() => engine.stop());

  const start = async (change: Record<string, unknown> = {}, bindings = BOUND, pending: string[] = []) => {
    const accepted: AcceptanceOutput = {
      acceptedOn: await engine.today(),
      residentsPresent: 3,
      operatorsPending: pending,
    };
    const input = {
      planned: planOf([6]),
      scheme,
      contracts,
      accepted,
      documents: [],
      from: 'needs-collection',
      accounts: false,
      ...change,
    };
    return begin<ArchiveOutput>(engine, 'archiving', 'archiving', input, { bindings });
  };
  type Running = Awaited<ReturnType<typeof start>>;
  const asked = async (step: Running): Promise<string[]> =>
    ((await step.task('archive-assembly')).context as { missing: { key: string }[] }).missing.map(
      ({ key }) => key,
    );

  /** What all steps before leave behind in this project. */
  const whole = (planned = planOf([6]), of = contracts) => {
    const traits = projectTraits(planned.plan, scheme, of, policy);
    return STEPS.flatMap((step) =>
      requiredDocuments(step, traits, policy).map(({ key }) => ({ step, key, attachment: ATTACHMENT })),
    );
  };

  it('P2.4.4: with every required document filed nothing is asked for, and the whole is sealed', async () => {
    const documents = whole();
    const step = await start({ documents });
    expect(await asked(step)).toEqual([]);
    await step.complete('archive-assembly');
    await step.complete('archive-check');
    const { output } = await step.end();
    expect(output).toMatchObject({ documents: documents.length, sealedOn: await engine.today() });
  });

  it('P2.4.4: exactly the documents that are missing are asked for, and an assembly without one of them is refused', async () => {
    const documents = whole().filter(({ key }) => key !== 'contracts' && key !== 'warranty');
    const step = await start({ documents });
    expect(await asked(step)).toEqual(['tendering.contracts', 'completion-acceptance.warranty']);
    const task = await step.task('archive-assembly');
    const without = await engine.refusalOf(
      engine.decide(task, { documents: { 'tendering.contracts': ATTACHMENT } }),
    );
    expect(without.detail.issues?.map(({ path }) => path)).toEqual([
      'documents.completion-acceptance.warranty',
    ]);
    const surplus = await engine.refusalOf(
      engine.decide(task, {
        documents: {
          'tendering.contracts': ATTACHMENT,
          'completion-acceptance.warranty': ATTACHMENT,
          'handover.handover-list': ATTACHMENT,
        },
      }),
    );
    expect(surplus.code).toBe('invalid-request');
    await engine.decide(task);
    await step.complete('archive-check');
    expect((await step.end()).output.documents).toBe(documents.length + 2);
  });

  it.each([
    [
      'a tender',
      { contracts: contracts.map((one) => ({ ...one, way: 'tender' })) },
      'tendering.tender-documents',
    ],
    ['a survey', { scheme: { ...scheme, surveyor: market('surveyor') } }, 'scheme-review.survey-report'],
    ['ordinary formalities', { scheme: { ...scheme, formalities: ['环评'] } }, 'scheme-review.formalities'],
    ['an elevator', { planned: planOf([28]) }, 'completion-acceptance.elevator-inspection'],
    ['operators', { planned: planOf([1]) }, 'completion-acceptance.operator-acceptance'],
  ])('P2.4.4: a project with %s owes its documents, one without does not', async (_, change, key) => {
    expect(await asked(await start(change))).toContain(key);
    expect(await asked(await start())).not.toContain(key);
  });

  it('P2.4.4: an operator that accepts later does not hold up the archive', async () => {
    const step = await start({ planned: planOf([1]) }, BOUND, [market('water')]);
    expect(await asked(step)).not.toContain('completion-acceptance.operator-acceptance');
  });

  it('P2.4.4: the accounts are waited for by nobody, and asked for only where they are finished', async () => {
    expect((await asked(await start())).filter((key) => key.startsWith('final-accounts'))).toEqual([]);
    expect(await asked(await start({ accounts: true }))).toContain('final-accounts.final-accounts');
  });

  it('P2.4.4: steps done on paper before an intake owe what the intake brought', async () => {
    const paper = [{ step: 'tendering', key: '施工合同（纸质）', attachment: ATTACHMENT }];
    const step = await start({ from: 'completion-acceptance', documents: paper });
    const keys = await asked(step);
    expect(new Set(keys.map((key) => key.split('.')[0]))).toEqual(new Set(['completion-acceptance']));
    await step.complete('archive-assembly');
    const check = await step.task('archive-check');
    expect(check.context).toMatchObject({
      documents: expect.arrayContaining([
        { key: 'tendering.施工合同（纸质）', name: 'tendering.施工合同（纸质）' },
      ]),
    });
  });

  it('P2.4.4: county housing sends documents back, exactly these are brought anew, then it is sealed', async () => {
    const step = await start({ documents: whole() });
    await step.complete('archive-assembly');
    const check = await step.task('archive-check');
    for (const [change, path] of [
      [{ usable: false }, 'usable'],
      [{ returned: ['tendering.contracts'] }, 'returned'],
      [{ passed: false }, 'remarks'],
      [{ passed: false, remarks: '样例', returned: ['tendering.unknown'] }, 'returned'],
    ] as const) {
      const { detail } = await engine.refusalOf(engine.decide(check, change));
      expect(detail.refusals).toMatchObject([{ path, clause: 'P2.4.4' }]);
    }
    const back = { passed: false, remarks: '样例：合同缺页', returned: ['tendering.contracts'] };
    await engine.decide(check, back);
    expect(await asked(step)).toEqual(['tendering.contracts']);
    await step.complete('archive-assembly', { documents: { 'tendering.contracts': 'another-attachment' } });
    await step.complete('archive-check');
    const { output, documents } = await step.end();
    expect(output.documents).toBe(whole().length);
    expect(documents).toEqual([
      { step: 'archiving', key: 'tendering.contracts', attachment: 'another-attachment' },
    ]);
  });

  it('P2.4.4: what an earlier round of archiving brought is not asked for again', async () => {
    const documents = [
      ...whole().filter(({ key }) => key !== 'contracts'),
      { step: 'archiving', key: 'tendering.contracts', attachment: ATTACHMENT },
    ];
    expect(await asked(await start({ documents }))).toEqual([]);
  });

  it('P2.4.4: another officer checks where county housing is itself the owner', async () => {
    const step = await start({}, { ...BOUND, 'project-owner': county('housing') });
    const officer = { user: 'the-officer' };
    await engine.decide(await step.task('archive-assembly'), {}, officer);
    const check = await step.task('archive-check');
    expect((await engine.refusalOf(engine.decide(check, {}, officer))).code).toBe('not-your-seat');
    await engine.decide(check, {}, { user: 'another' });
    await step.end();
  });

  it('P2.4.4: due three months after acceptance; late, it is accepted as a breach', async () => {
    const step = await start();
    const task = await step.task('archive-assembly');
    expect(task.due).toMatchObject({ period: { months: 3 }, basis: policy.periods.archiving.basis });
    await engine.advance('100d');
    expect(
      (await engine.refusalOf(engine.decide(task, {}, { noLateReason: true }))).detail.refusals,
    ).toMatchObject([{ path: 'lateReason', clause: 'P2.4.4' }]);
    await engine.decide(task);
    expect(engine.record.tasks.get(task.id)?.outcome?.lateReason).toBeDefined();
  });

  it('P2.4.4: the seal depends on every document', async () => {
    const seal = async (attachment: string): Promise<string> => {
      const documents = whole().map((one) => (one.key === 'contracts' ? { ...one, attachment } : one));
      const step = await start({ documents });
      await step.complete('archive-assembly');
      await step.complete('archive-check');
      return (await step.end()).output.sha256;
    };
    expect(await seal('contract-one')).not.toBe(await seal('contract-two'));
  });
});
