import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { signedDecision } from '../api/engine/sign';
import { civilDate } from '../domain/calendar';
import type { Json } from '../domain/events';
import { taskKinds } from '../domain/forms';
import { workflowOfTask, type Task } from '../domain/task';
import type { Identity } from '../keys/identity';
import { holidayCalendar } from '../policy/holidays';
import { completeTaskUpdate } from '../workflows/messages';

/** Who decides past the API, and must count all the same. */
export interface Deciding {
  readonly client: Client;
  readonly signer: Identity;
}

/** Decides a task as its kind's example says, past the API, by somebody who decides nothing but this kind. */
export async function decide(
  { client, signer }: Deciding,
  task: Task,
  change: Record<string, Json> = {},
): Promise<void> {
  const now = Date.now();
  const moment = { now, today: civilDate(now), calendar: holidayCalendar };
  const example = taskKinds[task.kind]?.example(task.context as never, moment) as unknown as Record<
    string,
    Json
  >;
  const updateId = randomUUID();
  // Nobody does what they have submitted themselves.
  const by = { user: `bench-${task.kind}`, organisation: task.organisation };
  const decision = { taskId: task.id, form: { ...example, ...change }, by, bodyHash: updateId };
  await client.workflow.getHandle(workflowOfTask(task.id)).executeUpdate(completeTaskUpdate, {
    updateId,
    args: [signedDecision(signer, task, decision, updateId, now)],
  });
}
