import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { endsChain } from '../../domain/record/signed';
import { shownAgain, tasksAgain, TASKS_LACK } from '../../domain/record/shown-again';
import type { Node, Projection } from '../../domain/node';
import { taskNumber, type Task } from '../../domain/task';
import type { Identity } from '../../keys/identity';
import { letterTo } from '../../keys/letters';
import type { Store } from '../../store/connect';
import type { HeadRow } from '../../store/heads';
import type { IdRange } from '../../store/id-range';
import { projectedNode } from '../../store/projected';
import { writeBatch } from '../../store/record';
import { ask } from '../../worker/ask';
import type { Difference } from '../../worker/reconcile/differences';
import { reconcile } from '../../worker/reconcile/reconcile';
import { projectionQuery, recordAgainSignal } from '../../workflows/messages';

const AT_ONCE = 8;
const ANSWER_WITHIN_MS = 20_000;

export interface RebuiltFromEvents {
  readonly workflowId: string;
  /** What the events do not carry and is empty now. */
  readonly lacks: readonly string[];
}

export interface Rebuilt {
  /** Heads that had gone and were found again at the end of their events. */
  readonly heads: number;
  /** Open workflows that recorded themselves anew. */
  readonly open: number;
  /** Closed ones that the engine still knows: restored as they were. */
  readonly closed: number;
  readonly fromEvents: readonly RebuiltFromEvents[];
  /** What could not be restored, and why. */
  readonly lost: readonly { readonly workflowId: string; readonly reason: string }[];
  /** What still differs between open workflows and the store. */
  readonly differences: readonly Difference[];
}

export interface RebuildOptions {
  /** Only these of the record. */
  readonly ranges?: readonly IdRange[];
  /** A worker's: workflows take letters of nobody else. */
  readonly identity: Identity;
}

/**
 * Restores what is shown (projects, steps, plans, submissions, tasks) from the workflows, and of closed ones whose history
 * has expired from the record, as far as its events carry it. Events are never written, nor is what others have written
 * since: each projection goes through the same fence as a workflow's own.
 */
export async function rebuild(store: Store, client: Client, options: RebuildOptions): Promise<Rebuilt> {
  const { ranges, identity } = options;
  const heads = await restoreHeads(store, ranges);
  const found = {
    open: [] as string[],
    closed: 0,
    fromEvents: [] as RebuiltFromEvents[],
    lost: [] as Lost[],
  };
  const left = store.heads.each(ranges)[Symbol.asyncIterator]() as AsyncGenerator<HeadRow>;
  const work = async (): Promise<void> => {
    for (let next = await left.next(); !next.done; next = await left.next()) {
      const head = next.value;
      const outcome = await restore(store, client, head, identity).catch((error: Error): Outcome => ({
        lost: error.message,
      }));
      if ('lost' in outcome) {
        found.lost.push({ workflowId: head._id, reason: outcome.lost });
        continue;
      }
      const { how, lacks = [] } = outcome;
      if (how === 'told') found.open.push(head._id);
      else if (how === 'written') found.closed += 1;
      if (how === 'from-events' || lacks.length > 0) found.fromEvents.push({ workflowId: head._id, lacks });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const { differences, unanswered } = await reconcile(store, client, { workflowIds: found.open });
  return { ...found, open: found.open.length, heads, differences, lost: [...found.lost, ...unanswered] };
}

interface Lost {
  readonly workflowId: string;
  readonly reason: string;
}
/** How it was restored, and what of it its events do not tell. */
interface Restored {
  readonly how: 'told' | 'written' | 'from-events';
  readonly lacks?: readonly string[];
}
type Outcome = Restored | { readonly lost: string };

async function restore(store: Store, client: Client, head: HeadRow, identity: Identity): Promise<Outcome> {
  const handle = client.workflow.getHandle(head._id);
  let asked: { readonly projection: Projection; readonly isOpen: boolean };
  try {
    asked = await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, async () => {
      const { status } = await handle.describe();
      const isOpen = status.name === 'RUNNING';
      if (isOpen) {
        const content = { storeSeq: head.seq, storeHash: head.hash };
        const from = { identity, now: Date.now() };
        await handle.signal(recordAgainSignal, letterTo(head._id, recordAgainSignal, content, from));
      } else if (status.name !== 'COMPLETED') {
        throw new WorkflowNotFoundError(status.name, head._id, undefined);
      }
      return { projection: await ask(handle, projectionQuery), isOpen };
    });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return fromEvents(store, head);
  }
  const { projection, isOpen } = asked;
  if (!isOpen && projection.head.hash !== head.hash)
    return { lost: 'its record is not the workflow’s: record:verify' };
  // One that is open writes what it knows itself.
  if (!isOpen) await write(store, head, projection.node, projection.tasks);
  const lacks = await restoreLeftBehind(store, head, projection);
  return { how: isOpen ? 'told' : 'written', lacks };
}

/**
 * Tasks that were over when the workflow went on in a further run: it does not know them any more, the record does.
 * @returns what the record does not tell of them
 */
async function restoreLeftBehind(
  store: Store,
  { _id, seq }: HeadRow,
  { earlier = 0, tasks }: Projection,
): Promise<readonly string[]> {
  if (earlier === 0) return [];
  const known = new Set(tasks.map(({ id }) => id));
  const events = await store.events.ofWorkflow(_id);
  const left = tasksAgain(events).filter(({ id }) => taskNumber(id) <= earlier && !known.has(id));
  return (await store.tasks.restore(left, seq)) > 0 ? TASKS_LACK : [];
}

async function fromEvents(store: Store, head: HeadRow): Promise<Outcome> {
  const events = await store.events.ofWorkflow(head._id);
  const last = events.at(-1);
  if (!last || last.hash !== head.hash) return { lost: 'its events do not end at its head: record:verify' };
  if (!endsChain(last)) return { lost: 'the engine does not know it, and its record has no end' };
  const shown = shownAgain(events);
  if (!shown) return { lost: 'its history has expired, and its last event does not say what was shown' };
  // What stands there is more than the events can tell.
  if (await projectedNode(store, head._id, shown.node)) return { how: 'written' };
  await write(store, head, shown.node, shown.tasks);
  return { how: 'from-events', lacks: shown.lacks };
}

function write(store: Store, head: HeadRow, node: Node, tasks: readonly Task[]): Promise<void> {
  const { _id: workflowId, seq, hash, origin } = head;
  return writeBatch(store, { workflowId, origin, head: { seq, hash }, events: [], tasks, node });
}

/** A head that has gone is the last of its events; one that is there is left alone, whatever it says. */
async function restoreHeads(store: Store, ranges: readonly IdRange[] | undefined): Promise<number> {
  let restored = 0;
  for await (const { workflowId, origin, seq, hash, at, type } of store.events.ends(ranges)) {
    const { upsertedCount } = await store.heads.model.updateOne(
      { _id: workflowId },
      { $setOnInsert: { origin, seq, hash, at, open: !endsChain({ type }), writtenAt: new Date() } },
      { upsert: true },
    );
    restored += upsertedCount;
  }
  return restored;
}
