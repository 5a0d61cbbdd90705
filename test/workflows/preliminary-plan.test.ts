import { resolve } from 'node:path';
import { startEngine, type Engine } from './engine';
import { community, COUNTY, place, sampleOrganisations, stepStart } from './sample';
import { samplePlan } from '../../domain/forms/sample-plan';
import type { PlanContext } from '../../domain/forms/plan-context';
import type { NeedsOutput, PlanOutput } from '../../domain/outputs';
import { budgetOf, type CommunityPlan, type Plan } from '../../domain/plan';
import type { ProjectCommunity } from '../../domain/project';
import type { Task } from '../../domain/task';
import type { Source } from '../../policy/keys';
import { briefingChangedSignal, turnBackSignal } from '../../workflows/messages';
import type { StepEnd } from '../../workflows/step';

const PLAN = 'preliminary-plan';
const OPERATOR = 'operator-plan';
const FINANCE = 'fiscal-confirmation';
const GIVER = 'giver-confirmation';
const HOUSING = `${COUNTY}-housing`;
/** Water, power, gas, heating, cable television, and three telecom companies. */
const OPERATORS = 8;
const COMPANY = '371300-project-owner';

const needsOf = (ids: readonly string[]): NeedsOutput => ({
  communities: ids,
  surveys: ids.map((id) => ({ community: id, households: 120, answered: 120, agreeing: 110 })),
  items: [1, 24],
  managementMode: 'professional',
  lists: ids.map((id) => ({ community: id, items: [1, 24], managementMode: 'professional' })),
});

/** What the sample plan says, changed in its first community. */
function planned(task: Task, change: (one: CommunityPlan) => CommunityPlan): Plan {
  const plan = samplePlan(task.context as unknown as PlanContext);
  const [first, ...others] = plan.communities;
  if (!first) throw new Error('no community');
  return { ...plan, communities: [change(first), ...others] };
}

/** Money of the first source comes from another. */
const paidBy =
  (source: Source, amountFen: number, giver?: string) =>
  (one: CommunityPlan): CommunityPlan => {
    const [first, ...others] = one.funding;
    if (!first) throw new Error('no funding');
    const given = { source, amountFen, ...(giver === undefined ? {} : { giver }) };
    return { ...one, funding: [{ ...first, amountFen: first.amountFen - amountFen }, ...others, given] };
  };

describe('the preliminary plan', () => {
  let engine: Engine;
  let n = 0;
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'early-steps.workflows.ts'),
    });
  });
  afterAll(() => engine.stop());

  const begin = async (
    change: {
      communities?: readonly ProjectCommunity[];
      needs?: NeedsOutput;
      remarks?: string;
      before?: Plan;
    } = {},
  ) => {
    const communities = change.communities ?? [community('c1')];
    const workflowId = `project/371302-2028-0001/preliminary-plan/${(n += 1)}`;
    const places = communities.map((one) => one.place);
    const input = { needs: needsOf(communities.map(({ id }) => id)), ...change, communities };
    const start = stepStart('preliminary-plan', input, { places });
    const handle = await engine.start('preliminaryPlan', workflowId, [start]);
    const end = () => handle.result() as Promise<StepEnd<PlanOutput>>;
    const open = (kind?: string) => engine.openTasks(kind).filter((task) => task.workflowId === workflowId);
    return { workflowId, handle, end, open, of: { workflowId } };
  };
  type Begun = Awaited<ReturnType<typeof begin>>;

  const rest = async ({ of, open }: Begun): Promise<void> => {
    await engine.settled();
    for (const task of open()) await engine.decide(await engine.task(task.kind, { ...of, id: task.id }));
  };

  it('P2.1.2: housing plans; operators concerned and finance answer in parallel; the owner is bound', async () => {
    const begun = await begin();
    const plan = await engine.complete(PLAN, {}, begun.of);
    expect(plan.organisation).toBe(HOUSING);
    expect(plan.context).toMatchObject({ communities: [{ id: 'c1', wishes: [1, 24] }] });
    await engine.eventually(() => begun.open().length === OPERATORS + 1, 'all confirmations at once');
    expect(begun.open(OPERATOR).filter(({ seat }) => seat.body === 'telecom')).toHaveLength(3);
    expect(begun.open(FINANCE)[0]?.notBy).toEqual([`${HOUSING}-1`]);
    await rest(begun);
    const { output, bindings, documents } = await begun.end();
    expect(output?.owner).toBe(COMPANY);
    expect(bindings).toEqual({ 'project-owner': COMPANY });
    expect(output?.operators).toHaveLength(OPERATORS);
    expect(documents.map(({ key }) => key)).toEqual(['plan-text']);
    expect(engine.record.fault()).toBeUndefined();
  });

  it('P4.5: every operator is asked about its own items and money, and what it promises is kept', async () => {
    const begun = await begin();
    await engine.complete(PLAN, {}, begun.of);
    const water = await engine.task(OPERATOR, { ...begun.of, organisation: '371300-water' });
    const context = water.context as { bookedFen: number };
    expect(water.context).toMatchObject({
      operator: { utilities: ['water'] },
      communities: [{ id: 'c1', items: [{ no: 1, name: '供水管网和设施设备改造' }] }],
      rewardFen: 0,
    });
    const unpaid = { ...(await engine.example(water)), sameDesignAndBuild: false };
    expect((await engine.refusalOf(engine.decide(water, unpaid))).detail.refusals).toMatchObject([
      { clause: 'P4.5', path: 'sameDesignAndBuild' },
    ]);
    await rest(begun);
    const { output } = await begun.end();
    const promise = output?.operators?.find(({ organisation }) => organisation === '371300-water');
    expect(promise).toMatchObject({ promisedFen: context.bookedFen, rewardFen: 0 });
  });

  it('P4.5: an operator that does not own is rewarded as the plan offers, and finance sees the rewards', async () => {
    const begun = await begin();
    await engine.complete(PLAN, { rewards: [{ operator: '371300-gas', amountFen: 300 }] }, begun.of);
    const gas = await engine.task(OPERATOR, { ...begun.of, organisation: '371300-gas' });
    const { bookedFen, rewardFen } = gas.context as { bookedFen: number; rewardFen: number };
    expect(rewardFen).toBe(300);
    expect((await engine.task(FINANCE, begun.of)).context).toMatchObject({ rewardsFen: 300 });
    const facility = { utility: 'gas', name: '样例：调压箱', owner: 'other', operatorPaysFen: bookedFen };
    const facilities = [{ ...facility, costFen: bookedFen + 300, rewardFen: 300 }];
    await engine.decide(gas, { facilities });
    await rest(begun);
    const promises = (await begun.end()).output?.operators;
    expect(promises?.find(({ organisation }) => organisation === '371300-gas')).toMatchObject({
      rewardFen: 300,
    });
  });

  it('P2.1.2: whoever does not agree sends the plan back with all reasons; what is unchanged is not asked again', async () => {
    const begun = await begin();
    const first = await engine.complete(PLAN, {}, begun.of);
    const gas = await engine.task(OPERATOR, { ...begun.of, organisation: '371300-gas' });
    const silent = { agrees: false, facilities: [] };
    expect((await engine.refusalOf(engine.decide(gas, silent))).detail.refusals).toMatchObject([
      { path: 'remarks' },
    ]);
    await engine.decide(gas, { ...silent, remarks: '样例：管网上年已更新' });
    await engine.complete(FINANCE, { confirmed: false, remarks: '样例：县级资金不足' }, begun.of);
    await rest(begun);
    const again = await engine.task(PLAN, begun.of);
    expect(again.id).not.toBe(first.id);
    const context = again.context as unknown as PlanContext;
    expect(context.remarks).toEqual([
      { by: '371300-gas', remarks: '样例：管网上年已更新' },
      { by: `${COUNTY}-finance`, remarks: '样例：县级资金不足' },
    ]);
    expect(context.before?.communities).toHaveLength(1);
    const revised = planned(again, (one) => ({
      ...one,
      funding: one.funding
        .filter(({ giver }) => giver !== '371300-gas')
        .map((entry) =>
          entry.source === 'resident'
            ? {
                ...entry,
                amountFen:
                  entry.amountFen + (one.funding.find(({ giver }) => giver === '371300-gas')?.amountFen ?? 0),
              }
            : entry,
        ),
    }));
    await engine.decide(again, { ...revised });
    await engine.eventually(() => begun.open().length === 2, 'gas and finance again');
    expect(
      begun
        .open()
        .map(({ organisation }) => organisation)
        .sort(),
    ).toEqual(['371300-gas', `${COUNTY}-finance`]);
    await rest(begun);
    expect((await begun.end()).output?.operators).toHaveLength(OPERATORS);
  });

  it('P4.3.1: a plan that adds hidden debt is not confirmed', async () => {
    const begun = await begin();
    await engine.complete(PLAN, {}, begun.of);
    const finance = await engine.task(FINANCE, begun.of);
    const { fiscalFen, budgetFen } = finance.context as { fiscalFen: number; budgetFen: number };
    expect(fiscalFen).toBeLessThan(budgetFen);
    const refused = await engine.refusalOf(engine.decide(finance, { noHiddenDebt: false }));
    expect(refused.detail.refusals).toMatchObject([{ clause: 'P4.3.1', path: 'noHiddenDebt' }]);
  });

  it('P4.3.1: a giver who is an organisation here confirms itself; another one in writing, recorded by housing', async () => {
    const begun = await begin();
    const task = await engine.task(PLAN, begun.of);
    const plan = planned(task, (one) =>
      paidBy('former-owner', 200, '样例纺织厂')(paidBy('gift', 100, `${COUNTY}-sports`)(one)),
    );
    await engine.decide(task, { ...plan });
    const own = await engine.task(GIVER, { ...begun.of, organisation: `${COUNTY}-sports` });
    expect(own.context).toMatchObject({ sourceName: '捐资捐物', amountFen: 100, inWriting: false });
    const outside = await engine.task(GIVER, { ...begun.of, organisation: HOUSING });
    expect(outside.context).toMatchObject({ giver: '样例纺织厂', amountFen: 200, inWriting: true });
    const bare = await engine.refusalOf(engine.decide(outside, { letter: undefined }));
    expect(bare.detail.refusals).toMatchObject([{ clause: 'P4.3.1', path: 'letter' }]);
    await rest(begun);
    expect((await begun.end()).output).toBeDefined();
  });

  it('P4.3.1: a giver who takes its word back sends the plan back', async () => {
    const begun = await begin();
    const task = await engine.task(PLAN, begun.of);
    await engine.decide(task, { ...planned(task, paidBy('society-capital', 100, '样例公司')) });
    await engine.complete(GIVER, { confirmed: false, remarks: '样例：资金未落实' }, begun.of);
    await rest(begun);
    const again = await engine.task(PLAN, begun.of);
    expect(again.context).toMatchObject({ remarks: [{ by: '样例公司', remarks: '样例：资金未落实' }] });
  });

  it('P2.1.2: a plan whose sums do not agree is refused to the fen, and nothing changes', async () => {
    const begun = await begin();
    const task = await engine.task(PLAN, begun.of);
    const dear = planned(task, (one) => ({ ...one, budgetFen: one.budgetFen + 1 }));
    const before = engine.record.of(begun.workflowId).length;
    const refused = await engine.refusalOf(engine.decide(task, { ...dear }));
    expect(refused.detail.refusals?.map(({ clause }) => clause)).toEqual(['P2.1.2', 'P4.3.1']);
    expect(engine.record.of(begun.workflowId)).toHaveLength(before);
  });

  it('P4.4: a new public building without its ownership agreement is refused', async () => {
    const begun = await begin();
    const task = await engine.task(PLAN, begun.of);
    const built = planned(task, (one) => ({ ...one, newBuildings: [{ name: '样例：社区食堂' }] }));
    const refused = await engine.refusalOf(engine.decide(task, { ...built }));
    expect(new Set(refused.detail.refusals?.map(({ clause }) => clause))).toEqual(new Set(['P4.4']));
  });

  it('P4.1: investment, income and balance of the plan are shown', async () => {
    const begun = await begin();
    const task = await engine.task(PLAN, begun.of);
    const earning = planned(task, (one) => ({
      ...paidBy('special-bond', 4_000)(one),
      income: [{ name: '样例：停车收费', amountFen: 5_000 }],
    }));
    const documents = { 'plan-text': 'sample-attachment', 'income-forecast': 'sample-attachment' };
    await engine.decide(task, { ...earning, documents });
    const facts = await engine.eventually(() => {
      const node = engine.record.nodes.get(begun.workflowId) as
        { facts?: { budgetFen?: number } } | undefined;
      return node?.facts?.budgetFen === undefined ? undefined : node.facts;
    }, 'the facts');
    expect(facts).toMatchObject({
      budgetFen: budgetOf(earning),
      balance: { ownIncomeFen: 5_000, gapFen: 4_000, surplusFen: 1_000 },
    });
    expect((await engine.task(FINANCE, begun.of)).context).toMatchObject({ surplusFen: 1_000 });
  });

  it('P2.1.2: county housing may itself be the owner', async () => {
    const begun = await begin();
    await engine.complete(PLAN, { owner: HOUSING }, begun.of);
    await rest(begun);
    expect((await begun.end()).bindings).toEqual({ 'project-owner': HOUSING });
  });

  it('P2.1.1: a community that has left takes its plan with it, and the others keep theirs', async () => {
    const both = [community('c1'), community('c2', 2)];
    const of = await begin({ communities: both });
    const before = samplePlan((await engine.task(PLAN, of.of)).context as unknown as PlanContext);
    const begun = await begin({
      communities: both,
      needs: needsOf(['c2']),
      before,
      remarks: '样例：一区退出',
    });
    const context = (await engine.task(PLAN, begun.of)).context as unknown as PlanContext;
    expect(context.communities.map(({ id }) => id)).toEqual(['c2']);
    expect(context.before).toEqual({ ...before, communities: before.communities.slice(1) });
    expect(context.remarks).toEqual([{ by: '', remarks: '样例：一区退出' }]);
  });

  it('P1.4: an operator who is not registered yet alerts; the others are asked meanwhile, and nobody is skipped', async () => {
    const heating = engine.briefing.organisations.findIndex(({ bodies }) => bodies.includes('heating'));
    const [absent] = engine.briefing.organisations.splice(heating, 1);
    const begun = await begin();
    await engine.complete(PLAN, {}, begun.of);
    await engine.eventually(() => begun.open().length === OPERATORS, 'all but heating');
    expect(engine.record.types(begun.workflowId)).toContain('seat-vacant');
    await rest(begun);
    if (absent) engine.briefing.organisations.push(absent);
    await begun.handle.signal(briefingChangedSignal);
    const late = await engine.task(OPERATOR, begun.of);
    expect(late.organisation).toBe('371300-heating');
    // Housing could not book anything on an operator that nobody knew.
    expect(late.context).toMatchObject({ bookedFen: 0 });
    await engine.decide(late);
    expect((await begun.end()).output?.operators).toHaveLength(OPERATORS);
  });

  it("P1.4: the power grid's plan may be recorded from paper by county housing, with a second person", async () => {
    const begun = await begin();
    await engine.complete(PLAN, {}, begun.of);
    const power = await engine.task(OPERATOR, { ...begun.of, organisation: '371300-power' });
    expect(power.paperBy).toBe(HOUSING);
    const paper = { number: '样例〔2026〕1号', date: '2026-11-20', attachment: 'sample-attachment' };
    await engine.decide(power, {}, { organisation: HOUSING, user: 'first', paper });
    await engine.complete('paper-confirmation', {}, begun.of, { user: 'second' });
    await rest(begun);
    const recorded = (
      await engine.eventually(() => engine.record.tasks.get(power.id)?.outcome, 'the outcome')
    ).by;
    expect(recorded).toMatchObject({ organisation: '371300-power', recordedBy: { organisation: HOUSING } });
    expect((await begun.end()).output).toBeDefined();
  });

  it('P2.1.2: a return closes what operators and finance still had open', async () => {
    const begun = await begin();
    await engine.complete(PLAN, {}, begun.of);
    await engine.eventually(() => begun.open().length === OPERATORS + 1, 'all confirmations');
    const open = begun.open();
    await begun.handle.signal(turnBackSignal, { reason: '样例：退回征集', at: new Date().toISOString() });
    await begun.handle.cancel();
    expect((await begun.end()).output).toBeUndefined();
    expect(open.map(({ id }) => engine.record.tasks.get(id)?.status)).toEqual(open.map(() => 'closed'));
  });

  it('P2.1.2: several communities each have their own plan, and operators see them together', async () => {
    const begun = await begin({
      communities: [community('c1'), { ...community('c2', 2), place: place('c2', 2) }],
    });
    await engine.complete(PLAN, {}, begun.of);
    const water = await engine.task(OPERATOR, { ...begun.of, organisation: '371300-water' });
    expect((water.context as { communities: { id: string }[] }).communities.map(({ id }) => id)).toEqual([
      'c1',
      'c2',
    ]);
    await rest(begun);
    expect((await begun.end()).output?.plan.communities).toHaveLength(2);
  });
});
