import type { Client } from '@temporalio/client';
import type { RecordedEvent } from '../../domain/events';
import { batchesTold } from '../../bin/record/history';
import type { Store } from '../../store/connect';

/**
 * Where the store holds another event than the workflow's history tells, or the history tells one number twice.
 * Nothing, if both agree.
 */
export async function toldOtherwise(store: Store, client: Client, workflowId: string): Promise<string[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const history = events ?? [];
  const stored = new Map((await store.events.ofWorkflow(workflowId)).map((event) => [event.seq, event]));
  const told = new Map<number, RecordedEvent>();
  for (const batch of await batchesTold(client, { events: history })) {
    for (const event of batch.events) {
      const others = [told.get(event.seq), stored.get(event.seq)];
      const other = others.find((one) => one && one.hash !== event.hash);
      told.set(event.seq, event);
      if (!other) continue;
      return [
        `event ${event.seq} is told as ${JSON.stringify(event)}`,
        `and stands as ${JSON.stringify(other)}`,
      ];
    }
  }
  return [];
}
