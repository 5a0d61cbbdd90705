import type { Client } from '@temporalio/client';
import { EMPTY_HEAD, verifyChain } from '../../domain/events';
import type { Store } from '../../store/connect';
import { recordStateQuery } from '../../workflows/messages';

export interface Verified {
  readonly workflows: number;
  readonly events: number;
  /** What does not hold, as sentences; empty if the record is whole. */
  readonly faults: readonly string[];
}

/**
 * Holds the record against itself and against the engine: every event's hash and link, every chain's beginning in its
 * parent's, and its end in what the workflow itself remembers.
 */
export async function verifyRecord(store: Store, client: Client): Promise<Verified> {
  const heads = await store.heads.model.find().lean();
  const rows = await Promise.all(
    heads.map(async (head) => ({ head, events: await store.events.ofWorkflow(head._id, 1, head.seq) })),
  );
  const hashes = new Set([EMPTY_HEAD.hash, ...rows.flatMap(({ events }) => events.map(({ hash }) => hash))]);
  const faults = rows.flatMap(({ head, events }) => {
    const fault = verifyChain(head._id, head.origin, events, head);
    return [
      ...(fault ? [`${head._id}: event ${fault.seq} ${fault.fault}`] : []),
      ...(hashes.has(head.origin) ? [] : [`${head._id}: begins with a hash that no event has`]),
    ];
  });
  for (const { head } of rows) {
    const { head: own } = await client.workflow.getHandle(head._id).query(recordStateQuery);
    if (own.seq !== head.seq || own.hash !== head.hash)
      faults.push(`${head._id}: the workflow is at event ${own.seq}, the record at ${head.seq}`);
  }
  const total = await store.events.model.countDocuments();
  const known = rows.reduce((sum, { events }) => sum + events.length, 0);
  if (total !== known) faults.push(`${total - known} events belong to no workflow`);
  return { workflows: rows.length, events: known, faults };
}
