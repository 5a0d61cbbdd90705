import type { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import type { Node } from '../../domain/node';
import type { Store } from '../../store/connect';
import { openInStore } from '../../store/projected';
import { ask } from '../../worker/ask';
import { projectionQuery } from '../../workflows/messages';

const AT_ONCE = 8;

/**
 * Open workflows that nothing will ever move: no task that is open for people, no timer, no child, no act that somebody
 * may begin, no wait for the city's plan.
 */
export async function stuckWorkflows(store: Store, client: Client): Promise<string[]> {
  const stuck: string[] = [];
  const ids: string[] = [];
  for await (const id of openInStore(store)) ids.push(id);
  const left = ids.values();
  const one = async (): Promise<void> => {
    for (const workflowId of left) {
      const why = await isStuck(store, client, workflowId).catch((error: Error) => error.message);
      if (why !== undefined) stuck.push(`${workflowId}: ${why}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return stuck.sort();
}

async function isStuck(store: Store, client: Client, workflowId: string): Promise<string | undefined> {
  const tasks = await store.tasks.model.countDocuments({ workflowId, status: 'open' });
  if (tasks > 0) return undefined;
  const handle = client.workflow.getHandle(workflowId);
  const { namespace } = client.options;
  const execution = { workflowId };
  const said = await client.workflowService.describeWorkflowExecution({ namespace, execution });
  if ((said.pendingChildren ?? []).length > 0) return undefined;
  const history = await handle.fetchHistory();
  if (openTimers(history) > 0) return undefined;
  const { node } = await ask(handle, projectionQuery);
  return waitsForPeople(node) ? undefined : `nothing moves it: ${summary(node)}`;
}

/** Timers that have been set, and have neither rung nor been taken back. */
function openTimers({ events }: temporal.api.history.v1.IHistory): number {
  let count = 0;
  for (const event of events ?? []) {
    if (event.timerStartedEventAttributes) count += 1;
    if (event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes) count -= 1;
  }
  return count;
}

/** A project in the pool waits for its plan, and a plan for the joint document. */
function waitsForPeople(node: Node): boolean {
  if (node.node === 'plan') return false;
  if (node.node === 'project' && (node.candidate !== undefined || node.status === 'waiting')) return true;
  return node.acts.length > 0;
}

function summary(node: Node): string {
  if (node.node === 'project') return `${node.status}, steps ${node.steps.join(', ')}`;
  return `${node.node} ${node.status}`;
}
