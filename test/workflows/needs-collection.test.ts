import { resolve } from 'node:path';
import { startEngine, type Engine } from './engine';
import { community, COUNTY, place, sampleOrganisations, stepStart } from './sample';
import type { NeedsOutput } from '../../domain/outputs';
import type { ProjectCommunity } from '../../domain/project';
import type { StepEnd } from '../../workflows/step';

const SURVEY = 'household-survey';
const CONFIRM = 'needs-confirmation';
/** 40 of 120 households: too few to say anything. */
const LOW = { answered: 40, agreeing: 40, wishes: [], contribution: { households: 0, amountFen: 0 } };
const MODES = { professional: 0, subdistrict: 0, neighbourhood: 0 };

describe('needs collection', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'early-steps.workflows.ts'),
    });
  });
  afterAll(() => engine.stop());

  const begin = async (communities: readonly ProjectCommunity[] = [community('c1')], remarks?: string) => {
    const workflowId = `project/371302-2028-0001/needs-collection/${(n += 1)}`;
    const places = communities.map((one) => one.place);
    const input = { communities, ...(remarks === undefined ? {} : { remarks }) };
    const start = stepStart('needs-collection', input, { places });
    const handle = await engine.start('needsCollection', workflowId, [start]);
    const output = async (): Promise<NeedsOutput> => {
      const end = (await handle.result()) as StepEnd<NeedsOutput>;
      if (!end.output) throw new Error('no output');
      return end.output;
    };
    return { workflowId, handle, output, of: { workflowId } };
  };

  it('P2.1.1: survey and confirmation end in a list of items and a management mode', async () => {
    const { of, output, handle } = await begin();
    const survey = await engine.complete(SURVEY, {}, of);
    expect(survey).toMatchObject({ organisation: `${COUNTY}-n1`.concat('-neighbourhood'), community: 'c1' });
    const confirm = await engine.complete(CONFIRM, { items: [6, 1, 24] }, of);
    expect(confirm.organisation).toBe(`${COUNTY}-s1-subdistrict`);
    expect(await output()).toMatchObject({
      communities: ['c1'],
      items: [1, 6, 24],
      managementMode: 'professional',
      surveys: [{ community: 'c1', households: 120, answered: 120, agreeing: 108 }],
    });
    const { documents } = (await handle.result()) as StepEnd<NeedsOutput>;
    expect(documents).toEqual([
      { step: 'needs-collection', key: 'survey-summary', attachment: 'sample-attachment' },
    ]);
    expect(engine.record.fault()).toBeUndefined();
  });

  it('P2.1.0: the survey stays with the project: answers, contributions and wishes for the management mode', async () => {
    const { of, output, workflowId } = await begin();
    const modes = { professional: 60, subdistrict: 20, neighbourhood: 10 };
    const contribution = { households: 45, amountFen: 2_250_000 };
    await engine.complete(SURVEY, { contribution, modes }, of);
    await engine.complete(CONFIRM, {}, of);
    const survey = { community: 'c1', households: 120, answered: 120, agreeing: 108, contribution, modes };
    expect((await output()).surveys).toEqual([survey]);
    expect(engine.record.nodes.get(workflowId)).toMatchObject({ facts: { surveys: [survey] } });
  });

  it('P2.1.1: a low turnout must say whether it is extended or repeated', async () => {
    const { of } = await begin();
    const refused = await engine.refusalOf(
      engine.decide(await engine.task(SURVEY, of), { ...LOW, modes: MODES }),
    );
    expect(refused.detail.refusals).toMatchObject([{ path: 'whenLow', clause: 'P2.1.1' }]);
  });

  it('P2.1.1: an extended survey goes on from what was counted, a repeated one begins anew', async () => {
    const { of, output } = await begin();
    const first = await engine.complete(SURVEY, { ...LOW, modes: MODES, whenLow: 'extend' }, of);
    const second = await engine.task(SURVEY, of);
    expect(second.id).not.toBe(first.id);
    expect(second.context).toMatchObject({ extends: { answered: 40, agreeing: 40 } });
    const fewer = { ...LOW, answered: 39, agreeing: 39, modes: MODES, whenLow: 'repeat' };
    const refused = await engine.refusalOf(engine.decide(second, fewer));
    expect(refused.detail.refusals).toMatchObject([{ path: 'answered' }]);
    await engine.decide(second, { ...LOW, answered: 41, modes: MODES, whenLow: 'repeat' });
    const third = await engine.task(SURVEY, of);
    expect(third.context).not.toHaveProperty('extends');
    expect((third.context as { remarks: string }).remarks).toContain('重新调查');
    await engine.decide(third);
    await engine.complete(CONFIRM, {}, of);
    expect((await output()).surveys).toMatchObject([{ answered: 120 }]);
  });

  it('P2.1.1: the agreeing households are counted against all households, and exactly two thirds are enough', async () => {
    const { of } = await begin();
    await engine.complete(
      SURVEY,
      { answered: 80, agreeing: 80, wishes: [], contribution: { households: 0, amountFen: 0 }, modes: MODES },
      of,
    );
    expect((await engine.task(CONFIRM, of)).context).toMatchObject({
      survey: { answered: 80, agreeing: 80 },
    });
  });

  it('P1.1: a community whose residents are not willing leaves, and the others go on', async () => {
    const { of, output, workflowId } = await begin([community('c1'), community('c2', 2)]);
    await engine.complete(SURVEY, { agreeing: 79 }, { ...of, community: 'c1' });
    await engine.complete(SURVEY, {}, { ...of, community: 'c2' });
    const confirm = await engine.complete(CONFIRM, {}, of);
    expect(confirm.organisation).toBe(`${COUNTY}-s2-subdistrict`);
    const needs = await output();
    expect(needs.communities).toEqual(['c2']);
    expect(needs.surveys).toMatchObject([
      { community: 'c1', answered: 120, agreeing: 79 },
      { community: 'c2', agreeing: 108 },
    ]);
    expect(engine.record.types(workflowId)).toContain('community-declined');
  });

  it('P2.1.1: without any willing community nothing is confirmed and nobody goes on', async () => {
    const { of, output } = await begin();
    await engine.complete(SURVEY, { agreeing: 0 }, of);
    expect(await output()).toMatchObject({ communities: [], items: [] });
    expect(engine.openTasks(CONFIRM).filter((task) => task.workflowId === of.workflowId)).toEqual([]);
  });

  it("P2.1.1: where there is an owners' committee, either it or the neighbourhood answers, once", async () => {
    const committee = {
      id: 'committee-9',
      name: '样例业委会',
      bodies: ['owners-committee'],
      level: 'neighbourhood',
      area: `${COUNTY}-n9`,
    } as const;
    const neighbourhood = { ...committee, id: 'neighbourhood-9', bodies: ['neighbourhood'] } as const;
    engine.briefing.organisations.push({ ...committee }, { ...neighbourhood });
    const there = { ...community('c9'), place: { ...place('c9'), neighbourhood: `${COUNTY}-n9` } };
    const { of } = await begin([there]);
    const other = await engine.task(SURVEY, { ...of, organisation: 'neighbourhood-9' });
    await engine.complete(SURVEY, {}, { ...of, organisation: 'committee-9' });
    await engine.task(CONFIRM, of);
    await engine.settled();
    expect(engine.record.tasks.get(other.id)).toMatchObject({ status: 'closed' });
  });

  it('P2.1.1: a subdistrict that does not confirm sends the survey back with its reason', async () => {
    const { of, output } = await begin();
    await engine.complete(SURVEY, {}, of);
    const confirm = await engine.task(CONFIRM, of);
    const silent = await engine.refusalOf(engine.decide(confirm, { confirmed: false }));
    expect(silent.detail.refusals).toMatchObject([{ path: 'remarks', clause: 'P2.1.1' }]);
    await engine.decide(confirm, { confirmed: false, remarks: '样例：三号楼未入户' });
    const again = await engine.task(SURVEY, of);
    expect(again.context).toMatchObject({ remarks: '样例：三号楼未入户' });
    await engine.decide(again);
    await engine.complete(CONFIRM, {}, of);
    expect((await output()).communities).toEqual(['c1']);
  });

  it('P2.1.1: a confirmation without a list or without a management mode is refused', async () => {
    const { of } = await begin();
    await engine.complete(SURVEY, {}, of);
    const confirm = await engine.task(CONFIRM, of);
    const refused = await engine.refusalOf(
      engine.decide(confirm, { items: undefined, managementMode: undefined }),
    );
    expect(refused.detail.refusals?.map(({ path, clause }) => [path, clause])).toEqual([
      ['items', 'P2.1.1'],
      ['managementMode', 'P2.1.1'],
    ]);
  });

  it('P2.1.1: why the project came back is shown to those who survey again', async () => {
    const { of } = await begin([community('c1')], '样例：居民要求重新征求意见');
    expect((await engine.task(SURVEY, of)).context).toMatchObject({ remarks: '样例：居民要求重新征求意见' });
  });

  it('P2.1.1: a survey later than the city asks is accepted with its reason', async () => {
    const { of } = await begin();
    const task = await engine.task(SURVEY, of);
    expect(task.due).toMatchObject({ period: { workingDays: 20 }, clause: 'P2.1.1' });
    await engine.advance('60d');
    const late = await engine.task(SURVEY, of);
    expect(late.overdue).toBe(true);
    expect((await engine.refusalOf(engine.decide(late, {}, { noLateReason: true }))).code).toBe(
      'rule-violated',
    );
    await engine.decide(late);
    expect(engine.record.tasks.get(task.id)?.outcome?.lateReason).toBeDefined();
  });
});
