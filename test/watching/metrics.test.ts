import { Client, Connection } from '@temporalio/client';
import { yearToDeclare } from '../../domain/annual-plan';
import { linyi } from '../../policy/linyi';
import { eventually } from '../worker/running-worker';
import { samplesIn, typesIn, type Sample } from './exposition';
import { labelsIn, metricsIn } from './expressions';
import { expressions, readText } from './observability';
import { firstTask, startFleet, type Fleet } from './fleet';

/** Real processes, a real engine, a real store: what Prometheus reads after one decision. */
describe('what worker and API tell Prometheus', () => {
  let fleet: Fleet;
  const text = { worker: '', api: '' };

  async function scrape(of: 'worker' | 'api'): Promise<Sample[]> {
    const answer = await fetch(`${fleet[of].url}/metrics`);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    text[of] = await answer.text();
    return samplesIn(text[of]);
  }
  const pick = (samples: Sample[], name: string, labels: Record<string, string> = {}): number | undefined =>
    samples.find(
      (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
    )?.value;

  beforeAll(async () => {
    fleet = await startFleet();
    const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);
    const [city, housing, neighbourhood] = await Promise.all(
      ['371300-housing', '371302-housing', '371302-n1'].map((id) => fleet.as(id)),
    );
    expect(await city?.post('plans', { year })).toMatchObject({ status: 201 });
    expect(await housing?.post('projects', { communityIds: ['c1'], year })).toMatchObject({ status: 201 });
    const { id, example } = await firstTask(neighbourhood as never, 'household-survey');
    expect(await neighbourhood?.post(`tasks/${id}/completion`, example)).toMatchObject({ status: 200 });
    // Somebody tries what is done already, and is refused.
    expect(await neighbourhood?.post(`tasks/${id}/completion`, example)).toMatchObject({ status: 409 });
    // The figures of the city are as old as 15 s at most.
    await eventually(
      'the worker counts the tasks',
      async () => (pick(await scrape('worker'), 'jiugai_tasks_open', { area: '371302' }) ?? 0) > 0,
      40_000,
    );
    await scrape('api');
  });
  afterAll(() => fleet?.stop());

  test('open and overdue tasks are counted by county and level, not by office', () => {
    const samples = samplesIn(text.worker).filter(({ name }) => name === 'jiugai_tasks_open');
    expect(samples.length).toBeGreaterThan(0);
    for (const { labels } of samples) {
      expect(labels['area']).toMatch(/^\d{6}$/);
      expect(['city', 'county', 'subdistrict', 'neighbourhood', 'company']).toContain(labels['level']);
    }
    const overdue = samplesIn(text.worker).filter(({ name }) => name === 'jiugai_tasks_overdue');
    expect(overdue.map(({ labels }) => labels)).toEqual(samples.map(({ labels }) => labels));
  });

  test('a decision that was recorded is timed from the API’s click to the store, and from the engine to the store', () => {
    const api = samplesIn(text.api);
    const recorded = pick(api, 'jiugai_decision_duration_seconds_count', {
      update: 'completeTask',
      outcome: 'recorded',
    });
    expect(recorded).toBe(1);
    expect(pick(samplesIn(text.worker), 'jiugai_record_delay_seconds_count')).toBeGreaterThan(3);
  });

  test('requests are told by route pattern: no id makes a series of its own', () => {
    const routes = samplesIn(text.api)
      .filter(({ name }) => name === 'jiugai_http_request_duration_seconds_count')
      .map(({ labels }) => labels['route']);
    expect(routes).toContain('/tasks/{id}/completion');
    expect(text.api).not.toMatch(/project\.3713/);
    expect(text.worker).not.toMatch(/3713\d\d-[a-z]/);
  });

  test('the engine’s library tells how long work waits for a worker', () => {
    const worker = samplesIn(text.worker);
    for (const kind of ['workflow_task', 'activity']) {
      const name = `temporal_${kind}_schedule_to_start_latency_seconds_count`;
      expect({ name, isThere: (pick(worker, name) ?? 0) > 0 }).toEqual({ name, isThere: true });
    }
  });

  test('nothing is wrong, nothing waits to be sent, and the API finds all that it needs', () => {
    const worker = samplesIn(text.worker);
    for (const kind of ['needs-repair', 'vanished', 'projection-differs']) {
      expect(pick(worker, 'jiugai_alerts', { kind })).toBe(0);
    }
    expect(pick(worker, 'jiugai_store_up')).toBe(1);
    expect(pick(worker, 'jiugai_outbox_messages', { state: 'dead' })).toBe(0);
    expect(pick(worker, 'jiugai_workflows_open')).toBeGreaterThan(1);
    const now = Date.now() / 1_000;
    expect(pick(worker, 'jiugai_round_last_success_timestamp_seconds', { round: 'sweep' })).toBeGreaterThan(
      now - 120,
    );
    for (const [samples, use] of [
      [worker, 'worker'],
      [samplesIn(text.api), 'api'],
    ] as const) {
      const expires = pick(samples, 'jiugai_signing_key_expires_timestamp_seconds', { use });
      expect(expires).toBeGreaterThan(now + 300 * 86_400);
    }
    for (const part of ['engine', 'store', 'worker']) {
      expect(pick(samplesIn(text.api), 'jiugai_ready', { part })).toBe(1);
    }
  });

  test('every figure of ours stands in the table of docs/operations.md with its type, and none there is missing', () => {
    const ours = [...typesIn(text.worker), ...typesIn(text.api)].filter(([name]) =>
      name.startsWith('jiugai_'),
    );
    const table = [...readText('docs/operations.md').matchAll(/^\| `(jiugai_\w+)` \| (\w+) \|/gm)];
    const documented = table.map(([, name, type]) => [name, type]);
    // The first daily root is made when the first day has ended.
    const known = new Map([...ours, ['jiugai_daily_root_timestamp_seconds', 'gauge']] as [string, string][]);
    expect(documented.toSorted()).toEqual([...known].toSorted());
  });

  test('every figure and label by which dashboard and alerts ask is in what was told', async () => {
    // What counts failures is there after the first one: somebody starts what is no workflow of ours.
    const connection = await Connection.connect({ address: fleet.temporal().address });
    const client = new Client({ connection });
    await client.workflow.start('none-of-ours', {
      workflowId: 'none-of-ours',
      taskQueue: 'jiugai',
      args: [],
    });
    await eventually('the failure is counted', async () => {
      await scrape('worker');
      return typesIn(text.worker).has('temporal_workflow_task_execution_failed');
    });
    await client.workflow.getHandle('none-of-ours').terminate();
    await connection.close();
    const samples = [...samplesIn(text.worker), ...samplesIn(text.api)];
    const names = new Set([
      ...samples.map(({ name }) => name),
      'up',
      'jiugai_daily_root_timestamp_seconds',
      // Told over TLS only (test/watching/over-tls.test.ts).
      'jiugai_certificate_expires_timestamp_seconds',
    ]);
    const labels = new Set(samples.flatMap((one) => Object.keys(one.labels)));
    const missing = expressions.flatMap((one) => [
      ...metricsIn(one).filter((name) => !names.has(name)),
      ...labelsIn(one).filter((label) => !labels.has(label) && !['job', 'instance', 'le'].includes(label)),
    ]);
    expect(missing).toEqual([]);
  });

  test('counting open tasks reads an index and no task', async () => {
    const plan = (await fleet.store.tasks.model
      .aggregate([{ $match: { status: 'open' } }, { $group: { _id: '$organisation', overdue: { $sum: 1 } } }])
      .explain('queryPlanner')) as unknown as { queryPlanner: { winningPlan: object } };
    const chosen = JSON.stringify(plan.queryPlanner.winningPlan);
    expect(chosen).toContain('status_1_organisation_1_overdue_1');
    expect(chosen).not.toMatch(/FETCH|COLLSCAN/);
  });

  test('while the store is away the worker still answers, and tells no old figures', async () => {
    expect(typesIn(text.worker).get('jiugai_tasks_open')).toBe('gauge');
    await fleet.mongo().kill();
    const samples = await eventually(
      'the worker says that the store is away',
      async () => {
        const found = await scrape('worker');
        return pick(found, 'jiugai_store_up') === 0 ? found : undefined;
      },
      30_000,
    );
    expect(samples.filter(({ name }) => name.startsWith('jiugai_tasks'))).toEqual([]);
    expect(pick(samples, 'process_cpu_seconds_total')).toBeGreaterThan(0);
    await fleet.restartMongo();
  });
});
