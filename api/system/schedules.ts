import { randomUUID } from 'node:crypto';
import {
  ScheduleNotFoundError,
  WorkflowNotFoundError,
  type ScheduleDescription,
  type ScheduleExecutionResult,
} from '@temporalio/client';
import { Problem } from '../../domain/problems';
import type { ScheduleId } from '../../domain/schedules';
import type { Context } from '../context';
import { inTime } from '../engine/deadline';

type Engine = Pick<Context, 'client'>;

/** What an administrator does to a Schedule, and why: kept as its note, which the Temporal UI shows too. */
export interface Patch {
  readonly act: 'pause' | 'resume' | 'run';
  readonly reason: string;
}

const NEXT = 5;
const RECENT = 5;

/** Whether it runs, why not, when it will and how it did. */
export async function describeSchedule({ client }: Engine, id: ScheduleId) {
  const found = await find(client, id);
  if (!found) return { state: 'missing' as const, next: [], missed: 0, recent: [] };
  const { state, info } = found;
  const recent = info.recentActions.slice(-RECENT).reverse();
  return {
    state: state.paused ? ('paused' as const) : ('active' as const),
    note: state.note === '' ? undefined : state.note,
    next: info.nextActionTimes.slice(0, NEXT).map((at) => at.toISOString()),
    missed: info.numActionsMissedCatchupWindow,
    recent: await Promise.all(recent.map((one) => runOf(client, one))),
  };
}

/**
 * One patch, so that nothing is run without its reason.
 * @throws Problem `not-found` where the worker has not made it yet
 */
export async function patchSchedule(
  { client }: Engine,
  id: ScheduleId,
  { act, reason }: Patch,
): Promise<void> {
  const found = await find(client, id);
  if (!found) throw new Problem('not-found');
  const isPaused = act === 'pause' || (act === 'run' && found.state.paused);
  await inTime(client, () =>
    client.workflowService.patchSchedule({
      namespace: client.options.namespace,
      scheduleId: id,
      identity: 'api',
      requestId: randomUUID(),
      patch: {
        ...(act === 'run' ? { triggerImmediately: {} } : {}),
        // Whoever runs it changes nothing but the note.
        ...(isPaused ? { pause: reason } : { unpause: reason }),
      },
    }),
  );
}

async function find(client: Context['client'], id: ScheduleId): Promise<ScheduleDescription | undefined> {
  try {
    return await inTime(client, () => client.schedule.getHandle(id).describe());
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

async function runOf(client: Context['client'], { scheduledAt, takenAt, action }: ScheduleExecutionResult) {
  const { workflowId, firstExecutionRunId } = action.workflow;
  return {
    scheduledAt: scheduledAt.toISOString(),
    takenAt: takenAt.toISOString(),
    workflowId,
    ...(await outcomeOf(client, workflowId, firstExecutionRunId)),
  };
}

async function outcomeOf(client: Context['client'], workflowId: string, runId: string) {
  try {
    const handle = client.workflow.getHandle(workflowId, runId, { followRuns: false });
    const { status } = await inTime(client, () => handle.describe());
    if (status.name === 'RUNNING') return { outcome: 'running' as const };
    if (status.name !== 'COMPLETED') return { outcome: 'failed' as const };
    return { outcome: 'completed' as const, ...said(await inTime(client, () => handle.result())) };
  } catch (error) {
    // Its history has been kept as long as the engine keeps any.
    if (error instanceof WorkflowNotFoundError) return { outcome: 'expired' as const };
    throw error;
  }
}

/** `{plan: 'plan/2028', started: true}`, as an officer would say it. */
function said(result: unknown): { result?: string; resultEn?: string } {
  if (typeof result !== 'object' || result === null || !('plan' in result)) return {};
  const year = String(result.plan).replace('plan/', '');
  const isNew = 'started' in result && result.started === true;
  return isNew
    ? { result: `已开启 ${year} 年度改造计划`, resultEn: `the plan of ${year} was opened` }
    : { result: `${year} 年度改造计划此前已开启`, resultEn: `the plan of ${year} had been opened before` };
}
