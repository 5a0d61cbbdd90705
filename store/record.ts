import type { ClientSession, mongo } from 'mongoose';
import type { ChainHead, RecordedEvent } from '../domain/events';
import { notificationsOf } from '../domain/notification/notification';
import { partiesOf, type Node, type RecordBatch } from '../domain/node';
import type { Store } from './connect';
import { eventId } from './events';
import type { HeadRow } from './heads';
import { writeReferences } from './references';
import { submissionId } from './submissions';
import { taskRow } from './tasks';

/**
 * Writes the record: events and projections of one workflow, in one transaction, with what people must hear of it.
 *
 * Contract
 * 1. A batch only extends its own chain: its first event follows the stored head, by number and by hash.
 * 2. Writing a batch again, or late, or in part, changes nothing that stands; projections of a later batch are never
 *    replaced by those of an earlier one.
 * 3. A slot that holds other content is never overwritten: `SlotTaken`.
 * 4. A store that lacks the events before these says so and writes nothing: `RecordBehind`.
 *
 * The first command of the transaction is the fence, so the common case costs no reading; what went on is asked only
 * when the fence did not hold.
 */

/** Thrown when the store holds something else where the batch belongs. Nothing was written. */
export class SlotTaken extends Error {
  override readonly name = 'SlotTaken';
}

/** Thrown when the store has lost, or never had, the events before the batch. Nothing was written. */
export class RecordBehind extends Error {
  override readonly name = 'RecordBehind';

  constructor(
    workflowId: string,
    /** The store's own head. */
    readonly head: ChainHead,
  ) {
    super(`the store holds ${workflowId} only up to event ${head.seq}`);
  }
}

/** Attempts before a batch that competes with others gives up; the engine then tries again. */
const ATTEMPTS = 5;

/**
 * @throws SlotTaken, RecordBehind; and errors of MongoDB, after which the same batch may simply be written again
 */
export async function writeBatch(store: Store, batch: RecordBatch): Promise<void> {
  checkLinks(batch);
  let plan: Plan | undefined = {
    after: { seq: batch.head.seq - batch.events.length, hash: batch.events[0]?.previous ?? batch.head.hash },
    events: batch.events,
    missing: batch.events,
  };
  for (let attempt = 0; plan; attempt += 1) {
    if (await commits(store, batch, plan)) return;
    if (attempt === ATTEMPTS) throw new Error(`${batch.workflowId}: too many others write to this chain`);
    plan = await planAnew(store, batch);
  }
}

/** What is left to write: the head to extend, the events that extend it, and those of them that are not there yet. */
interface Plan {
  readonly after: ChainHead;
  readonly events: readonly RecordedEvent[];
  readonly missing: readonly RecordedEvent[];
}

/** Whether the plan could be carried out; if not, the head was another or an event was there already. */
async function commits(store: Store, batch: RecordBatch, plan: Plan): Promise<boolean> {
  const session = await store.connection.startSession();
  try {
    await session.withTransaction(async () => {
      await extendHead(store, batch, plan, session);
      // Tasks before events: `Changes` promises it to whoever listens.
      await writeTasks(store, batch, session);
      await writeEvents(store, plan.missing, session);
      await writeNode(store, batch, session);
      await writeReferences(store, { events: plan.missing, tasks: batch.tasks }, session);
      await store.notifications.add(notificationsOf(plan.missing, batch), session);
    }, TRANSACTION);
    return true;
  } catch (error) {
    if (error instanceof FenceDidNotHold || isDuplicate(error)) return false;
    throw error;
  } finally {
    void session.endSession();
  }
}

const TRANSACTION = {
  readConcern: { level: 'local' },
  writeConcern: { w: 'majority', journal: true },
  // Below the activity's own limit, so that the engine hears what went wrong.
  timeoutMS: 5_000,
} as const;

class FenceDidNotHold extends Error {}

async function extendHead(
  store: Store,
  batch: RecordBatch,
  { after, events }: Plan,
  session: ClientSession,
): Promise<void> {
  const last = events.at(-1);
  const now = new Date();
  const to: Partial<HeadRow> = {
    ...(last ? { seq: last.seq, hash: last.hash, at: last.at, recordedAt: now } : {}),
    origin: batch.origin,
    open: isOpen(batch.node),
    writtenAt: now,
  };
  const { matchedCount, upsertedCount } = await store.heads.model.collection.updateOne(
    { _id: batch.workflowId as never, seq: after.seq, hash: after.hash },
    { $set: to },
    { session, upsert: after.seq === 0 && last !== undefined },
  );
  if (matchedCount + upsertedCount === 0) throw new FenceDidNotHold();
}

async function writeEvents(store: Store, events: readonly RecordedEvent[], session: ClientSession) {
  if (events.length === 0) return;
  await store.events.model.collection.insertMany(
    events.map((event) => ({ _id: eventId(event.workflowId, event.seq) as never, ...event })),
    { session },
  );
}

async function writeTasks(store: Store, { tasks, head }: RecordBatch, session: ClientSession) {
  const [first, ...others] = tasks.map((task) => taskRow(task, head.seq));
  if (!first) return;
  if (others.length === 0) return replace(store.tasks.model.collection, first, session);
  await store.tasks.model.collection.bulkWrite(
    [first, ...others].map((row) => ({
      replaceOne: { filter: { _id: row._id as never }, replacement: row, upsert: true },
    })),
    { session },
  );
}

async function writeNode(store: Store, { node, workflowId, head }: RecordBatch, session: ClientSession) {
  const shared = { workflowId, seq: head.seq };
  if (node.node === 'step') {
    await replace(store.steps.model.collection, { _id: workflowId, ...node, ...shared }, session);
  } else if (node.node === 'project') {
    const row = { _id: node.projectId, ...node, parties: partiesOf(node), ...shared };
    await replace(store.projects.model.collection, row, session);
    // Ended projects and communities that left one are free for another.
    const staying = isOpen(node) ? node.communities : [];
    await store.communities.release(node.projectId, staying, session);
  } else if (node.node === 'plan') {
    await replace(store.plans.model.collection, { _id: node.planYear, ...node, ...shared }, session);
  } else {
    const _id = submissionId(node.planYear, node.county);
    await replace(store.submissions.model.collection, { _id, ...node, ...shared }, session);
  }
}

interface Replaceable {
  replaceOne(
    filter: object,
    row: object,
    options: { session: ClientSession; upsert: true },
  ): Promise<unknown>;
}

async function replace(collection: unknown, row: { readonly _id: unknown }, session: ClientSession) {
  await (collection as Replaceable).replaceOne({ _id: row._id }, row, { session, upsert: true });
}

/**
 * Compares the batch with what the store holds.
 * @returns what is left to write; nothing if all of it is there
 * @throws SlotTaken, RecordBehind
 */
async function planAnew(store: Store, batch: RecordBatch): Promise<Plan | undefined> {
  const { workflowId, events, head } = batch;
  const stored = await store.heads.find(workflowId);
  const at: ChainHead = stored ? { seq: stored.seq, hash: stored.hash } : { seq: 0, hash: batch.origin };
  const missing = await notStored(store, events);
  const behind = head.seq - events.length;
  if (at.seq < behind) throw new RecordBehind(workflowId, at);
  if (events.length === 0) {
    if (at.seq === head.seq && at.hash !== head.hash) throw taken(workflowId, at.seq);
    return undefined;
  }
  if (at.seq >= head.seq) {
    if (at.seq === head.seq && at.hash !== head.hash) throw taken(workflowId, at.seq);
    if (missing.length > 0) await restore(store, missing);
    return undefined;
  }
  const left = events.filter(({ seq }) => seq > at.seq);
  if (left[0]?.previous !== at.hash) throw taken(workflowId, at.seq);
  return { after: at, events: left, missing };
}

/** The events of the batch whose slots are empty; a slot with other content is taken. */
async function notStored(store: Store, events: readonly RecordedEvent[]): Promise<RecordedEvent[]> {
  const rows = await store.events.model
    .find(
      { _id: { $in: events.map(({ workflowId, seq }) => eventId(workflowId, seq)) } },
      { seq: 1, hash: 1 },
    )
    .lean<{ seq: number; hash: string }[]>();
  const stored = new Map(rows.map(({ seq, hash }) => [seq, hash]));
  return events.filter(({ workflowId, seq, hash }) => {
    const there = stored.get(seq);
    if (there !== undefined && there !== hash) throw taken(workflowId, seq);
    return there === undefined;
  });
}

/** Events that the head counts but that are gone: the chain's hashes prove that these are the very ones. */
async function restore(store: Store, events: readonly RecordedEvent[]): Promise<void> {
  const rows = events.map((event) => ({ _id: eventId(event.workflowId, event.seq) as never, ...event }));
  await store.events.model.collection.insertMany(rows, { ordered: false }).catch((error: unknown) => {
    if (!isDuplicate(error)) throw error;
  });
}

function taken(workflowId: string, seq: number): SlotTaken {
  return new SlotTaken(`event ${seq} of ${workflowId} is another in the store`);
}

/** A batch that is no chain is a fault of ours: it must stop the workflow, not be tried for ever. */
function checkLinks({ workflowId, events, head }: RecordBatch): void {
  let next = head.seq - events.length + 1;
  let previous = events[0]?.previous;
  for (const event of events) {
    if (event.workflowId !== workflowId || event.seq !== next || event.previous !== previous) {
      throw new SlotTaken(`event ${event.seq} of ${workflowId} does not follow the one before`);
    }
    next += 1;
    previous = event.hash;
  }
  if (previous !== undefined && previous !== head.hash) {
    throw new SlotTaken(`the head of ${workflowId} is not its last event`);
  }
}

const ENDED: ReadonlySet<string> = new Set([
  'done',
  'closed',
  'completed',
  'residents-declined',
  'rejected',
  'withdrawn',
  'cancelled',
]);

function isOpen(node: Node): boolean {
  return !ENDED.has(node.status);
}

function isDuplicate(error: unknown): boolean {
  return (error as Partial<mongo.MongoServerError> | undefined)?.code === 11000;
}
