import { MOST_COMMUNITIES } from '../../domain/project';
import { startEngine, type Engine } from './engine';
import { beginProject, openPlan, YEAR } from './lives';
import { community, COUNTY, sampleOrganisations } from './sample';

/** From here on the engine asks a workflow to continue as new. */
const SUGGESTED_EVENTS = 4_096;
/** A project begins with its needs collection and has one workflow for each step after it. */
const FEWEST_WORKFLOWS = 8;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ organisations: sampleOrganisations() });
});
afterAll(() => engine.stop());

it('P1.4: the fullest life, of as many communities as one project may have, stays far below what the engine bears', async () => {
  await openPlan(engine, YEAR);
  const communities = Array.from({ length: MOST_COMMUNITIES }, (_, n) => community(`full${n}`));
  const { workflowId, ended } = await beginProject(engine, {
    projectId: `${COUNTY}-${YEAR}-0001`,
    communities,
  });
  await engine.everybodyActs(ended);
  const lives = [...engine.record.origins.keys()].filter((id) => id.startsWith(workflowId));
  expect(lives.length).toBeGreaterThanOrEqual(FEWEST_WORKFLOWS);
  const lengths = await Promise.all(
    lives.map(async (id) => {
      const { events } = await engine.env.client.workflow.getHandle(id).fetchHistory();
      return { id, events: events?.length ?? 0 };
    }),
  );
  expect(lengths.filter(({ events }) => events > SUGGESTED_EVENTS / 4)).toEqual([]);
}, 240_000);
