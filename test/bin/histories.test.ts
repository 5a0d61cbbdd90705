import { resolve } from 'node:path';
import { temporal } from '@temporalio/proto';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { bundleForReplay, replay } from '../../bin/predeploy/replay';
import { FAILURE_CONVERTER } from '../../keys/data-converter';
import { recordedHistories } from '../support/recorded-histories';

/** Lives that earlier code has led: `npm run histories` records them, a change of replayed code must not lead them elsewhere. */
const recorded = recordedHistories();

/** Every step of a life in its order, and what belongs to a year. */
const DONE = [
  'needsCollection',
  'preliminaryPlan',
  'publicNotice',
  'municipalApproval',
  'jointDocument',
  'schemeReview',
  'tendering',
  'construction',
  'completionAcceptance',
  'finalAccounts',
  'archiving',
  'handover',
  'propertyManagement',
  'consent',
];

test('P1.4: lives that earlier code has led go on under this code, and tell their past as they told it', async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const codePath = await bundleForReplay({ cacheDir: resolve(__dirname, '../../.data/cache') });
  const histories = recorded.map(({ workflowId, history }) => ({ workflowId, history }));
  const { replayed, broken } = await replay(codePath, { failureConverterPath: FAILURE_CONVERTER }, histories);
  expect(broken).toEqual([]);
  expect(replayed).toBe(recorded.length);
}, 150_000);

test('among them is every step done, a step turned back, and a project at each of its ends', () => {
  const names = recorded.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(DONE.map((type) => `${type}.step-done.first`)));
  for (const end of ['completed', 'withdrawn', 'rejected', 'cancelled', 'residents-declined']) {
    expect(names).toContain(`renovationProject.${end}.first`);
  }
  expect(names.filter((name) => name.includes('.step-turned-back.')).length).toBeGreaterThan(0);
});

test('P5.1.2: no task of theirs in which something happened ended without an event of its own', () => {
  const silent = recorded.flatMap(({ name, history }) => silentTasks(history).map((id) => `${name}: ${id}`));
  expect(silent).toEqual([]);
});

const { EventType } = temporal.api.enums.v1;
/** What comes to a workflow from outside and makes a task of it; not what its own commands leave. */
const COMES =
  /^EVENT_TYPE_(TIMER_FIRED|ACTIVITY_TASK_(COMPLETED|FAILED|TIMED_OUT)|WORKFLOW_EXECUTION_(STARTED|SIGNALED|CANCEL_REQUESTED)|(CHILD|EXTERNAL)_WORKFLOW_EXECUTION_\w+)$/;

/** Completed tasks that had something to see and after which, before the next was scheduled, nothing stands. */
function silentTasks({ events = [] }: temporal.api.history.v1.IHistory): string[] {
  const silent: string[] = [];
  let happened = false;
  for (const [i, { eventId, eventType }] of (events ?? []).entries()) {
    if (eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED) {
      const next = events?.[i + 1]?.eventType;
      if (happened && next === EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED) silent.push(String(eventId));
      happened = false;
    } else if (COMES.test(EventType[eventType ?? 0] ?? '')) {
      happened = true;
    }
  }
  return silent;
}
