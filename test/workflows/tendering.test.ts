import { resolve } from 'node:path';
import type { ContractsOutput } from '../../domain/outputs';
import type { StepEnd } from '../../workflows/step';
import { startEngine, type Engine } from './engine';
import { BINDINGS, planned, scheme } from './procurement';
import { PROJECT, sampleOrganisations, stepStart } from './sample';

describe('tendering', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'procurement.workflows.ts'),
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
});
