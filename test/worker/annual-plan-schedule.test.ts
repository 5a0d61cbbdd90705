import { resolve } from 'node:path';
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { civilDate } from '../../domain/calendar';
import { ANNUAL_PLAN_SCHEDULE, ensureAnnualPlanSchedule } from '../../worker/annual-plan-schedule';
import { registerSearchAttributes } from '../../worker/register-attributes';
import { eventually, runWorker, TASK_QUEUE, type RunningWorker } from './running-worker';

let running: RunningWorker;

beforeAll(async () => {
  running = await runWorker(resolve(__dirname, 'worker.workflows.ts'));
  await ensureAnnualPlanSchedule(running.client, TASK_QUEUE);
}, 120_000);

afterAll(() => running?.stop());

const schedule = () => running.client.schedule.getHandle(ANNUAL_PLAN_SCHEDULE);

/** Ids of the starters that the Schedule has started, with what each answered. */
async function starters(): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  for await (const { workflowId, status } of running.client.workflow.list({
    query: `WorkflowType = 'startNextYearsPlan'`,
  })) {
    if (status.name !== 'COMPLETED') continue;
    found.set(workflowId, await running.client.workflow.getHandle(workflowId).result());
  }
  return found;
}

test('the Schedule starts something each January, by the clock of Shanghai, and never skips or loses a year', async () => {
  const { spec, policies, info } = await schedule().describe();
  expect(policies.overlap).toBe(ScheduleOverlapPolicy.ALLOW_ALL);
  expect(policies.catchupWindow).toBe(400 * 86_400_000);
  expect(spec.timezone).toBe('Asia/Shanghai');
  const next = info.nextActionTimes.slice(0, 3).map((at) => civilDate(at.getTime()).slice(4));
  expect(next).toEqual(['-01-01', '-01-01', '-01-01']);
});

test('a second start of the worker leaves one Schedule, and leaves it paused if it was', async () => {
  await schedule().pause('样例');
  await ensureAnnualPlanSchedule(running.client, TASK_QUEUE);
  expect((await schedule().describe()).state.paused).toBe(true);
  await schedule().unpause();
  await registerSearchAttributes(running.client.connection as never, 'default');
});

test("its action starts the next year's plan, and triggering it again does no harm", async () => {
  const year = Number(civilDate(Date.now()).slice(0, 4)) + 1;
  await schedule().trigger();
  await eventually('the first starter ends', async () => (await starters()).size === 1);
  // The engine names an action by its second: two in the same one would be one.
  await new Promise((done) => setTimeout(done, 1_100));
  await schedule().trigger();
  const answers = await eventually('the second starter ends', async () => {
    const all = await starters();
    return all.size === 2 && [...all.values()];
  });
  expect(answers).toEqual(
    expect.arrayContaining([
      { plan: `plan/${year}`, started: true },
      { plan: `plan/${year}`, started: false },
    ]),
  );
  const { status, type } = await running.client.workflow.getHandle(`plan/${year}`).describe();
  expect([type, status.name]).toEqual(['annualPlan', 'RUNNING']);
  const plan = await eventually('the plan is on record', () => running.store.plans.find(year));
  expect(plan.workflowId).toBe(`plan/${year}`);
});

test('a January that was missed is caught up with its own year', async () => {
  await schedule().backfill({
    start: new Date('2024-12-31T00:00:00Z'),
    end: new Date('2025-01-02T00:00:00Z'),
    overlap: ScheduleOverlapPolicy.ALLOW_ALL,
  });
  await eventually('the plan of 2026 runs', () =>
    running.client.workflow
      .getHandle('plan/2026')
      .describe()
      .then(
        () => true,
        () => false,
      ),
  );
});
