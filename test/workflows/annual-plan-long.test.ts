/** All tests of the year's plan once more, what may go on in a further run doing so every twenty events. */
import './going-on-often';
import './annual-plan.test';
import { readySignal } from '../../workflows/messages';
import { startEngine, type Engine } from './engine';
import { candidate, openPlan, YEAR } from './lives';
import { COUNTY, sampleOrganisations } from './sample';

const PLAN = `plan/${YEAR}`;
const SUBMISSION = `submission/${YEAR}-${COUNTY}`;

describe('a county’s list with a long life', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ organisations: sampleOrganisations() });
  });
  afterAll(() => engine.stop());

  it('P2.1.4 P2.2.1: is one list and one record, wherever it went on: while it was prepared, submitted, reviewed and concluded', async () => {
    await openPlan(engine);
    const runs = new Set<number>();
    const goesOn = async (): Promise<void> => {
      await engine.settled();
      runs.add(await engine.runsOf(SUBMISSION));
    };
    for (let n = 1; n <= 9; n += 1) {
      await engine.handle(SUBMISSION).signal(readySignal, candidate(n));
      await goesOn();
      if (n % 3 !== 0) continue;
      await engine.complete('county-list');
      await goesOn();
      await engine.complete('county-submission');
      await goesOn();
    }
    await engine.advanceTo('2027-10-01');
    await goesOn();
    for (let bureau = 0; bureau < 3; bureau += 1) {
      await engine.complete('joint-review');
      await goesOn();
    }
    await engine.complete('review-conclusion');
    await goesOn();
    await engine.advanceTo('2027-12-01');
    expect((await engine.task('municipal-approval')).context).toMatchObject({ projects: 9 });
    await engine.complete('municipal-approval');
    for (let bureau = 0; bureau < 3; bureau += 1) await engine.complete('joint-signature');
    await engine.complete('document-issue');
    await goesOn();
    expect(runs.size).toBeGreaterThan(5);
    expect(engine.record.faultIn(SUBMISSION)).toBeUndefined();
    const told = engine.record.types(SUBMISSION);
    const times = (type: string): number => told.filter((one) => one === type).length;
    expect(
      Object.fromEntries(['step-opened', 'project-ready', 'step-done'].map((type) => [type, times(type)])),
    ).toEqual({
      'step-opened': 1,
      'project-ready': 9,
      'step-done': 1,
    });
    expect(times('projects-submitted')).toBe(3);

    // The plan waits for its counties in one run, and goes on in another once none is open.
    expect(await engine.runsOf(PLAN)).toBeGreaterThan(1);
    await engine.advanceTo('2029-01-02');
    expect(engine.record.nodes.get(PLAN)).toMatchObject({ phase: 'closed' });
    expect(engine.record.faultIn(PLAN)).toBeUndefined();
    expect(engine.record.types(PLAN).filter((type) => type === 'plan-opened')).toHaveLength(1);
  }, 120_000);
});
