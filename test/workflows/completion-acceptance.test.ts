import { dueOf } from '../../domain/due';
import { plusDays } from '../../domain/calendar';
import type { AcceptanceOutput } from '../../domain/outputs';
import { resumeSignal, suspendSignal, turnBackSignal } from '../../workflows/messages';
import {
  begin,
  BOUND,
  contracts,
  county,
  market,
  openParties,
  planOf,
  scheme,
  startAfterWorks,
  works,
} from './after-works';
import type { Engine } from './engine';
import { community, place, policy } from './sample';

const period = policy.periods['acceptance-invitation'];
const defect = '样例：屋面局部积水，应返工';

describe('completion acceptance', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startAfterWorks();
  });
  afterAll(() => engine.stop());

  const start = (change: Record<string, unknown> = {}, places = [place('c1')], bindings = BOUND) =>
    begin<AcceptanceOutput>(
      engine,
      'completionAcceptance',
      'completion-acceptance',
      {
        planned: planOf([6]),
        scheme,
        contracts,
        works,
        communities: places.map(({ community: id }) => community(id)),
        ...change,
      },
      { places, bindings },
    );
  type Step = Awaited<ReturnType<typeof start>>;

  /** To the day of the meeting, whatever weekend or holiday lies before it. */
  const untilMeeting = async (step: Step): Promise<void> => {
    const today = await engine.today();
    const meetingOn = await engine.eventually(() => {
      const node = engine.record.nodes.get(step.workflowId);
      const day = node?.node === 'step' ? (node.facts as { meetingOn?: string }).meetingOn : undefined;
      return day !== undefined && day > today && day;
    }, 'the day of the meeting');
    await engine.advanceTo(meetingOn);
  };
  const met = async (step: Step, present?: Record<string, number>): Promise<void> => {
    await untilMeeting(step);
    const change = present
      ? { attendance: Object.entries(present).map(([c, n]) => ({ community: c, present: n })) }
      : {};
    await step.complete('acceptance-meeting', change);
  };
  const toTheEnd = async (step: Step) => {
    await step.complete('acceptance-report');
    await step.complete('acceptance-filing');
    await step.complete('acceptance-filing-receipt');
    return step.end();
  };
  const refused = async (
    step: Step,
    kind: string,
    change: Record<string, unknown>,
    organisation?: string,
  ) => {
    const { code, detail } = await engine.refusalOf(
      engine.decide(await step.task(kind, organisation), change),
    );
    return { code, ...detail.refusals?.[0] };
  };

  it('P2.4.1: a meeting before the third working day after the invitation has passed is refused', async () => {
    const step = await start();
    const today = await engine.today();
    const last = dueOf(period, today, engine.briefing.calendar).date;
    expect(await refused(step, 'acceptance-convening', { meetingOn: last })).toMatchObject({
      code: 'rule-violated',
      path: 'meetingOn',
      clause: 'P2.4.1',
      basis: period.basis,
    });
    await step.complete('acceptance-convening', { meetingOn: plusDays(last, 1) });
  });

  it('P2.4.1: fewer than two representatives invited, a community left out, a day too far ahead are refused', async () => {
    const step = await start();
    const today = await engine.today();
    for (const [change, path] of [
      [{ invited: [{ community: 'c1', representatives: 1 }] }, 'invited.0.representatives'],
      [{ invited: [{ community: 'other', representatives: 3 }] }, 'invited'],
      [{ meetingOn: plusDays(today, 61) }, 'meetingOn'],
    ] as const) {
      expect(await refused(step, 'acceptance-convening', change)).toMatchObject({ path, clause: 'P2.4.1' });
    }
  });

  it('P2.4.1: the meeting can be recorded only after the invitation has run its working days', async () => {
    const step = await start();
    const today = await engine.today();
    const last = dueOf(period, today, engine.briefing.calendar).date;
    await step.complete('acceptance-convening');
    await engine.advanceTo(last, '23:00');
    expect(step.open()).toEqual([]);
    await engine.advanceTo(plusDays(last, 1), '00:30');
    await step.complete('acceptance-meeting');
  });

  it('P2.4.1: the working days of the invitation do not run while the project is suspended', async () => {
    const step = await start();
    await step.complete('acceptance-convening');
    const at = async () => ({ reason: '样例：停工', at: new Date(await engine.now()).toISOString() });
    await step.handle.signal(suspendSignal, await at());
    await engine.advance('20d');
    await step.handle.signal(resumeSignal, await at());
    await engine.settled();
    expect(step.open()).toEqual([]);
    await engine.advance('9d');
    expect(step.open().map(({ kind }) => kind)).toEqual(['acceptance-meeting']);
  });

  it('P2.4.1: a meeting held before its day or in the future, or without hearing who came, is refused', async () => {
    const step = await start();
    await step.complete('acceptance-convening');
    await untilMeeting(step);
    const today = await engine.today();
    for (const [change, path] of [
      [{ heldOn: plusDays(today, -1) }, 'heldOn'],
      [{ heldOn: plusDays(today, 1) }, 'heldOn'],
      [{ heard: undefined }, 'heard'],
      [{ attendance: [{ community: 'c9', present: 2 }] }, 'attendance'],
    ] as const) {
      expect(await refused(step, 'acceptance-meeting', change)).toMatchObject({ path, clause: 'P2.4.1' });
    }
  });

  it('P2.4.1: with one representative present residents are invited again, and two present then suffice', async () => {
    const step = await start();
    await step.complete('acceptance-convening');
    await met(step, { c1: 1 });
    await step.complete('acceptance-invitation');
    await met(step, { c1: 2 });
    await step.sign();
    const { output } = await toTheEnd(step);
    expect(output.residentsPresent).toBe(2);
  });

  it('P2.4.1: after a second invitation without two present the neighbourhood attests; unattested, a third follows', async () => {
    const step = await start();
    await step.complete('acceptance-convening');
    await met(step, { c1: 0 });
    await step.complete('acceptance-invitation');
    await met(step, { c1: 1 });
    expect(await refused(step, 'acceptance-attestation', { attested: false })).toMatchObject({
      path: 'remarks',
    });
    await step.complete('acceptance-attestation', { attested: false, remarks: '样例：楼道未张贴通知' });
    await step.complete('acceptance-invitation');
    await met(step, { c1: 1 });
    await step.complete('acceptance-attestation');
    await step.sign();
    expect((await toTheEnd(step)).output.residentsPresent).toBe(1);
  });

  it('P2.4.1: of two communities only the one from which too few came is invited again', async () => {
    const step = await start({}, [place('c1'), place('c2', 2)]);
    await step.complete('acceptance-convening');
    await met(step, { c1: 3, c2: 0 });
    const again = await step.task('acceptance-invitation');
    expect(again.context).toMatchObject({ invitation: 2, communities: [{ id: 'c2' }] });
    await engine.decide(again);
    await met(step, { c2: 1 });
    expect(await step.task('acceptance-attestation')).toMatchObject({
      organisation: '371302-n2-neighbourhood',
    });
    await step.complete('acceptance-attestation');
    await step.sign();
    expect((await toTheEnd(step)).output.residentsPresent).toBe(4);
  });

  it('P2.4.1: owner, designer, contractor, supervisor sign, and the surveyor where there was one', async () => {
    const step = await start({ scheme: { ...scheme, surveyor: market('surveyor') } }, undefined, {
      ...BOUND,
      surveyor: market('surveyor'),
    });
    await step.complete('acceptance-convening');
    await met(step);
    await step.task('acceptance-owner-signature');
    expect(openParties(step)).toEqual(
      ['contractor', 'designer', 'project-owner', 'supervisor', 'surveyor'].map(market),
    );
    await step.sign();
    await toTheEnd(step);
  });

  it('P2.4.1: every contractor signs where several lots of works were awarded', async () => {
    const [lot1] = contracts;
    const step = await start({
      contracts: [...contracts, { ...lot1, lot: 'works-2', winner: market('surveyor') }],
    });
    await step.complete('acceptance-convening');
    await met(step);
    await step.task('acceptance-owner-signature');
    expect(openParties(step)).toEqual(
      ['contractor', 'designer', 'project-owner', 'supervisor', 'surveyor'].map(market),
    );
  });

  it('P2.4.1: a signature without a statement of quality, or a refusal without a defect, is refused', async () => {
    const step = await start();
    await step.complete('acceptance-convening');
    await met(step);
    const law = { clause: 'P2.4.1', basis: '建设工程质量管理条例 16' };
    const designer = market('designer');
    const sign = (change: Record<string, unknown>) => refused(step, 'acceptance-signature', change, designer);
    expect(await sign({ documents: undefined })).toMatchObject({ path: 'documents', ...law });
    expect(await sign({ accepted: false })).toMatchObject({ path: 'defects', ...law });
    expect(await sign({ defects: [defect] })).toMatchObject({ path: 'defects', ...law });
    const owner = (check: string) =>
      refused(step, 'acceptance-owner-signature', {
        checks: {
          workComplete: true,
          technicalFile: true,
          materialTests: true,
          qualityStatements: true,
          warranty: true,
          barrierFree: true,
          [check]: false,
        },
      });
    expect(await owner('warranty')).toMatchObject({ path: 'checks.warranty', ...law });
    expect(await owner('barrierFree')).toMatchObject({
      path: 'checks.barrierFree',
      clause: 'P2.4.1',
      basis: '无障碍环境建设法 17',
    });
  });

  it('P2.4.1: a defect is mended by the contractor, and only those who refused sign again', async () => {
    const step = await start();
    await step.complete('acceptance-convening');
    await met(step);
    await step.sign({ [market('supervisor')]: { accepted: false, defects: [defect], documents: undefined } });
    const mend = await step.task('acceptance-rectification');
    expect(mend.context).toMatchObject({ defects: [{ by: 'supervisor', what: defect }] });
    expect(await refused(step, 'acceptance-rectification', { measures: [] })).toMatchObject({
      path: 'measures',
    });
    await engine.decide(mend);
    await step.task('acceptance-signature');
    expect(openParties(step)).toEqual([market('supervisor')]);
    const again = await step.task('acceptance-signature');
    expect(again.context).toMatchObject({ mended: [{ defect, how: '样例：已返工并复验' }] });
    // Refused once more: the loop goes on until it is right.
    await engine.decide(again, { accepted: false, defects: [defect], documents: undefined });
    await step.complete('acceptance-rectification');
    await step.sign();
    await toTheEnd(step);
    expect(step.types().filter((type) => type === 'acceptance-refused')).toHaveLength(2);
  });

  it('P2.3.4: an open finding on quality blocks the report until its finder closes it', async () => {
    const step = await start();
    await step.complete('acceptance-convening');
    await met(step);
    await step.sign();
    const report = await step.task('acceptance-report');
    await engine.act(step.workflowId, 'acceptance-finding', county('housing'));
    expect(await refused(step, 'acceptance-report', {})).toMatchObject({
      path: 'openFindings',
      clause: 'P2.3.4',
    });
    await step.complete('acceptance-rectification');
    await step.complete('acceptance-finding-closing', { closed: false, remarks: '样例：仍不平整' });
    await step.complete('acceptance-rectification');
    await step.complete('acceptance-finding-closing');
    await engine.eventually(
      () => JSON.stringify(engine.record.tasks.get(report.id)?.context).includes('"openFindings":[]'),
      'the report to be free again',
    );
    await engine.decide(report);
    expect(
      (await engine.refusalOf(engine.act(step.workflowId, 'acceptance-finding', county('housing')))).detail
        .refusals,
    ).toMatchObject([{ clause: 'P2.4.1', basis: '建设工程质量管理条例 40' }]);
  });

  it('P2.3.4: a report is not asked for while a finding is open, and strangers raise none', async () => {
    const step = await start();
    await step.task('acceptance-convening');
    expect(
      (await engine.refusalOf(engine.act(step.workflowId, 'acceptance-finding', market('designer')))).code,
    ).toBe('not-your-seat');
    await engine.act(step.workflowId, 'acceptance-finding', market('supervisor'));
    await step.complete('acceptance-convening');
    await met(step);
    await step.sign();
    await engine.settled();
    expect(step.open().map(({ kind }) => kind)).toEqual(['acceptance-rectification']);
    await step.complete('acceptance-rectification');
    await step.complete('acceptance-finding-closing');
    await toTheEnd(step);
  });

  it('P2.3.4: findings on money do not block the acceptance', async () => {
    const moneyFindings = [
      { id: 'm1', title: '样例：多付', finder: county('audit'), found: market('project-owner') },
    ];
    const step = await start({ works: { ...works, moneyFindings } });
    await step.complete('acceptance-convening');
    await met(step);
    await step.sign();
    expect((await toTheEnd(step)).output.operatorsPending).toEqual([]);
  });

  it('P2.4.1: a report dated before the meeting or after today is refused', async () => {
    const step = await start();
    await step.complete('acceptance-convening');
    await met(step);
    await step.sign();
    const today = await engine.today();
    for (const day of [plusDays(today, -1), plusDays(today, 1)]) {
      expect(await refused(step, 'acceptance-report', { acceptedOn: day })).toMatchObject({
        path: 'acceptedOn',
      });
    }
  });

  it('P2.4.1: filing is due 15 days after acceptance; late, it is accepted with a reason and marked as a breach', async () => {
    const step = await start();
    await step.complete('acceptance-convening');
    await met(step);
    await step.sign();
    await step.complete('acceptance-report');
    const filing = await step.task('acceptance-filing');
    expect(filing.due).toMatchObject({ period: { days: 15 }, basis: '建设工程质量管理条例 49' });
    await engine.advance('30d');
    const late = await engine.refusalOf(engine.decide(filing, {}, { noLateReason: true }));
    expect(late.detail.refusals).toMatchObject([{ path: 'lateReason', clause: 'P2.4.1' }]);
    await engine.decide(filing);
    const completed = engine.record
      .of(step.workflowId)
      .find((event) => event.type === 'task-completed' && event.taskId === filing.id);
    expect(completed).toMatchObject({ data: { breach: '建设工程质量管理条例 49' } });
    await step.complete('acceptance-filing-receipt');
    await step.end();
  });

  it('P2.4.1: county housing returns an incomplete filing, and does not receive what its own officer filed as owner', async () => {
    const step = await start({}, undefined, { ...BOUND, 'project-owner': county('housing') });
    await step.complete('acceptance-convening');
    await met(step);
    await step.sign();
    await step.complete('acceptance-report');
    const officer = { user: 'the-officer' };
    await engine.decide(await step.task('acceptance-filing'), {}, officer);
    const receipt = await step.task('acceptance-filing-receipt');
    expect((await engine.refusalOf(engine.decide(receipt, {}, officer))).code).toBe('not-your-seat');
    const other = { user: 'another-officer' };
    const without = await engine.refusalOf(engine.decide(receipt, { number: undefined }, other));
    expect(without.detail.refusals).toMatchObject([{ path: 'number', basis: '建设工程质量管理条例 49' }]);
    const silent = await engine.refusalOf(
      engine.decide(receipt, { received: false, number: undefined }, other),
    );
    expect(silent.detail.refusals).toMatchObject([{ path: 'remarks' }]);
    await engine.decide(receipt, { received: false, number: undefined, remarks: '样例：缺规划意见' }, other);
    expect((await step.task('acceptance-filing')).context).toMatchObject({ remarks: '样例：缺规划意见' });
    await step.complete('acceptance-filing');
    await engine.decide(await step.task('acceptance-filing-receipt'), {}, other);
    await step.end();
  });

  it('P2.4.2: operators accept the works on their networks, three telecoms each their own', async () => {
    const step = await start({ planned: planOf([1, 3]) });
    await step.complete('acceptance-convening');
    await met(step);
    await step.task('operator-acceptance');
    const operators = step.open().filter(({ kind }) => kind === 'operator-acceptance');
    expect(operators.map(({ organisation }) => organisation).sort()).toEqual(
      ['cable-tv', 'power', 'telecom-a', 'telecom-b', 'telecom-c', 'water'].map(market),
    );
    const [first] = operators;
    if (!first) throw new Error('no operator');
    const bare = await engine.refusalOf(engine.decide(first, { documents: undefined }));
    expect(bare.detail.refusals).toMatchObject([{ path: 'documents', clause: 'P2.4.2' }]);
    for (const task of operators) await engine.decide(task);
    await step.sign();
    const { output, documents } = await toTheEnd(step);
    expect(output.operatorsPending).toEqual([]);
    expect(documents.filter(({ key }) => key === 'operator-acceptance')).toHaveLength(6);
  });

  it('P2.4.2: an operator that has not accepted does not hold up the acceptance and stands in the output as pending', async () => {
    const step = await start({ planned: planOf([1, 4]) });
    await step.complete('acceptance-convening');
    await met(step);
    await step.complete(
      'operator-acceptance',
      { accepted: false, defects: [defect], documents: undefined },
      market('gas'),
    );
    await step.complete('acceptance-rectification');
    await step.complete('operator-acceptance', {}, market('gas'));
    const water = await step.task('operator-acceptance', market('water'));
    await step.sign();
    const { output } = await toTheEnd(step);
    expect(output.operatorsPending).toEqual([market('water')]);
    expect(engine.record.tasks.get(water.id)).toMatchObject({
      status: 'closed',
      closedBecause: '专营设施验收转至移交前办理',
    });
  });

  it('P2.4.2: of several operators of a kind only those that planned works of their own are asked', async () => {
    const facility = {
      name: '样例光缆',
      owner: 'operator',
      costFen: 1,
      operatorPaysFen: 1,
      rewardFen: 0,
      utility: 'telecom',
    };
    const planned = {
      ...planOf([3]),
      operators: [
        { organisation: market('telecom-b'), facilities: [facility], promisedFen: 1, rewardFen: 0 },
      ],
    };
    const step = await start({ planned });
    await step.complete('acceptance-convening');
    await met(step);
    await step.task('operator-acceptance');
    const asked = step.open().filter(({ kind }) => kind === 'operator-acceptance');
    expect(asked.map(({ organisation }) => organisation).sort()).toEqual(
      ['cable-tv', 'power', 'telecom-b'].map(market),
    );
  });

  it('P2.4.1: an elevator needs its inspection on the table', async () => {
    const step = await start({ planned: planOf([28]) });
    const task = await step.task('acceptance-convening');
    const without = await engine.refusalOf(
      engine.decide(task, {
        documents: { 'as-built-drawings': 'sample-attachment', warranty: 'sample-attachment' },
      }),
    );
    expect(without.detail.issues?.map(({ path }) => path)).toContain('documents.elevator-inspection');
    await engine.decide(task);
  });

  it('a return closes every open task of the acceptance, operators included, and ends it without an output', async () => {
    const step = await start({ planned: planOf([1]) });
    await step.complete('acceptance-convening');
    await met(step);
    await step.task('operator-acceptance');
    await step.task('acceptance-owner-signature');
    const open = step.open();
    expect(open).toHaveLength(5);
    await step.handle.signal(turnBackSignal, { reason: '样例：退回施工', at: new Date().toISOString() });
    await step.handle.cancel();
    await engine.eventually(() => step.open().length === 0, 'all tasks closed');
    for (const { id } of open)
      expect(engine.record.tasks.get(id)).toMatchObject({ closedBecause: '样例：退回施工' });
    await engine.eventually(() => step.types().at(-1) === 'step-turned-back', 'its last event');
    expect(engine.record.fault()).toBeUndefined();
  });
});
