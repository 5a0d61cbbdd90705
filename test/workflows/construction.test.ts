import { resolve } from 'node:path';
import type { WorksOutput } from '../../domain/outputs';
import type { StepEnd } from '../../workflows/step';
import { startEngine, type Engine } from './engine';
import { BINDINGS, contracts, planned, scheme } from './procurement';
import { COUNTY, PROJECT, sampleOrganisations, stepStart } from './sample';

const OWNER = '371300-project-owner';
const SUPERVISOR = '371300-supervisor';
const CONTRACTOR = '371300-contractor';

describe('construction', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'procurement.workflows.ts'),
    });
  });
  afterAll(() => engine.stop());

  const begin = async (change: Record<string, unknown> = {}) => {
    const workflowId = `project/${PROJECT}/construction/${(n += 1)}`;
    const input = { planned: planned(), scheme: scheme(), contracts, ...change };
    const bindings = {
      ...BINDINGS,
      designer: '371300-designer',
      contractor: CONTRACTOR,
      supervisor: SUPERVISOR,
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
});
void COUNTY;
void OWNER;
