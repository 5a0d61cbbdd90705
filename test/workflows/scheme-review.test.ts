import { resolve } from 'node:path';
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
      workflowsPath: resolve(__dirname, 'procurement.workflows.ts'),
    });
  });
  afterAll(() => engine.stop());

  const begin = async (plan = planned()) => {
    const workflowId = `project/${PROJECT}/scheme-review/${(n += 1)}`;
    const start = stepStart('scheme-review', { planned: plan }, { bindings: BINDINGS });
    const handle = await engine.start('schemeReview', workflowId, [start]);
    return {
      workflowId,
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
});
