import './going-on';
import type { StepNode } from '../../domain/node';
import { EMPTY_HEAD } from '../../domain/events';
import { startStatement } from '../../domain/signing/statements';
import { signStatement } from '../../keys/identity';
import type { PolicySnapshot } from '../../policy/snapshot';
import { crossed, type Kept } from '../../workflows/long-life';
import { testKeys } from '../support/keys';
import { startEngine, type Engine } from './engine';
import { beginProject, openPlan } from './lives';
import { BINDINGS, contracts, OWNER, planned, scheme } from './procurement';
import { COUNTY, PROJECT, policy, sampleOrganisations, stepStart } from './sample';

const SUPERVISOR = '371300-supervisor';
const CONTRACTOR = '371300-contractor';
const HOLDERS = { ...BINDINGS, designer: '371300-designer', contractor: CONTRACTOR, supervisor: SUPERVISOR };

/** What lives for thousands of decisions goes on in further runs of its workflow; here every sixty events. */
describe('a long life', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({ organisations: sampleOrganisations() });
  });
  afterAll(() => engine.stop());

  const begin = async (change: { policy?: PolicySnapshot } = {}) => {
    const workflowId = `project/${PROJECT}/construction/${(n += 1)}`;
    const input = { planned: planned(), scheme: scheme(), contracts };
    const start = stepStart('construction', input, { bindings: HOLDERS, ...change });
    const handle = await engine.start('construction', workflowId, [start]);
    const which = { workflowId };
    await engine.complete('construction-permit', {}, which);
    await engine.complete('construction-start', {}, which);
    return { workflowId, handle, which };
  };

  /** Findings, each opened, answered and closed, until the workflow has gone on so often. */
  const until = async (runs: number, { workflowId, which }: Awaited<ReturnType<typeof begin>>) => {
    for (let done = 0; (await engine.runsOf(workflowId)) < runs; done += 1) {
      if (done > 40) throw new Error('it does not go on in a further run');
      await engine.act(workflowId, 'finding', SUPERVISOR, { kind: 'other', found: '371300-water' });
      await engine.complete('finding-answer', {}, { ...which, organisation: '371300-water' });
      await engine.complete('finding-closure', {}, which);
      await engine.settled();
    }
  };

  it('P1.4: it is one record, one count of tasks and one story, however many runs', async () => {
    const site = await begin();
    await until(4, site);
    const { workflowId } = site;
    expect(engine.record.faultIn(workflowId)).toBeUndefined();
    const events = engine.record.of(workflowId);
    expect(events.filter(({ type }) => type === 'step-opened')).toHaveLength(1);
    const assigned = events.filter(({ type }) => type === 'task-assigned').map(({ taskId }) => taskId);
    expect(assigned).toEqual(assigned.map((_, i) => `${workflowId.replaceAll('/', '.')}.${i + 1}`));
    const { openedAt } = engine.record.nodes.get(workflowId) as StepNode;
    expect(Date.parse(openedAt)).toBeLessThanOrEqual(Date.parse(events[0]?.at ?? ''));
  }, 60_000);

  it('P1.4: what was answered in an earlier run is answered the same again, and changes nothing', async () => {
    const site = await begin();
    await engine.act(site.workflowId, 'finding', SUPERVISOR, { kind: 'other', found: '371300-water' });
    const task = await engine.task('finding-answer', site.which);
    const first = await engine.decide(task, {}, { key: 'said-once' });
    await engine.complete('finding-closure', {}, site.which);
    await until((await engine.runsOf(site.workflowId)) + 1, site);
    expect(await engine.decide(task, {}, { key: 'said-once' })).toEqual(first);
    expect(engine.record.of(site.workflowId).filter(({ updateId }) => updateId === 'said-once')).toHaveLength(
      1,
    );
  }, 60_000);

  it('P1.5: due dates, who has it, whom it waits for and a paper decision cross, and go on as they stood', async () => {
    const paperSeats = [{ seat: 'contractor@market', recordedBy: ['supervisor@market'] }];
    const site = await begin({ policy: { ...policy, paperSeats } as unknown as PolicySnapshot });
    const { workflowId, which } = site;
    const found = (title: string) =>
      engine.act(workflowId, 'finding', `${COUNTY}-housing`, { kind: 'quality', title, found: CONTRACTOR });
    await found('样例：甲');
    await found('样例：乙');
    const titled = async (title: string) =>
      engine.eventually(
        () =>
          engine
            .openTasks('finding-answer')
            .find(
              (one) => one.workflowId === workflowId && (one.context as { title: string }).title === title,
            ),
        title,
      );
    const signed = await titled('样例：甲');
    const onPaper = await titled('样例：乙');
    await engine.actOn(signed, 'co-signature', {
      when: 'before',
      rule: 'in-sequence',
      signers: [{ organisation: OWNER }, { organisation: SUPERVISOR }],
      question: '样例：请会签',
    });
    const paper = { number: '样例1', date: await engine.today(), attachment: 'a'.repeat(64) };
    await engine.decide(onPaper, {}, { organisation: SUPERVISOR, paper });
    const before = engine.record.tasks.get(signed.id);
    await until((await engine.runsOf(workflowId)) + 2, site);

    expect(engine.record.tasks.get(signed.id)?.due).toEqual(before?.due);
    for (const organisation of [OWNER, SUPERVISOR]) {
      await engine.complete('co-signature', { agrees: true }, { ...which, organisation });
    }
    await engine.decide(signed);
    await engine.complete('paper-confirmation', {}, which, { user: `${SUPERVISOR}-2` });
    await engine.eventually(
      () => engine.record.tasks.get(onPaper.id)?.status === 'completed',
      'the decision from paper',
    );
    expect(engine.record.tasks.get(onPaper.id)?.outcome).toMatchObject({ paper: { number: '样例1' } });
    const closures = () => engine.openTasks('finding-closure').filter((one) => one.workflowId === workflowId);
    await engine.eventually(() => closures().length === 2, 'both answers are looked at');
    expect(engine.record.faultIn(workflowId)).toBeUndefined();
  }, 90_000);

  it('P1.5: reminders and what is overdue are told once, though runs change between', async () => {
    const site = await begin();
    const { workflowId } = site;
    await engine.act(workflowId, 'finding', `${COUNTY}-housing`, { kind: 'quality', found: CONTRACTOR });
    const { id } = await engine.task('finding-answer', { ...site.which, organisation: CONTRACTOR });
    const told = (type: string) =>
      engine.record.of(workflowId).filter((event) => event.taskId === id && event.type === type).length;
    await engine.eventually(() => engine.record.tasks.get(id), 'the task');
    for (let day = 0; day < 30 && told('task-reminded') === 0; day += 1) await engine.advance('1d');
    const reminded = told('task-reminded');
    expect(reminded).toBeGreaterThan(0);
    await until((await engine.runsOf(workflowId)) + 1, site);
    expect(told('task-reminded')).toBe(reminded);
    for (let day = 0; day < 30 && told('task-overdue') === 0; day += 1) await engine.advance('1d');
    await until((await engine.runsOf(workflowId)) + 1, site);
    expect(told('task-overdue')).toBe(1);
    expect(engine.record.tasks.get(id)).toMatchObject({ status: 'open', overdue: true });
  }, 120_000);

  it('P2.4.3: a project that is cancelled ends its step in whichever run that is', async () => {
    await openPlan(engine);
    const {
      workflowId: project,
      housing,
      ended,
      node,
    } = await beginProject(engine, {
      projectId: `${COUNTY}-2028-0009`,
    });
    const workflowId = `${project}/construction/1`;
    const permits = () => engine.openTasks('construction-permit');
    await engine.everybodyActs(() => permits().some((one) => one.workflowId === workflowId));
    await engine.complete('construction-permit', {}, { workflowId });
    await engine.complete('construction-start', {}, { workflowId });
    for (let done = 0; (await engine.runsOf(workflowId)) < 3 && done < 40; done += 1) {
      await engine.act(workflowId, 'finding', housing, { kind: 'other' });
      await engine.complete('finding-answer', {}, { workflowId });
      await engine.complete('finding-closure', {}, { workflowId });
      await engine.settled();
    }
    expect(await engine.runsOf(workflowId)).toBeGreaterThan(2);
    await engine.act(project, 'cancellation', housing);
    await engine.complete('control-consent');
    await engine.eventually(ended, 'the end of the project');
    expect(node()?.status).toBe('cancelled');
    expect(engine.record.types(workflowId)).toContain('step-turned-back');
    expect(engine.openTasks().filter((task) => task.workflowId === workflowId)).toEqual([]);
    const own = [...engine.record.origins.keys()].filter((id) => id.startsWith(project));
    for (const id of own) expect(engine.record.faultIn(id)).toBeUndefined();
  }, 180_000);

  it('P1.4: a run that no worker has handed over begins nothing', async () => {
    const workflowId = `project/${PROJECT}/construction/${(n += 1)}`;
    const start = stepStart('construction', { planned: planned(), scheme: scheme(), contracts });
    const kept: Kept = {
      record: { head: EMPTY_HEAD, events: [] },
      receipts: [],
      letters: { read: [], sent: 0 },
      place: { standstills: [], rulesBefore: [], vacancies: [], revocations: [] },
      tasks: { count: 0, lastBy: [], tasks: [] },
      facts: {},
      openedAt: '2028-01-01T00:00:00.000Z',
      named: {},
      documents: [],
      state: { certified: 10_000 },
    };
    const at = new Date(await engine.now()).toISOString();
    // The API may begin a step that has no parent, but never hand a state over.
    const seal = signStatement(
      testKeys.api,
      startStatement(workflowId, 'construction', crossed(start, kept), at),
    );
    const begun = await engine.env.client.workflow.start('construction', {
      workflowId,
      taskQueue: 'jiugai',
      args: [start, seal, { kept, seal }],
    });
    await expect(begun.result()).rejects.toMatchObject({ cause: { type: 'signature-invalid' } });
    expect(engine.record.of(workflowId)).toEqual([]);
  });
});
