import { resolve } from 'node:path';
import { olderBundle } from '../support/older-code';
import { startEngine, type Engine } from './engine';
import { beginProject, openPlan } from './lives';
import { sampleOrganisations } from './sample';

const CACHE = resolve(__dirname, '../../.data/cache');

describe('projects that an earlier version has begun', () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await startEngine({ organisations: sampleOrganisations(), codePath: olderBundle(CACHE) });
  });
  afterEach(() => engine.stop());

  it('P1.4: a project that an earlier version has brought to its notice is completed by this one, its record whole', async () => {
    await openPlan(engine);
    const { at, ended, node } = await beginProject(engine);
    await engine.everybodyActs(at('public-notice'));
    await engine.upgrade();
    await engine.everybodyActs(ended);
    expect(node()).toMatchObject({ status: 'completed' });
    expect(engine.record.fault()).toBeUndefined();
  }, 150_000);
});
