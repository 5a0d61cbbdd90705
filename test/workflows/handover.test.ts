import { sameDayMonthsLater } from '../../domain/calendar';
import type { HandoverOutput, NeedsOutput } from '../../domain/outputs';
import { turnBackSignal } from '../../workflows/messages';
import { begin, BOUND, county, market, needs, planOf, startAfterWorks } from './after-works';
import type { Engine } from './engine';
import { community, COUNTY, place } from './sample';

const NEIGHBOURHOOD = `${COUNTY}-n1-neighbourhood`;
const SUBDISTRICT = `${COUNTY}-s1-subdistrict`;

describe('handover', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startAfterWorks();
  });
  afterAll(() => engine.stop());

  const start = async (
    items: readonly number[] = [6],
    change: {
      needs?: NeedsOutput;
      pending?: string[];
      places?: ReturnType<typeof place>[];
      owner?: string;
    } = {},
  ) => {
    const places = change.places ?? [place('c1')];
    const ids = places.map(({ community: id }) => id);
    const input = {
      planned: planOf(items, ids),
      needs: change.needs ?? needs,
      accepted: {
        acceptedOn: await engine.today(),
        residentsPresent: 3,
        operatorsPending: change.pending ?? [],
      },
      communities: ids.map((id) => community(id)),
    };
    const bindings = { ...BOUND, 'project-owner': change.owner ?? market('project-owner') };
    return begin<HandoverOutput>(engine, 'handover', 'handover', input, { places, bindings });
  };
  type Running = Awaited<ReturnType<typeof start>>;
  const refused = async (step: Running, kind: string, change: Record<string, unknown>) =>
    (await engine.refusalOf(engine.decide(await step.task(kind), change))).detail.refusals ?? [];

  it('P2.4.5: the manager is of the mode that the residents chose, or the neighbourhood in the interim, with a reason', async () => {
    const step = await start();
    for (const [change, path] of [
      [{ manager: NEIGHBOURHOOD }, 'manager'],
      [{ manager: 'unknown-company' }, 'manager'],
      [{ manager: NEIGHBOURHOOD, interim: true }, 'reason'],
      [{ manager: SUBDISTRICT, interim: true, reason: '样例' }, 'interim'],
    ] as const) {
      expect(await refused(step, 'manager-recording', change)).toMatchObject([{ path, clause: 'P2.4.5' }]);
    }
    await step.complete('manager-recording', {
      manager: NEIGHBOURHOOD,
      interim: true,
      reason: '样例：正在选聘',
    });
    await step.complete('handover-list');
    expect(await step.task('handover-acceptance')).toMatchObject({ organisation: NEIGHBOURHOOD });
    await step.complete('handover-acceptance');
    const { output, bindings } = await step.end();
    expect(output).toMatchObject({ manager: NEIGHBOURHOOD, interim: true });
    expect(bindings).toEqual({ 'property-manager': NEIGHBOURHOOD });
  });

  it.each([
    ['subdistrict', SUBDISTRICT],
    ['neighbourhood', NEIGHBOURHOOD],
  ] as const)(
    'P2.5.1: unified management by the %s is recorded as chosen',
    async (managementMode, manager) => {
      const step = await start([6], { needs: { ...needs, managementMode } });
      expect(await refused(step, 'manager-recording', { manager: market('property-manager') })).toMatchObject(
        [{ path: 'manager' }],
      );
      await step.complete('manager-recording');
      await step.complete('handover-list');
      expect(await step.task('handover-acceptance')).toMatchObject({ organisation: manager });
    },
  );

  it('P2.4.5: every chosen item is listed, and nothing that was not chosen', async () => {
    const step = await start([6, 8]);
    await step.complete('manager-recording');
    const asset = (item: number) => ({ item, name: '样例', receiver: market('property-manager') });
    expect(await refused(step, 'handover-list', { assets: [asset(6)] })).toMatchObject([
      { path: 'assets', clause: 'P2.4.5' },
    ]);
    expect(await refused(step, 'handover-list', { assets: [asset(6), asset(8), asset(9)] })).toMatchObject([
      { path: 'assets.2.item', clause: 'P2.4.5' },
    ]);
  });

  it('P4.5: utility assets go to their operators, who accept with a signed agreement', async () => {
    const step = await start([1, 6]);
    await step.complete('manager-recording');
    const asset = (item: number, receiver: string) => ({ item, name: '样例', receiver });
    const wrong = [asset(1, market('property-manager')), asset(6, market('property-manager'))];
    expect(await refused(step, 'handover-list', { assets: wrong })).toMatchObject([
      { path: 'assets.0.receiver', clause: 'P4.5' },
    ]);
    await step.complete('handover-list');
    expect(await refused(step, 'utility-handover', { documents: undefined })).toMatchObject([
      { path: 'documents', clause: 'P4.5' },
    ]);
    const water = await step.task('utility-handover', market('water'));
    expect(water.context).toMatchObject({ assets: [{ item: 1 }] });
    await engine.decide(water);
    await step.complete('handover-acceptance', {}, market('property-manager'));
    const { documents } = await step.end();
    expect(documents.map(({ key }) => key).sort()).toEqual(['handover-list', 'utility-handover']);
  });

  it('P2.4.5: what a receiver refuses is listed anew, and only those whose list changed are asked again', async () => {
    const step = await start([1, 6]);
    await step.complete('manager-recording');
    await step.complete('handover-list');
    await step.complete('utility-handover');
    expect(await refused(step, 'handover-acceptance', { accepted: false })).toMatchObject([
      { path: 'remarks' },
    ]);
    await step.complete('handover-acceptance', { accepted: false, remarks: '样例：缺少围墙' });
    const again = await step.task('handover-list');
    expect(again.context).toMatchObject({
      refused: [{ receiver: market('property-manager'), remarks: '样例：缺少围墙' }],
    });
    await engine.decide(again);
    await step.complete('handover-acceptance');
    await step.end();
    const asked = [...engine.record.tasks.values()].filter(
      ({ workflowId }) => workflowId === step.workflowId,
    );
    expect(asked.filter(({ kind }) => kind === 'utility-handover')).toHaveLength(1);
    expect(asked.filter(({ kind }) => kind === 'handover-acceptance')).toHaveLength(2);
  });

  it('P2.4.2: operators that have not accepted yet do so before anything is listed', async () => {
    const step = await start([1, 6], { pending: [market('water')] });
    await step.complete('manager-recording');
    const late = await step.task('operator-acceptance', market('water'));
    await engine.settled();
    expect(step.open().map(({ kind }) => kind)).toEqual(['operator-acceptance']);
    await engine.decide(late, { accepted: false, defects: ['样例：水表井渗漏'], documents: undefined });
    await step.complete('acceptance-rectification', {}, market('contractor'));
    await step.complete('operator-acceptance');
    await step.complete('handover-list');
  });

  const tally = (agreeingArea: number, agreeingOwners: number) => ({
    totalArea: 10_000,
    totalOwners: 100,
    agreeingArea,
    agreeingOwners,
  });

  it('P4.5: heating goes to the heat company only with more than half of area and of owners', async () => {
    for (const [change, receiver] of [
      [tally(5_000.01, 51), market('heating')],
      [tally(5_000, 51), market('property-manager')],
      [tally(5_000.01, 50), market('property-manager')],
    ] as const) {
      const step = await start([5, 6]);
      await step.complete('manager-recording');
      await step.complete('heating-tally', change);
      expect((await step.task('handover-list')).context).toMatchObject({
        items: [{ no: 5, receivers: [receiver] }, { no: 6 }],
      });
    }
  });

  it('P4.5: a heating tally with more agreeing than there are is refused, citing 临沂市供热条例 11', async () => {
    const step = await start([5]);
    for (const [change, path] of [
      [tally(10_000.01, 51), 'agreeingArea'],
      [tally(6_000, 101), 'agreeingOwners'],
      [{ totalOwners: 0, agreeingOwners: 0 }, 'totalOwners'],
    ] as const) {
      expect(await refused(step, 'heating-tally', change)).toMatchObject([
        { path, clause: 'P4.5', basis: '临沂市供热条例 11' },
      ]);
    }
  });

  it('P4.5: heating of two communities that decided differently goes to both', async () => {
    const step = await start([5], { places: [place('c1'), place('c2', 2)] });
    await step.answerAll(['manager-recording']);
    const tasks = step.open().filter(({ kind }) => kind === 'heating-tally');
    expect(tasks.map(({ community: id }) => id).sort()).toEqual(['c1', 'c2']);
    for (const task of tasks) {
      await engine.decide(task, task.community === 'c1' ? tally(9_000, 90) : tally(1_000, 10));
    }
    expect((await step.task('handover-list')).context).toMatchObject({
      items: [{ no: 5, receivers: [market('heating'), market('property-manager')] }],
    });
  });

  it('P2.4.5: two subdistricts record a manager each, and each manager accepts', async () => {
    const step = await start([6], {
      places: [place('c1'), place('c2', 2)],
      needs: { ...needs, managementMode: 'subdistrict' },
    });
    const second = `${COUNTY}-s2-subdistrict`;
    await step.answerAll(['manager-recording'], { [second]: { manager: second } });
    await step.complete('handover-list');
    await step.task('handover-acceptance');
    expect(
      step
        .open()
        .map(({ organisation }) => organisation)
        .sort(),
    ).toEqual([SUBDISTRICT, second]);
    await step.answerAll(['handover-acceptance']);
    const { output, bindings } = await step.end();
    expect(output.manager).toBe(SUBDISTRICT);
    expect(bindings['property-manager']).toBe(SUBDISTRICT);
  });

  it('P2.4.5: warranties run from acceptance and are listed with their last days', async () => {
    const step = await start();
    const acceptedOn = await engine.today();
    await step.complete('manager-recording');
    expect((await step.task('handover-list')).context).toMatchObject({
      warranties: [
        { part: 'roof', until: sameDayMonthsLater(acceptedOn, 60) },
        { part: 'heating' },
        { part: 'pipes-and-finishing', until: sameDayMonthsLater(acceptedOn, 24) },
      ],
    });
  });

  it('P2.4.5: whoever listed the assets does not accept them, where the owner is an office that also receives', async () => {
    const step = await start([6], {
      owner: SUBDISTRICT,
      needs: { ...needs, managementMode: 'subdistrict' },
    });
    await step.complete('manager-recording');
    const officer = { user: 'the-officer' };
    await engine.decide(await step.task('handover-list'), {}, officer);
    const accept = await step.task('handover-acceptance');
    expect((await engine.refusalOf(engine.decide(accept, {}, officer))).code).toBe('not-your-seat');
    await engine.decide(accept, {}, { user: 'another' });
    await step.end();
  });

  it('P2.4.4: list and agreements join the archive as a supplement', async () => {
    const step = await start();
    await step.complete('manager-recording');
    await step.complete('handover-list');
    await step.complete('handover-acceptance');
    await step.end();
    const sealed = engine.record.of(step.workflowId).find(({ type }) => type === 'archive-supplement-sealed');
    expect(sealed?.data).toMatchObject({ documents: 1 });
  });

  it('a return closes what is open and ends the handover without an output', async () => {
    const step = await start([1, 5, 6], {
      pending: [market('water'), market('heating')],
      owner: county('housing'),
    });
    await step.task('operator-acceptance', market('heating'));
    expect(step.open()).toHaveLength(4);
    await step.handle.signal(turnBackSignal, { reason: '样例：退回验收', at: new Date().toISOString() });
    await step.handle.cancel();
    await engine.eventually(() => step.open().length === 0, 'all tasks closed');
    await engine.eventually(() => step.types().at(-1) === 'step-turned-back', 'its last event');
  });
});
