import { ApplicationFailure, log } from '@temporalio/activity';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { PlanStart } from '../domain/annual-plan';
import { civilDate } from '../domain/calendar';
import type { Activities } from '../domain/world';
import type { Policy } from '../policy/schema';
import { policySnapshot } from '../policy/snapshot';
import type { Identity } from '../keys/identity';
import { sealedStart } from '../keys/starts';
import type { Store } from '../store/connect';
import { workflowIds } from '../workflows/messages';
import { engineTime } from './engine-time';

export interface PlanStarter {
  readonly store: Store;
  readonly client: Client;
  readonly policy: Policy;
  readonly taskQueue: string;
  readonly identity: Identity;
}

/**
 * Starts the plan of a year, once: a plan that runs or ran is left alone. The engine refuses a second run of an id
 * whose history it still has; the store remembers those whose history has expired.
 */
export async function startPlan(
  { store, client, policy, taskQueue, identity }: PlanStarter,
  year: number,
  now = engineTime(),
): Promise<{ plan: string; started: boolean }> {
  const plan = workflowIds.plan(year);
  const start = planStart(await store.policies.inForce(policy), year);
  if (await store.plans.find(year)) return { plan, started: false };
  try {
    await client.workflow.start('annualPlan', {
      workflowId: plan,
      taskQueue,
      args: sealedStart(plan, 'annualPlan', start, { identity, now }),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: `${policy.city.name} ${year} 年度改造计划`,
    });
    return { plan, started: true };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { plan, started: false };
    throw error;
  }
}

export function startPlanActivity(starter: PlanStarter): Activities['startPlan'] {
  return async ({ year }) => {
    // The Schedule asks for the next year, or for one that it has missed; whoever asks for another is not the Schedule.
    const thisYear = Number(civilDate(engineTime()).slice(0, 4));
    if (year > thisYear + 1) {
      throw ApplicationFailure.nonRetryable(`it is too early for the plan of ${year}`, 'too-early');
    }
    const answer = await startPlan(starter, year);
    if (answer.started) log.info('annual plan started', { plan: answer.plan });
    return answer;
  };
}

/** Every area but the city itself submits a list of its own: counties, development zones, management committees. */
function planStart(policy: Policy, year: number): PlanStart {
  const counties = policy.areas.filter(({ kind }) => kind !== 'city').map(({ code }) => code);
  return { year, city: policy.city.code, counties, policy: policySnapshot(policy) };
}
