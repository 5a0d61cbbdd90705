import { setTimeout } from 'node:timers/promises';
import { QueryNotRegisteredError, type WorkflowHandle } from '@temporalio/client';
import type { QueryDefinition } from '@temporalio/common';

/** A workflow task that waits is led as soon as a worker has room. */
const AGAIN_AFTER_MS = [50, 200, 1_000];

/**
 * Asks a workflow what it knows. One that has something before it that no workflow task has led yet gives no answer
 * (`workflows/led-by-a-task.ts`) and is asked again, after 1.25 s at most.
 * @throws {QueryNotRegisteredError} its code does not know the question, or no worker came to lead its task: the engine
 *   tells no difference
 */
export async function ask<T>(handle: WorkflowHandle, query: QueryDefinition<T>): Promise<T> {
  for (const wait of AGAIN_AFTER_MS) {
    try {
      return await handle.query(query);
    } catch (error) {
      if (!(error instanceof QueryNotRegisteredError)) throw error;
      await setTimeout(wait);
    }
  }
  return handle.query(query);
}
