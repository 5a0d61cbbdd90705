import { resolve } from 'node:path';
import { startEngine, type Engine } from './engine';
import { community, COUNTY, place, policy, sampleOrganisations, stepStart } from './sample';
import { plusDays, startOfDay } from '../../domain/calendar';
import { samplePlan } from '../../domain/forms/sample-plan';
import type { NoticeFacts } from '../../domain/notice';
import type { StepNode } from '../../domain/node';
import type { NoticeOutput } from '../../domain/outputs';
import type { CommunityPlan, Plan } from '../../domain/plan';
import type { ProjectCommunity } from '../../domain/project';
import type { ObjectionDigest } from '../../domain/world';
import type { Source } from '../../policy/keys';
import { briefingChangedSignal, resumeSignal, suspendSignal, turnBackSignal } from '../../workflows/messages';
import type { StepEnd } from '../../workflows/step';

const POST = 'notice-posting';
const CERTIFY = 'notice-certificate';
const ANSWER = 'objection-answer';
const TALLY = 'owners-tally';
const NEIGHBOURHOOD = `${COUNTY}-n1-neighbourhood`;

const planFor = (communities: readonly ProjectCommunity[]): Plan =>
  samplePlan({
    communities: communities.map(({ id, name, households, floorArea }) => ({
      id,
      name,
      households,
      floorArea,
      wishes: [],
    })),
    policy,
    operators: [],
  });

/** The plan, with a thousandth of the money coming from another source. */
function paidBy(plan: Plan, source: Source, amountFen = 1_000, giver?: string): Plan {
  const moved = (one: CommunityPlan): CommunityPlan => {
    const [first, ...others] = one.funding;
    if (!first) throw new Error('no funding');
    const given = { source, amountFen, ...(giver === undefined ? {} : { giver }) };
    return { ...one, funding: [{ ...first, amountFen: first.amountFen - amountFen }, ...others, given] };
  };
  return { ...plan, communities: plan.communities.map(moved) };
}

describe('the public notice', () => {
  let engine: Engine;
  let n = 0;
  const digests = new Map<number, ObjectionDigest>();
  const answered = new Map<number, readonly { group: string; changesPlan: boolean }[]>();
  const asked = new Map<number, string>();
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      workflowsPath: resolve(__dirname, 'early-steps.workflows.ts'),
      activities: {
        objections: async ({ round, closedAt }) => {
          asked.set(round, closedAt);
          return digests.get(round) ?? { groups: [], late: 0 };
        },
        answerObjections: async ({ round, answers }) => void answered.set(round, answers),
      },
    });
  });
  afterAll(() => engine.stop());

  /** A year without holidays, so that a Monday's notice always ends on the next Monday. */
  const noHolidays = (): void => void Object.assign(engine.briefing, { calendar: { years: {} } });

  /** Ten in the morning of the next Monday. */
  const monday = async (): Promise<string> => {
    const today = await engine.today();
    const weekday = new Date(startOfDay(today) + 12 * 3_600_000).getUTCDay();
    const next = plusDays(today, (8 - weekday) % 7 || 7);
    await engine.advanceTo(next);
    return next;
  };

  const begin = async (
    change: {
      communities?: readonly ProjectCommunity[];
      plan?: Plan;
      agreed?: NoticeOutput['ownersAgreed'];
    } = {},
  ) => {
    noHolidays();
    const communities = change.communities ?? [community('c1')];
    const plan = change.plan ?? planFor(communities);
    const round = (n += 1);
    const workflowId = `project/371302-2028-0001/public-notice/${round}`;
    const input = {
      planned: { plan, owner: '371300-project-owner' },
      communities,
      ...(change.agreed ? { agreed: change.agreed } : {}),
    };
    const places = communities.map((one) => one.place);
    const start = stepStart('public-notice', input, { places, round });
    const posted = await monday();
    const handle = await engine.start('publicNotice', workflowId, [start]);
    const output = async (): Promise<NoticeOutput> => {
      const end = (await handle.result()) as StepEnd<NoticeOutput>;
      if (!end.output) throw new Error('no output');
      return end.output;
    };
    const node = (): StepNode => engine.record.nodes.get(workflowId) as StepNode;
    const facts = (): NoticeFacts => node().facts as unknown as NoticeFacts;
    const open = (kind: string) => engine.openTasks(kind).filter((task) => task.workflowId === workflowId);
    return { workflowId, handle, output, node, facts, open, of: { workflowId }, round, posted };
  };
  type Notice = Awaited<ReturnType<typeof begin>>;

  /** To the moment at which the five working days are over. */
  const over = async ({ posted }: Notice, days = 8): Promise<void> => {
    await engine.advanceTo(plusDays(posted, days), '00:01');
  };

  const postAndCertify = async (notice: Notice): Promise<void> => {
    await engine.complete(POST, {}, notice.of);
    await over(notice);
    await engine.complete(CERTIFY, {}, notice.of);
  };

  it('P2.1.3: posted on a Monday it hangs to the end of the next Monday, is certified, and leaves its documents', async () => {
    const notice = await begin();
    const task = await engine.complete(POST, {}, notice.of);
    expect(task.organisation).toBe(`${COUNTY}-s1-subdistrict`);
    await engine.eventually(() => notice.node().waits.length === 1, 'the wait');
    const last = plusDays(notice.posted, 7);
    expect(notice.node().waits).toEqual([
      { what: '公示 样例小区c1（5 个工作日，临政办字〔2020〕81号 二(一)3）', until: last, provisional: true },
    ]);
    expect(notice.facts()).toMatchObject({ phase: 'posted', postedOn: notice.posted, lastDay: last });
    await engine.advanceTo(last, '23:58');
    expect(notice.open(CERTIFY)).toEqual([]);
    await engine.advance('3m');
    const certificate = await engine.complete(CERTIFY, {}, notice.of);
    expect(certificate).toMatchObject({ organisation: NEIGHBOURHOOD, community: 'c1' });
    expect(await notice.output()).toMatchObject({
      adjust: false,
      postedOn: notice.posted,
      endedOn: last,
      objections: 0,
    });
    expect(((await notice.handle.result()) as StepEnd<NoticeOutput>).documents.map(({ key }) => key)).toEqual(
      ['notice-photo', 'notice-certificate'],
    );
    expect(notice.facts()).toMatchObject({ phase: 'closed', objections: 0 });
    expect(asked.get(notice.round)).toBe(new Date(startOfDay(plusDays(last, 1))).toISOString());
    expect(engine.record.fault()).toBeUndefined();
  });

  it('P2.1.3: a notice of four working days is refused and nothing changes', async () => {
    const notice = await begin();
    const task = await engine.task(POST, notice.of);
    const until = plusDays(notice.posted, 4);
    const before = engine.record.of(notice.workflowId).length;
    const refused = await engine.refusalOf(engine.decide(task, { until }));
    expect(refused.code).toBe('rule-violated');
    expect(refused.detail.refusals).toMatchObject([
      { path: 'until', clause: 'P2.1.3', basis: '临政办字〔2020〕81号 二(一)3' },
    ]);
    expect(engine.record.of(notice.workflowId)).toHaveLength(before);
    expect(notice.open(POST)).toHaveLength(1);
  });

  it('P2.1.3: the days count from the recording, whatever day of posting is entered', async () => {
    const notice = await begin();
    await engine.complete(POST, { postedOn: plusDays(notice.posted, -14) }, notice.of);
    await engine.eventually(() => notice.facts().lastDay, 'the last day');
    expect(notice.facts().lastDay).toBe(plusDays(notice.posted, 7));
  });

  it('P2.1.3: a notice that names a later last day hangs until then', async () => {
    const notice = await begin();
    await engine.complete(POST, { until: plusDays(notice.posted, 12) }, notice.of);
    await over(notice);
    expect(notice.open(CERTIFY)).toEqual([]);
    await over(notice, 13);
    await engine.complete(CERTIFY, {}, notice.of);
    expect((await notice.output()).endedOn).toBe(plusDays(notice.posted, 12));
  });

  it('P2.1.3: a suspended notice goes on only by days really run', async () => {
    const notice = await begin();
    await engine.complete(POST, {}, notice.of);
    const stop = async () => ({ reason: '样例：暂停', at: new Date(await engine.now()).toISOString() });
    await engine.advanceTo(plusDays(notice.posted, 2));
    await notice.handle.signal(suspendSignal, await stop());
    await over(notice);
    expect(notice.open(CERTIFY)).toEqual([]);
    await engine.advanceTo(plusDays(notice.posted, 9));
    await notice.handle.signal(resumeSignal, await stop());
    await engine.settled();
    // Run: Tuesday before the standstill; Thursday, Friday, Monday, Tuesday after it.
    const last = plusDays(notice.posted, 15);
    expect(notice.facts().lastDay).toBe(last);
    await engine.advanceTo(last, '23:58');
    expect(notice.open(CERTIFY)).toEqual([]);
    await engine.advance('3m');
    await engine.complete(CERTIFY, {}, notice.of);
    expect((await notice.output()).endedOn).toBe(last);
  });

  it('P2.1.3: a list of holidays that is loaded while it hangs moves its last day, and says so', async () => {
    const notice = await begin();
    await engine.complete(POST, {}, notice.of);
    await engine.eventually(() => notice.facts().lastDay, 'the last day');
    expect(notice.facts().provisional).toBe(true);
    const off = [3, 4].map((days) => plusDays(notice.posted, days));
    const year = Number(notice.posted.slice(0, 4));
    const years = { [year]: { off, work: [] }, [year + 1]: { off: [], work: [] } };
    Object.assign(engine.briefing, { calendar: { years } });
    await notice.handle.signal(briefingChangedSignal);
    const last = plusDays(notice.posted, 9);
    await engine.eventually(() => notice.facts().lastDay === last, 'the day after the holidays');
    expect(notice.facts()).toMatchObject({ lastDay: last, provisional: false });
    expect(notice.node().waits).toMatchObject([{ until: last, provisional: false }]);
    const periods = engine.record.of(notice.workflowId).filter(({ type }) => type === 'notice-period');
    expect(periods.map(({ data }) => (data as { lastDay: string }).lastDay)).toEqual([
      plusDays(notice.posted, 7),
      last,
    ]);
    await over(notice);
    expect(notice.open(CERTIFY)).toEqual([]);
    await over(notice, 10);
    await engine.complete(CERTIFY, {}, notice.of);
    expect((await notice.output()).endedOn).toBe(last);
  });

  it('P2.1.3: each group of objections is answered once; late ones are kept and block nobody', async () => {
    const notice = await begin();
    const groups = [
      { group: 'items', title: '改造内容', count: 12 },
      { group: 'budget', title: '预算与资金', count: 1 },
    ];
    digests.set(notice.round, { groups, late: 3 });
    await postAndCertify(notice);
    const answer = await engine.complete(ANSWER, {}, notice.of);
    expect(answer.organisation).toBe(`${COUNTY}-s1-subdistrict`);
    expect(answer.context).toEqual({ groups: groups.map((group) => ({ ...group, gists: [] })) });
    expect(answer.due).toMatchObject({ period: { workingDays: 5 }, from: plusDays(notice.posted, 7) });
    expect(await notice.output()).toMatchObject({ adjust: false, objections: 13, lateObjections: 3 });
    expect(answered.get(notice.round)).toMatchObject([
      { group: 'items', changesPlan: false },
      { group: 'budget', changesPlan: false },
    ]);
  });

  it('P2.1.3: an objection left without an answer is refused', async () => {
    const notice = await begin();
    const groups = ['items', 'budget'].map((group) => ({ group, title: group, count: 1 }));
    digests.set(notice.round, { groups, late: 0 });
    await postAndCertify(notice);
    const task = await engine.task(ANSWER, notice.of);
    const one = { group: 'items', answer: '样例：已说明', changesPlan: false };
    const refused = await engine.refusalOf(engine.decide(task, { answers: [one] }));
    expect(refused.detail.refusals).toMatchObject([{ path: 'answers', clause: 'P2.1.3' }]);
  });

  it('P2.1.3: an objection that is accepted sends the plan back with what is to change', async () => {
    const notice = await begin();
    digests.set(notice.round, { groups: [{ group: 'items', title: '改造内容', count: 1 }], late: 0 });
    await postAndCertify(notice);
    const answer = { group: 'items', answer: '样例：采纳', changesPlan: true, change: '增加非机动车棚' };
    await engine.complete(ANSWER, { answers: [answer] }, notice.of);
    const { adjust, remarks } = await notice.output();
    expect(adjust).toBe(true);
    expect(remarks).toContain('增加非机动车棚');
    expect(answered.get(notice.round)).toMatchObject([{ changesPlan: true }]);
  });

  it('P2.1.3: an answer later than the city asks is accepted with its reason', async () => {
    const notice = await begin();
    digests.set(notice.round, { groups: [{ group: 'items', title: '改造内容', count: 1 }], late: 0 });
    await postAndCertify(notice);
    await engine.advance('30d');
    const late = await engine.task(ANSWER, notice.of);
    expect(late.overdue).toBe(true);
    expect((await engine.refusalOf(engine.decide(late, {}, { noLateReason: true }))).code).toBe(
      'rule-violated',
    );
    await engine.decide(late);
    expect((await notice.output()).adjust).toBe(false);
  });

  it('P2.1.3: objections on paper, entered while it hangs or with the certificate, are answered with those online', async () => {
    const notice = await begin();
    digests.set(notice.round, {
      groups: [{ group: 'construction', title: '施工安排与扰民', count: 2 }],
      late: 0,
    });
    await engine.complete(POST, {}, notice.of);
    const paper = (subject: string, count: number) => ({
      subject,
      count,
      gist: `样例：${subject}`,
      scan: 'sample-attachment',
    });
    const enter = (organisation: string, count: number) =>
      engine.act(notice.workflowId, 'paper-objections', organisation, {
        objections: [paper('construction', count)],
      });
    const foreign = await engine.refusalOf(enter(`${COUNTY}-housing`, 1));
    expect(foreign.code).toBe('not-your-seat');
    expect((await enter(NEIGHBOURHOOD, 3)).data).toEqual({ late: false });
    await over(notice);
    await engine.complete(CERTIFY, { objections: [paper('other', 4)] }, notice.of);
    const answer = await engine.task(ANSWER, notice.of);
    expect(answer.context).toEqual({
      groups: [
        { group: 'construction', title: '施工安排与扰民', count: 5, gists: ['样例：construction'] },
        { group: 'other', title: '其他意见', count: 4, gists: ['样例：other'] },
      ],
    });
    expect((await enter(NEIGHBOURHOOD, 7)).data).toEqual({ late: true });
    await engine.decide(answer);
    expect(await notice.output()).toMatchObject({ objections: 9, lateObjections: 7 });
  });

  it('P2.1.3: a notice that did not hang throughout is posted again for its whole period', async () => {
    const notice = await begin();
    await engine.complete(POST, {}, notice.of);
    await over(notice);
    await engine.complete(CERTIFY, { keptUp: false, remarks: '样例：第三日被撕毁' }, notice.of);
    const again = await engine.task(POST, notice.of);
    expect(again.context).toMatchObject({ remarks: '样例：第三日被撕毁' });
    await engine.decide(again);
    await over(notice, 15);
    expect(notice.open(CERTIFY)).toEqual([]);
    await over(notice, 16);
    await engine.complete(CERTIFY, {}, notice.of);
    expect((await notice.output()).endedOn).toBe(plusDays(notice.posted, 15));
  });

  it('P2.1.3: every community has its own notice by its subdistrict, and the longest counts for objections', async () => {
    const notice = await begin({ communities: [community('c1'), community('c2', 2)] });
    await engine.complete(POST, {}, { ...notice.of, organisation: `${COUNTY}-s1-subdistrict` });
    await engine.advanceTo(plusDays(notice.posted, 1));
    expect(notice.facts().phase).toBe('posting');
    await engine.complete(POST, {}, { ...notice.of, organisation: `${COUNTY}-s2-subdistrict` });
    await over(notice);
    await engine.complete(CERTIFY, {}, { ...notice.of, community: 'c1' });
    await over(notice, 9);
    await engine.complete(CERTIFY, {}, { ...notice.of, community: 'c2' });
    const { postedOn, endedOn } = await notice.output();
    expect([postedOn, endedOn]).toEqual([1, 8].map((days) => plusDays(notice.posted, days)));
    expect(asked.get(notice.round)).toBe(new Date(startOfDay(plusDays(notice.posted, 9))).toISOString());
  });

  it('P2.1.3: the public facts tell items, budget and sources, and no giver by name', async () => {
    const plan = paidBy(planFor([community('c1')]), 'gift', 1_000, '样例捐资人');
    const notice = await begin({ plan });
    await engine.complete(POST, {}, notice.of);
    await engine.eventually(() => notice.facts().phase === 'posted', 'posted');
    const [shown] = notice.facts().communities;
    expect(shown?.items).toContain('整修小区道路');
    expect(shown?.funding).toContainEqual({ name: '捐资捐物', amountFen: 1_000 });
    expect(shown?.budgetFen).toBe(plan.communities[0]?.budgetFen);
    expect(JSON.stringify(notice.facts())).not.toContain('样例捐资人');
  });

  it('P2.1.3: using the maintenance fund needs the owners, whose tally the step waits for', async () => {
    const notice = await begin({ plan: paidBy(planFor([community('c1')]), 'maintenance-fund', 5_000) });
    const tally = await engine.task(TALLY, notice.of);
    expect(tally).toMatchObject({ organisation: NEIGHBOURHOOD, community: 'c1' });
    expect(tally.context).toMatchObject({
      matters: [{ matter: 'use-maintenance-fund', amountFen: 5_000, majority: 'owners-ordinary' }],
    });
    await postAndCertify(notice);
    await engine.settled();
    expect(notice.node().status).toBe('running');
    await engine.decide(await engine.task(TALLY, notice.of));
    expect(await notice.output()).toMatchObject({
      adjust: false,
      ownersAgreed: [{ community: 'c1', matter: 'use-maintenance-fund', amountFen: 5_000 }],
    });
  });

  it.each([
    ['public-income', 'use-public-income'],
    ['maintenance-fund', 'use-maintenance-fund'],
  ] as const)(
    'P2.1.3: a vote on %s that falls short of 民法典 278 sends the plan back',
    async (source, matter) => {
      const notice = await begin({ plan: paidBy(planFor([community('c1')]), source) });
      const half = {
        area: { total: 300, voting: 200, agreeing: 100 },
        owners: { total: 30, voting: 20, agreeing: 20 },
      };
      await engine.complete(TALLY, { votes: [{ matter, ...half }] }, notice.of);
      await postAndCertify(notice);
      const { adjust, remarks, ownersAgreed } = await notice.output();
      expect(adjust).toBe(true);
      expect(remarks).toContain('100㎡/200㎡');
      expect(ownersAgreed).toEqual([]);
      expect(engine.record.types(notice.workflowId)).toContain('owners-vote-failed');
    },
  );

  it('P2.1.3: another use of common parts needs three quarters, by area and by owners', async () => {
    const plan = planFor([community('c1')]);
    const common = {
      ...plan,
      communities: plan.communities.map((one) => ({ ...one, changesCommonUse: true })),
    };
    const notice = await begin({ plan: common });
    const count = (agreeing: number) => ({ total: 100, voting: 100, agreeing });
    const vote = { matter: 'change-common-use', area: count(75), owners: count(74) };
    await engine.complete(TALLY, { votes: [vote] }, notice.of);
    await postAndCertify(notice);
    expect(await notice.output()).toMatchObject({ adjust: true });
  });

  it('P2.1.3: what the owners have decided is not asked again, unless the sum is larger', async () => {
    const agreed = [{ community: 'c1', matter: 'use-maintenance-fund', amountFen: 5_000 }] as const;
    const same = await begin({ plan: paidBy(planFor([community('c1')]), 'maintenance-fund', 5_000), agreed });
    await postAndCertify(same);
    expect((await same.output()).adjust).toBe(false);
    const larger = await begin({
      plan: paidBy(planFor([community('c1')]), 'maintenance-fund', 5_001),
      agreed,
    });
    expect((await engine.task(TALLY, larger.of)).context).toMatchObject({ matters: [{ amountFen: 5_001 }] });
  });

  it('P2.1.3: a return while it hangs closes its tasks and its wait, and it ends without an output', async () => {
    const notice = await begin({ plan: paidBy(planFor([community('c1')]), 'maintenance-fund') });
    const tally = await engine.task(TALLY, notice.of);
    await engine.complete(POST, {}, notice.of);
    await engine.eventually(() => notice.node().waits.length === 1, 'the wait');
    await notice.handle.signal(turnBackSignal, { reason: '样例：退回方案', at: new Date().toISOString() });
    await notice.handle.cancel();
    expect(((await notice.handle.result()) as StepEnd<NoticeOutput>).output).toBeUndefined();
    expect(engine.record.tasks.get(tally.id)).toMatchObject({
      status: 'closed',
      closedBecause: '样例：退回方案',
    });
    expect(notice.node()).toMatchObject({ status: 'closed', waits: [] });
    expect(engine.record.types(notice.workflowId).at(-1)).toBe('step-turned-back');
    expect(engine.record.fault()).toBeUndefined();
  });

  it('P1.4: a subdistrict that does not exist yet alerts, and the notice waits for it', async () => {
    const there = { ...community('c8'), place: { ...place('c8'), subdistrict: `${COUNTY}-s8` } };
    const notice = await begin({ communities: [there] });
    await engine.eventually(
      () => engine.record.types(notice.workflowId).includes('seat-vacant'),
      'the alert',
    );
    expect(notice.open(POST)).toEqual([]);
  });
});
