import { resolve } from 'node:path';
import { recordStateQuery } from '../../workflows/messages';
import { startEngine, type Engine } from './engine';
import { sampleOrganisations, stepStart } from './sample';

const context = { act: 'withdrawal', title: '撤回', reason: '样例', form: {}, by: '371302-housing' };

describe('the signed end of a chain', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'desk.workflows.ts'),
      cachedWorkflows: 0,
    });
  });
  afterAll(() => engine.stop());

  it('P5.1.2: is the same to the workflow that is led from its history again as in the record', async () => {
    for (let n = 1; n <= 12; n += 1) {
      const workflowId = `project/371302-2028-0009/consent/${n}`;
      const seats = [{ body: 'housing', level: 'city' }];
      const handle = await engine.start('consent', workflowId, [
        stepStart('control', { seats, context, notBy: [] }),
      ]);
      await engine.complete('control-consent', {}, { workflowId });
      // Not by its result: awaiting that may skip ten years.
      const last = await engine.eventually(
        () => engine.record.of(workflowId).find(({ type }) => type === 'step-done'),
        'the signed end',
      );
      expect(engine.record.of(workflowId).at(-1)).toEqual(last);
      const { head } = (await handle.query(recordStateQuery)) as { head: unknown };
      expect(head).toEqual({ seq: last.seq, hash: last.hash });
    }
    expect(engine.record.fault()).toBeUndefined();
  });
});
