import type { HandoverOutput, ManagementMode, ManagementOutput } from '../../domain/outputs';
import { begin, BOUND, market, needs, startAfterWorks } from './after-works';
import type { Engine } from './engine';
import { community, COUNTY, place } from './sample';

const NEIGHBOURHOOD = `${COUNTY}-n1-neighbourhood`;
const SUBDISTRICT = `${COUNTY}-s1-subdistrict`;

describe('property management', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startAfterWorks();
  });
  afterAll(() => engine.stop());

  const start = async (
    mode: ManagementMode = 'professional',
    change: Partial<HandoverOutput> = {},
    places = [place('c1')],
    bindings = BOUND,
  ) => {
    const assets: HandoverOutput = {
      manager: market('property-manager'),
      interim: false,
      handedOverOn: await engine.today(),
      ...change,
    };
    const communities = places.map(({ community: id }) => community(id));
    const input = { needs: { ...needs, managementMode: mode }, assets, communities };
    return begin<ManagementOutput>(engine, 'propertyManagement', 'property-management', input, {
      places,
      bindings,
    });
  };
  type Running = Awaited<ReturnType<typeof start>>;
  const refused = async (step: Running, kind: string, change: Record<string, unknown>) =>
    (await engine.refusalOf(engine.decide(await step.task(kind), change))).detail.refusals ?? [];
  const evaluated = async (step: Running) => {
    await step.complete('county-evaluation');
    await step.complete('city-evaluation');
    return step.end();
  };

  it('P2.5.1: nothing goes on, and no project closes, before the mode that the residents chose is in force', async () => {
    const step = await start();
    const today = await engine.today();
    await engine.advance('30d');
    expect(step.open().map(({ kind }) => kind)).toEqual(['management-in-force']);
    for (const [change, path] of [
      [{ manager: NEIGHBOURHOOD }, 'manager'],
      [{ mode: 'neighbourhood', manager: NEIGHBOURHOOD }, 'mode'],
      [{ inForceOn: '2099-01-01' }, 'inForceOn'],
    ] as const) {
      expect(await refused(step, 'management-in-force', change)).toMatchObject([{ path, clause: 'P2.5.1' }]);
    }
    const bare = await engine.refusalOf(
      engine.decide(await step.task('management-in-force'), { documents: {} }),
    );
    expect(bare.detail.issues?.map(({ path }) => path)).toEqual(['documents.management-agreement']);
    await step.complete('management-in-force', { inForceOn: today });
  });

  it('P2.5.1: an interim manager does not do: a company must be in force, and holds the seat from then on', async () => {
    const step = await start('professional', { manager: NEIGHBOURHOOD, interim: true });
    expect(await refused(step, 'management-in-force', { manager: NEIGHBOURHOOD })).toMatchObject([
      { path: 'manager', clause: 'P2.5.1' },
    ]);
    await step.complete('management-in-force');
    await step.complete('management-subsidy');
    await step.complete('satisfaction-survey');
    const { bindings } = await evaluated(step);
    expect(bindings).toEqual({ 'property-manager': market('property-manager') });
  });

  it('P2.5.1: another mode needs the consent of the residents', async () => {
    const step = await start('professional', { manager: NEIGHBOURHOOD, interim: true });
    await step.complete('management-in-force', {
      mode: 'neighbourhood',
      manager: NEIGHBOURHOOD,
      modeChange: 'sample-attachment',
    });
    await step.complete('management-subsidy');
    await step.complete('satisfaction-survey');
    expect((await evaluated(step)).output.mode).toBe('neighbourhood');
  });

  it('P2.5.2: the subsidy may be nothing, with its reason', async () => {
    const step = await start('subdistrict', { manager: SUBDISTRICT });
    await step.complete('management-in-force');
    expect(await refused(step, 'management-subsidy', { reason: undefined })).toMatchObject([
      { path: 'reason', clause: 'P2.5.2' },
    ]);
    await step.complete('management-subsidy');
    await step.complete('satisfaction-survey');
    expect((await evaluated(step)).output).toMatchObject({ mode: 'subdistrict', subsidyFen: 0 });
  });

  it('P5.4.2: a tally of nobody asked, of more than there are, or more satisfied than asked is refused', async () => {
    const step = await start();
    await step.complete('management-in-force');
    for (const [change, path] of [
      [{ asked: 0, satisfied: 0 }, 'asked'],
      [{ asked: 121 }, 'asked'],
      [{ asked: 50, satisfied: 51 }, 'satisfied'],
    ] as const) {
      expect(await refused(step, 'satisfaction-survey', change)).toMatchObject([{ path, clause: 'P5.4.2' }]);
    }
  });

  it('P5.4.2: satisfaction is counted community by community and summed', async () => {
    const step = await start('subdistrict', { manager: SUBDISTRICT }, [place('c1'), place('c2', 2)]);
    const second = `${COUNTY}-s2-subdistrict`;
    await step.answerAll(['management-in-force'], { [second]: { manager: second } });
    await step.complete('management-subsidy');
    const one = await step.task('satisfaction-survey', NEIGHBOURHOOD);
    expect(one.community).toBe('c1');
    await engine.decide(one, { asked: 100, satisfied: 80 });
    await step.complete('satisfaction-survey', { asked: 60, satisfied: 60 });
    expect((await evaluated(step)).output.satisfaction).toEqual({ asked: 160, satisfied: 140 });
  });

  it('P5.4.2: county then city evaluate consultation, plan, effect and satisfaction; the city explains a difference', async () => {
    const step = await start();
    await step.complete('management-in-force');
    await step.complete('management-subsidy');
    await step.complete('satisfaction-survey');
    for (const [change, path] of [
      [{ effect: 'failed', remarks: '样例' }, 'overall'],
      [{ effect: 'failed', overall: 'passed' }, 'remarks'],
    ] as const) {
      expect(await refused(step, 'county-evaluation', change)).toMatchObject([{ path, clause: 'P5.4.2' }]);
    }
    await step.complete('county-evaluation');
    const city = await step.task('city-evaluation');
    expect(city.context).toMatchObject({
      county: { overall: 'good' },
      satisfaction: { asked: 120, satisfied: 114 },
    });
    expect(await refused(step, 'city-evaluation', { overall: 'passed' })).toMatchObject([
      { path: 'remarks' },
    ]);
    await step.complete('city-evaluation', { overall: 'passed', remarks: '样例：绿化养护不足' });
    expect((await step.end()).output.evaluation).toBe('passed');
  });

  it('P2.5.1: management in force late is accepted as a breach, never refused', async () => {
    const step = await start();
    const task = await step.task('management-in-force');
    await engine.advance('60d');
    await engine.decide(task);
    expect(engine.record.tasks.get(task.id)?.outcome?.lateReason).toBeDefined();
  });

  it('P2.5.1: a company that is registered while an interim manager stands in can be put in force at once', async () => {
    const { organisations } = engine.briefing;
    const company = organisations.find(({ bodies }) => bodies.includes('property-manager'));
    if (!company) throw new Error('no company in the sample');
    organisations.splice(organisations.indexOf(company), 1);
    const step = await start('professional', { manager: NEIGHBOURHOOD, interim: true });
    expect(
      await refused(step, 'management-in-force', { mode: 'professional', manager: company.id }),
    ).toMatchObject([{ path: 'manager', clause: 'P2.5.1' }]);
    organisations.push(company);
    await step.handle.signal('briefingChanged');
    const task = await engine.eventually(
      () =>
        step
          .open()
          .find(({ context }) =>
            (context as { candidates: { id: string }[] }).candidates.some(({ id }) => id === company.id),
          ),
      'the company among the candidates',
    );
    await engine.decide(task, { mode: 'professional', manager: company.id, modeChange: undefined });
    await step.task('management-subsidy');
  });
});
