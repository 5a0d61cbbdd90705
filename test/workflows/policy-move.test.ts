import { SYSTEM_ADMINISTRATION } from '../../domain/forms/repair';
import type { ProjectNode, StepNode } from '../../domain/node';
import type { ProjectStart } from '../../domain/project';
import { contentOf } from '../../domain/signing/statements';
import type { PeriodKey } from '../../policy/keys';
import type { PolicySnapshot } from '../../policy/snapshot';
import { startEngine, type Engine } from './engine';
import { CITY, community, COUNTY, policy, sampleOrganisations } from './sample';

/** 适用新版政策: a project that has begun goes on under another version. */
describe('moving a running project to another version of the policy', () => {
  let engine: Engine;
  let number = 0;
  const versions = new Map<string, PolicySnapshot>();
  beforeAll(async () => {
    engine = await startEngine({
      organisations: sampleOrganisations(),
      activities: { policyVersion: async ({ version }) => versions.get(version) ?? null },
    });
  });
  afterAll(() => engine.stop());

  function version(change: Partial<PolicySnapshot>): PolicySnapshot {
    const made = { ...policy, version: `2030.${versions.size + 1}`, ...change };
    versions.set(made.version, made);
    return made;
  }
  const withPeriod = (key: PeriodKey, workingDays: number) =>
    version({ periods: { ...policy.periods, [key]: { ...policy.periods[key], length: { workingDays } } } });

  async function begin() {
    const projectId = `${COUNTY}-2028-010${(number += 1)}`;
    const start: ProjectStart = {
      projectId,
      name: '样例项目',
      city: CITY,
      county: COUNTY,
      year: 2028,
      communities: [community('c1')],
      policy,
      startedBy: { user: `${COUNTY}-housing-1`, organisation: `${COUNTY}-housing` },
    };
    const workflowId = `project/${projectId}`;
    await engine.start('renovationProject', workflowId, [start]);
    const survey = await engine.task('household-survey', { projectId });
    const now = () => engine.record.tasks.get(survey.id);
    const node = () => engine.record.nodes.get(workflowId) as ProjectNode;
    const move = (to: PolicySnapshot, change: Record<string, unknown> = {}, by = SYSTEM_ADMINISTRATION) =>
      engine.act(
        workflowId,
        'policy-move',
        by,
        { version: to.version, sha256: contentOf(to), reason: '样例：新方案印发', ...change },
        'administrator-1',
      );
    const moved = (to: PolicySnapshot) =>
      engine.eventually(
        () =>
          engine.record.types(survey.workflowId).includes('policy-moved') &&
          node().policyVersion === to.version,
        'the step has heard',
      );
    return { projectId, workflowId, survey, now, node, move, moved };
  }

  it('P1.4: only the system administrator moves it, with a reason, and not to where it is', async () => {
    const { move } = await begin();
    expect((await engine.refusalOf(move(withPeriod('survey', 9), {}, `${COUNTY}-housing`))).code).toBe(
      'not-your-seat',
    );
    expect((await engine.refusalOf(move(policy))).code).toBe('rule-violated');
    expect((await engine.refusalOf(move(withPeriod('survey', 9), { reason: '' }))).code).toBe(
      'invalid-request',
    );
  });

  it('P2.1.1: the due date of an open task is computed anew from the day it was asked', async () => {
    const { survey, now, move, moved, node } = await begin();
    const { length } = policy.periods.survey;
    const days = 'workingDays' in length ? length.workingDays : 20;
    const to = withPeriod('survey', days + 10);
    await move(to);
    await moved(to);
    await engine.eventually(() => now()?.due?.date !== survey.due?.date, 'another due date');
    expect(now()?.due).toMatchObject({ from: survey.due?.from, period: { workingDays: days + 10 } });
    expect(node().policyVersion).toBe(to.version);
    const told = engine.record.of(survey.workflowId).find(({ type }) => type === 'policy-moved');
    expect(told).toMatchObject({
      reason: '样例：新方案印发',
      data: { from: policy.version, to: to.version },
    });
    expect(engine.record.fault()).toBeUndefined();
  });

  it('P2.1.3: a notice that hangs becomes longer with the policy, and never shorter', async () => {
    const { projectId, move, moved } = await begin();
    await engine.everybodyActs(() =>
      engine.openTasks('notice-posting').some((task) => task.projectId === projectId),
    );
    const posting = await engine.complete('notice-posting', {}, { projectId });
    const wait = () => (engine.record.nodes.get(posting.workflowId) as StepNode).waits[0]?.until;
    const until = await engine.eventually(wait, 'the wait');
    const longer = withPeriod('public-notice', 8);
    await move(longer);
    await moved(longer).catch(() => undefined);
    const later = await engine.eventually(() => wait() !== until && wait(), 'a later last day');
    expect(later > until).toBe(true);
    const shorter = withPeriod('public-notice', 5);
    await move(shorter);
    await engine.eventually(
      () => engine.record.types(posting.workflowId).filter((type) => type === 'policy-moved').length === 2,
      'the second move',
    );
    await engine.settled();
    expect(wait()).toBe(later);
  }, 120_000);

  it('P1.4: an open task goes to whom the new version gives its seat, and is decided there', async () => {
    const { projectId, survey, now, move } = await begin();
    const seat = 'neighbourhood@neighbourhood';
    const heldBy = 'subdistrict@subdistrict';
    const to = version({
      seatMappings: [
        {
          area: survey.organisation.replace('-neighbourhood', ''),
          seat,
          heldBy,
          heldIn: `${COUNTY}-s1`,
        } as never,
      ],
    });
    await move(to);
    await engine.eventually(() => now()?.organisation === `${COUNTY}-s1-subdistrict`, 'it has moved');
    const event = engine.record.of(survey.workflowId).find(({ type }) => type === 'task-reseated');
    expect(event).toMatchObject({ data: { from: survey.organisation, to: `${COUNTY}-s1-subdistrict` } });
    await engine.complete('household-survey', {}, { projectId });
    expect(engine.record.fault()).toBeUndefined();
  });

  it('P1.4: a version that is not what was signed for, or that nobody kept, moves nothing', async () => {
    const { workflowId, node, move } = await begin();
    await move(withPeriod('survey', 9), { sha256: '1'.repeat(64) });
    await move({ ...policy, version: '2031.1' });
    const failed = () =>
      engine.record.types(workflowId).filter((type) => type === 'policy-move-failed').length;
    await engine.eventually(() => failed() === 2, 'both fail');
    expect(node().policyVersion).toBe(policy.version);
  });
});
