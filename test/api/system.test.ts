import { ensureAnnualPlanSchedule } from '../../worker/annual-plan-schedule';
import { startApi, type Person } from './api';
import { eventually, insist, startReal, TASK_QUEUE, type RealSystem } from './real';

/** What keeps the system going, on a real engine and a real store. */
describe('the system administrator looks after what the system does by itself', () => {
  let system: RealSystem;
  let administrator: Person;
  let audit: Person;

  beforeAll(async () => {
    system = await startReal();
    [administrator, audit] = await Promise.all([
      system.administrator('system'),
      system.administrator('audit'),
    ]);
  }, 60_000);
  afterAll(() => system.stop(), 30_000);

  const first = async () => (await administrator.get('schedules').expect(200)).body.items[0];

  test('a Schedule that no worker has made yet is missing, and cannot be paused', async () => {
    expect(await first()).toMatchObject({ id: 'annual-plan', state: 'missing', next: [], recent: [] });
    await administrator.post('schedules/annual-plan/pause', { reason: '样例' }).expect(404);
  });

  test('P2.1.4: the Schedule of the annual plan says what it does, when next, and how it ended last', async () => {
    await ensureAnnualPlanSchedule(system.client, TASK_QUEUE);
    const before = await first();
    expect(before).toMatchObject({
      title: '开启次年度改造计划',
      clause: 'P2.1.4',
      state: 'active',
      missed: 0,
    });
    expect(before.next).toHaveLength(5);
    expect(before.next[0]).toMatch(/-01-01T01:00:00.000Z$/);
    const reason = '样例：计划提前开启';
    await administrator.post('schedules/annual-plan/run', { reason }, 'run').expect(200);
    await administrator.post('schedules/annual-plan/run', { reason }, 'run').expect(200);
    const run = await eventually('the run ends', async () => {
      const [one, ...others] = (await first()).recent;
      return one?.outcome === 'completed' ? { ...one, others } : undefined;
    });
    expect(run.result).toMatch(/^已开启 \d{4} 年度改造计划$/);
    expect(run.others).toEqual([]);
    expect(await first()).toMatchObject({ state: 'active', note: reason });
  });

  test('P1.4: it is paused and goes on for a reason, which the Schedule and the audit administrator keep', async () => {
    await administrator.post('schedules/annual-plan/pause', {}).expect(400);
    await administrator.post('schedules/annual-plan/pause', { reason: '样例 13800138000' }).expect(400);
    const paused = await administrator.post('schedules/annual-plan/pause', { reason: '样例：机构调整' });
    expect(paused.body).toMatchObject({ state: 'paused', note: '样例：机构调整' });
    const run = await administrator.post('schedules/annual-plan/run', { reason: '样例：补办' }).expect(200);
    expect(run.body).toMatchObject({ state: 'paused', note: '样例：补办' });
    const resumed = await administrator.post('schedules/annual-plan/resumption', {
      reason: '样例：调整已毕',
    });
    expect(resumed.body).toMatchObject({ state: 'active', note: '样例：调整已毕' });
    const { body } = await audit.get(`access-log?user=${administrator.user}`).expect(200);
    expect(body.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ of: 'pauseSchedule annual-plan', reason: '样例：机构调整' }),
        expect.objectContaining({ of: 'resumeSchedule annual-plan', reason: '样例：调整已毕' }),
      ]),
    );
  });

  test('Schedules that others have made in the namespace are nobody’s business here', async () => {
    await system.client.schedule.create({
      scheduleId: 'another',
      spec: { intervals: [{ every: '30 days' }] },
      action: { type: 'startWorkflow', workflowType: 'x', taskQueue: 'x', args: [] },
    });
    expect((await administrator.get('schedules').expect(200)).body.items).toHaveLength(1);
    await administrator.post('schedules/another/pause', { reason: '样例' }).expect(404);
    await audit.get('schedules').expect(403);
  });

  const state = async () => {
    const began = Date.now();
    const { body } = await administrator.get('system').expect(200);
    expect(Date.now() - began).toBeLessThan(5_000);
    return body;
  };

  test('its state says who answers, who works, what waits and what stands open', async () => {
    const now = new Date();
    const hourAgo = new Date(now.getTime() - 3_600_000);
    const entry = (id: string) => ({ _id: id, channel: 'webhook', kind: 'digest', nextAt: now }) as const;
    await system.store.outbox.add([entry('sample-dead'), entry('sample-waiting')], hourAgo);
    await system.store.outbox.model.updateOne({ _id: 'sample-dead' }, { $set: { state: 'dead' } });
    await system.store.alerts.raise('needs-repair', 'project/371302-2028-0001', 'sample', hourAgo);
    await system.store.alerts.raise('vanished', 'project/371302-2028-0002', 'sample', hourAgo);
    await system.store.alerts.mend('project/371302-2028-0002', now, ['vanished']);
    const year = new Date().getFullYear() + 3;
    await insist(await system.as('371300-housing'), 'plans', { year }, 'plan');
    // Shown anew, long after its last event: no lag of the record.
    const shown = { seq: 1, hash: 'x', origin: 'x', open: false, writtenAt: now };
    await system.store.heads.model.create({ _id: 'sample', at: '2020-01-01T00:00:00.000Z', ...shown });
    const body = await state();
    expect(body).toMatchObject({
      mode: 'live',
      engine: { state: 'ok', version: expect.stringMatching(/^\d+\.\d+/) },
      store: { state: 'ok', version: expect.stringMatching(/^\d+\.\d+/) },
      workers: { state: 'ok' },
      outbox: { state: 'ok', waiting: 1, dead: 1, oldestWaitingAt: hourAgo.toISOString() },
      alerts: { state: 'ok', open: 1, needsRepair: 1, items: [{ kind: 'needs-repair' }] },
      record: { state: 'ok' },
    });
    const kinds = (body.workers.items as { kind: string; polls: boolean }[]).filter(({ polls }) => polls);
    expect(kinds.map(({ kind }) => kind).sort()).toEqual(['activities', 'workflows']);
    expect(body.record.lagMs).toBeLessThan(60_000);
    expect(body.record.openWorkflows).toBeGreaterThan(0);
    await audit.get('system').expect(403);
  });

  test('without the engine it says so within five seconds, and goes on telling of the store', async () => {
    await system.killTemporal();
    expect(await state()).toMatchObject({
      engine: { state: 'away' },
      workers: { state: 'away' },
      store: { state: 'ok' },
      outbox: { state: 'ok', dead: 1 },
    });
    const refused = await administrator.get('schedules');
    expect(refused.status).toBe(503);
    await system.restartTemporal();
  }, 40_000);

  test('without the store it says so as long as it knows who asks, and then that nobody can be asked', async () => {
    await state();
    await system.killMongo();
    const began = Date.now();
    const { status, body } = await administrator.get('system');
    expect(Date.now() - began).toBeLessThan(5_000);
    expect([200, 503]).toContain(status);
    if (status === 200) expect(body).toMatchObject({ store: { state: 'away' }, outbox: { state: 'away' } });
    await system.restartMongo();
    await eventually('the store is back', async () =>
      (await administrator.get('system')).body.store?.state === 'ok' ? true : undefined,
    );
  }, 40_000);
});

test('a rehearsal has no Schedules, and says what opens its plans instead', async () => {
  const api = await startApi({ mode: 'rehearsal', advance: async () => 0 });
  try {
    const administrator = await api.administrator('system');
    const { body } = await administrator.get('schedules').expect(409);
    expect(body).toMatchObject({ code: 'not-in-rehearsal', detail: expect.stringContaining('拨快时钟') });
    await administrator.post('schedules/annual-plan/run', { reason: '样例' }).expect(409);
  } finally {
    await api.stop();
  }
});
