import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { yearToDeclare } from '../../domain/annual-plan';
import { dataConverterOf } from '../../keys/data-converter';
import { readKeyring } from '../../keys/folder';
import { linyi } from '../../policy/linyi';
import { bundleWorkflows } from '../../worker/bundle';
import { eventually } from '../worker/running-worker';
import { startCollector, type Collector, type Span } from './collector';
import { firstTask, startFleet, type Answered, type Caller, type Fleet } from './fleet';

const year = yearToDeclare(Date.now(), new Date().getFullYear(), linyi);
const REQUEST = 'click-on-survey-1';

/** Begins a project and decides its first task, as one click with a request id of its own. */
async function decideOne(
  fleet: Fleet,
): Promise<{ taskId: string; answered: Answered; neighbourhood: Caller }> {
  const [city, housing, neighbourhood] = await Promise.all([
    fleet.as('371300-housing'),
    fleet.as('371302-housing'),
    fleet.as('371302-n1'),
  ]);
  expect(await city.post('plans', { year })).toMatchObject({ status: 201 });
  expect(await housing.post('projects', { communityIds: ['c1'], year })).toMatchObject({ status: 201 });
  const { id, example } = await firstTask(neighbourhood, 'household-survey');
  const answered = await neighbourhood.post(`tasks/${id}/completion`, example, { 'X-Request-Id': REQUEST });
  expect(answered.status).toBe(200);
  return { taskId: id, answered, neighbourhood };
}

async function historyOf(fleet: Fleet, workflowId: string) {
  const connection = await Connection.connect({ address: fleet.temporal().address });
  const history = await new Client({ connection }).workflow.getHandle(workflowId).fetchHistory();
  await connection.close();
  return history;
}
async function headersIn(fleet: Fleet, workflowId: string): Promise<string[]> {
  const history = await historyOf(fleet, workflowId);
  return [...JSON.stringify(history).matchAll(/"traceparents"/g)].map(([found]) => found);
}
const workflowOf = (taskId: string): string => taskId.replace(/\.\d+$/, '').replaceAll('.', '/');

describe('with a collector', () => {
  let collector: Collector;
  let fleet: Fleet;
  let taskId: string;
  let trace: Span[];

  beforeAll(async () => {
    collector = await startCollector();
    fleet = await startFleet({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    ({ taskId } = await decideOne(fleet));
    trace = await eventually(
      'the trace is whole',
      async () => {
        const click = collector.spans.find((span) => span.attributes['jiugai.request.id'] === REQUEST);
        const spans = collector.spans.filter(({ traceId }) => traceId === click?.traceId);
        return spans.some(
          ({ name, service }) => /commitTransaction/.test(name) && service === 'jiugai-worker',
        )
          ? spans
          : undefined;
      },
      30_000,
    );
  });
  afterAll(async () => {
    await fleet?.stop();
    await collector?.stop();
  });

  const named = (name: string | RegExp): Span => {
    const found = trace.find((span) =>
      typeof name === 'string' ? span.name === name : name.test(span.name),
    );
    if (!found) throw new Error(`no span ${name} among ${trace.map((span) => span.name).join(', ')}`);
    return found;
  };

  test('one decision is one trace, from the click through API, Update and workflow to what MongoDB was told', () => {
    const request = named('POST /tasks/{id}/completion');
    expect(request).toMatchObject({
      service: 'jiugai-api',
      attributes: { 'http.response.status_code': '200', 'jiugai.request.id': REQUEST },
    });
    expect(request.parentSpanId ?? '').toBe('');
    const update = named('Update completeTask');
    expect(update).toMatchObject({
      service: 'jiugai-api',
      parentSpanId: request.spanId,
      attributes: { 'temporal.workflow.id': workflowOf(taskId) },
    });
    expect(named('Workflow completeTask')).toMatchObject({
      service: 'jiugai-worker',
      parentSpanId: update.spanId,
    });
    const record = named('Activity record');
    expect(record).toMatchObject({ service: 'jiugai-worker', parentSpanId: update.spanId });
    for (const command of [
      /^mongodb insert events/,
      /^mongodb update tasks|^mongodb bulkWrite/,
      /commitTransaction/,
    ]) {
      expect(named(command)).toMatchObject({ service: 'jiugai-worker', parentSpanId: record.spanId });
    }
  });

  test('nobody’s words, names or tokens are sent, only ids and names of commands', () => {
    const all = collector.bodies.join('\n');
    expect(all).toContain('temporal.workflow.id');
    for (const secret of ['Bearer', 'u-371302-n1', '样例小区', '"form"', 'signature']) {
      expect({ secret, isThere: all.includes(secret) }).toEqual({ secret, isThere: false });
    }
  });

  test('log lines of API and worker are joined by ids: request, trace, workflow, task, Update', async () => {
    const workflowId = workflowOf(taskId);
    const { traceId } = named('Update completeTask');
    const api = await eventually('the API’s line', async () =>
      fleet.api.entries().find(({ msg, taskId: of }) => msg === 'recorded' && of === taskId),
    );
    expect(api).toMatchObject({ requestId: REQUEST, traceId, workflowId, update: 'completeTask' });
    const request = await eventually('the line of the request', async () =>
      fleet.api.entries().find(({ requestId, status }) => requestId === REQUEST && status === 200),
    );
    expect(request).toMatchObject({ traceId, method: 'POST' });
    const worker = await eventually('the worker’s line', async () =>
      fleet.worker
        .entries()
        .find(
          ({ msg, updateIds }) =>
            msg === 'recorded' && JSON.stringify(updateIds).includes(String(api['updateId'])),
        ),
    );
    expect(worker).toMatchObject({ part: 'worker', workflowId, traceId });
    expect(worker['taskIds']).toContain(taskId);
  });

  test('what is caused is carried in headers and in nothing else', async () => {
    expect((await headersIn(fleet, workflowOf(taskId))).length).toBeGreaterThan(1);
  });

  test('a workflow that was traced is led again as it went, by code that tells nobody', async () => {
    Runtime.install({
      logger: new DefaultLogger('ERROR', () => undefined),
      telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
    });
    const workflowId = workflowOf(taskId);
    const codePath = await bundleWorkflows({ cacheDir: join(__dirname, '../../.data/cache') });
    const dataConverter = dataConverterOf(readKeyring(fleet.keys, 'payload'));
    const options = { workflowBundle: { codePath }, dataConverter };
    await Worker.runReplayHistory(options, await historyOf(fleet, workflowId), workflowId);
  });
});

describe('without one', () => {
  let fleet: Fleet;
  afterAll(() => fleet?.stop());

  test('no header is carried, and log lines are joined all the same', async () => {
    fleet = await startFleet({ OTEL_EXPORTER_OTLP_ENDPOINT: '' });
    const { taskId } = await decideOne(fleet);
    expect(await headersIn(fleet, workflowOf(taskId))).toEqual([]);
    const api = await eventually('the API’s line', async () =>
      fleet.api.entries().find(({ msg, taskId: of }) => msg === 'recorded' && of === taskId),
    );
    expect(api).toMatchObject({ requestId: REQUEST, workflowId: workflowOf(taskId) });
    expect(api).not.toHaveProperty('traceId');
    const worker = await eventually('the worker’s line', async () =>
      fleet.worker
        .entries()
        .find(({ updateIds }) => JSON.stringify(updateIds ?? []).includes(String(api['updateId']))),
    );
    expect(worker['taskIds']).toContain(taskId);
  });
});
