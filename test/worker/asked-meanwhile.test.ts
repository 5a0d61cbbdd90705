import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { ask } from '../../worker/ask';
import { bundleWorkflows } from '../../worker/bundle';
import { startTemporal, type RunningTemporal } from '../support/servers';
import { goOnSignal, instantQuery, waitsToBeTold } from './asked-meanwhile.workflows';

const TASK_QUEUE = 'asked-meanwhile';
const WORKFLOWS = 20;

let temporal: RunningTemporal;
let connection: NativeConnection;
let client: Client;
let worker: () => Promise<Worker>;

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const workflowsPath = resolve(__dirname, 'asked-meanwhile.workflows.ts');
  const [server, codePath] = await Promise.all([
    startTemporal(),
    bundleWorkflows({ cacheDir: resolve(__dirname, '../../.data/cache'), workflowsPath }),
  ]);
  temporal = server;
  connection = await NativeConnection.connect({ address: temporal.address });
  client = new Client({ connection });
  worker = () => Worker.create({ connection, taskQueue: TASK_QUEUE, workflowBundle: { codePath } });
});

afterAll(async () => {
  await connection.close();
  await temporal.stop();
});

test('P1.2: what a workflow hears while nobody leads it is not dated back by who asked it meanwhile', async () => {
  const first = await worker();
  const running = first.run();
  const handles = await Promise.all(
    Array.from({ length: WORKFLOWS }, (_, index) =>
      client.workflow.start(waitsToBeTold, { taskQueue: TASK_QUEUE, workflowId: `waits/${index}` }),
    ),
  );
  await Promise.all(handles.map((handle) => handle.query(instantQuery)));
  first.shutdown();
  await running;

  const asked = Promise.all(handles.map((handle) => ask(handle, instantQuery)));
  await setTimeout(500);
  const from = Date.now();
  await Promise.all(handles.map((handle) => handle.signal(goOnSignal)));

  const second = await worker();
  const [told, answers] = await second.runUntil(
    Promise.all([Promise.all(handles.map((handle) => handle.result())), asked]),
  );
  expect(told.filter((instant) => instant < from)).toEqual([]);
  // Each question is answered, by what stood before or by what stands now: never by an instant that nobody else will see.
  for (const [index, instant] of answers.entries()) {
    expect(instant < from || instant === told[index]).toBe(true);
  }
});
