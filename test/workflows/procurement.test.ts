import type { ContractsOutput, SchemeOutput, WorksOutput } from '../../domain/outputs';
import type { Bindings } from '../../domain/seats';
import type { StepEnd } from '../../workflows/step';
import { startEngine, type Engine } from './engine';
import { BINDINGS, planned } from './procurement';
import { PROJECT, sampleOrganisations, stepStart } from './sample';

describe('from scheme review to completion', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
    });
  });
  afterAll(() => engine.stop());

  /** Posts every task's own example, and lets time pass when nothing is open. */
  const walk = async <Output>(
    step: 'scheme-review' | 'tendering' | 'construction',
    type: string,
    round: number,
    input: unknown,
    bindings: Bindings,
  ): Promise<StepEnd<Output>> => {
    const workflowId = `project/${PROJECT}/${step}/${round}`;
    const handle = await engine.start(type, workflowId, [stepStart(step, input, { bindings, round })]);
    const ended = () => engine.record.types(workflowId).includes('step-done');
    for (let idle = 0; !ended() && idle < 60;) {
      const open = engine.openTasks().filter((task) => task.workflowId === workflowId);
      for (const task of open) await engine.decide(engine.record.tasks.get(task.id) ?? task);
      await engine.settled();
      if (open.length === 0 && !ended()) {
        await engine.advance('4d');
        idle += 1;
      }
    }
    return (await handle.result()) as StepEnd<Output>;
  };

  it.each([
    ['small', 1, 251_600_000, 'consultation'],
    ['large', 2, 2_000_000_000, 'tender'],
  ] as const)(
    'P2.3.1 P2.3.3 P2.3.4 P4.5: examples alone bring a %s project with all utilities from its scheme to completion',
    async (_, round, budgetFen, way) => {
      const all = planned([1, 2, 3, 4, 5, 6, 11, 12, 24, 28, 31], budgetFen);
      const scheme = await walk<SchemeOutput>(
        'scheme-review',
        'schemeReview',
        round,
        { planned: all },
        BINDINGS,
      );
      const named = { ...BINDINGS, ...scheme.bindings };
      const input = { planned: all, scheme: scheme.output };
      const bought = await walk<ContractsOutput>('tendering', 'tendering', round, input, named);
      expect(bought.output?.contracts.map((contract) => contract.way)).toEqual([
        way,
        'consultation',
        ...Array<string>(8).fill('operator'),
      ]);
      const works = await walk<WorksOutput>(
        'construction',
        'construction',
        round,
        { ...input, ...bought.output },
        { ...named, ...bought.bindings },
      );
      expect(works.output).toMatchObject({ approvedChangesFen: 0, moneyFindings: [] });
      expect(engine.record.fault()).toBeUndefined();
    },
  );
});
