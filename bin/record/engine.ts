import type { Client } from '@temporalio/client';
import type { RecordedEvent } from '../../domain/events';
import { endsChain } from '../../domain/record/signed';
import { lostChild, parentOf } from '../../domain/record/family';
import type { FaultKind, RecordFault } from '../../domain/record/fault';
import type { RecordState } from '../../domain/node';
import type { Store } from '../../store/connect';
import type { HeadRow } from '../../store/heads';
import { ask } from '../../worker/ask';
import { recordStateQuery } from '../../workflows/messages';
import {
  acceptedUpdates,
  begunWith,
  hasEnded,
  isUnknown,
  lifeOf,
  type AcceptedUpdate,
  type Begun,
} from './history';

const AT_ONCE = 8;
/** A project's start, a plan's opening: among the first events. */
const OPENING_EVENTS = 3;
const ANSWER_WITHIN_MS = 20_000;

export interface EngineFound {
  readonly faults: readonly RecordFault[];
  /** Workflows that were compared with their histories. */
  readonly compared: number;
  /** Closed long ago: the engine no longer keeps their histories; signed ends and daily roots answer for them. */
  readonly expired: number;
  /** Whether the engine could say which workflows run. */
  readonly listed: boolean;
}

/**
 * Compares the record with what the workflows themselves hold: each one's head, and every Update that it accepted.
 * Reads only; a workflow whose record is behind is told so by the sweep, not from here.
 *
 * @param workflowIds what the record knows of, or should
 */
export async function compareWithEngine(
  store: Pick<Store, 'heads' | 'events'>,
  client: Client,
  workflowIds: Iterable<string>,
  listRunning: boolean,
): Promise<EngineFound> {
  const ids = new Set(workflowIds);
  const listed = listRunning && (await addRunning(client, ids));
  const keptSince = await historiesKeptSince(client);
  const faults: RecordFault[] = [];
  const count = { compared: 0, expired: 0 };
  const left = ids.values();
  const work = async (): Promise<void> => {
    for (const id of left) {
      const found = await compared(store, client, id, keptSince);
      if (found === 'expired') count.expired += 1;
      else count.compared += 1;
      if (Array.isArray(found)) faults.push(...found);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { faults, ...count, listed };
}

/** Running workflows with a record of their own; the engine of a rehearsal keeps no lists. */
async function addRunning(client: Client, ids: Set<string>): Promise<boolean> {
  try {
    for await (const { workflowId } of client.workflow.list({ query: `ExecutionStatus = 'Running'` })) {
      if (/^(project|plan|submission)\//.test(workflowId)) ids.add(workflowId);
    }
    return true;
  } catch {
    return false;
  }
}

async function compared(
  store: Pick<Store, 'heads' | 'events'>,
  client: Client,
  workflowId: string,
  keptSince: number,
): Promise<RecordFault[] | 'expired'> {
  const before = await store.heads.find(workflowId);
  const fault = (kind: FaultKind, seq: number, detail?: string): RecordFault[] => [
    { workflowId, seq, kind, ...(detail === undefined ? {} : { detail }) },
  ];
  const handle = client.workflow.getHandle(workflowId);
  try {
    return await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, async () => {
      const { history, from } = await lifeOf(client, workflowId);
      const state = await ask(handle, recordStateQuery);
      const after = await store.heads.find(workflowId);
      const wrong = headFault(before, state, after);
      const updates = await acceptedUpdates(client, history);
      // What runs have recorded whose histories have expired, the chain and its signatures answer for.
      const events = (await store.events.updatesOf(workflowId)).filter(({ seq }) => seq > (from?.seq ?? 0));
      // What has ended will record nothing more.
      const recorded = hasEnded(history) ? Infinity : state.recorded;
      const others = updateFaults(updates, events, { recorded, settled: before?.seq ?? 0 }).map((one) => ({
        workflowId,
        ...one,
      }));
      const begun = from ? undefined : await begunWith(client, history);
      const first = begun ? await store.events.ofWorkflow(workflowId, 1, OPENING_EVENTS) : [];
      const start = begun && startFault(begun, first);
      return [
        ...(start === undefined ? [] : fault('update-differs', start)),
        ...(wrong ? fault(wrong.kind, wrong.seq) : []),
        ...others,
      ];
    });
  } catch (error) {
    if (!isUnknown(error)) {
      return fault('workflow-unasked', before?.seq ?? 0, (error as Error).message);
    }
    // Nothing of it in the store and nothing in the engine: it was started and has not begun.
    if (!before) return [];
    const mayHaveExpired = !before.open && Date.parse(before.at) < keptSince;
    if (!mayHaveExpired) return fault('workflow-vanished', before.seq);
    return (await hasItsEnd(store, before)) ? 'expired' : fault('not-ended', before.seq);
  }
}

/** Its last event closes it, or its project tells that it was ended from outside. */
async function hasItsEnd({ events }: Pick<Store, 'events'>, { _id, seq }: HeadRow): Promise<boolean> {
  const [last] = await events.ofWorkflow(_id, seq, seq);
  if (last && endsChain(last)) return true;
  const parent = parentOf(_id);
  return parent !== undefined && (await events.ofWorkflow(parent)).some((event) => lostChild(event) === _id);
}

/**
 * From when on the histories of ended workflows must still be there, ms since 1970: by the namespace's retention, with a
 * day to spare. Whoever deletes a history before its time is found.
 */
async function historiesKeptSince({ workflowService, options }: Client): Promise<number> {
  const { config } = await workflowService.describeNamespace({ namespace: options.namespace });
  const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  return Date.now() - Math.max(0, seconds * 1_000 - DAY_MS);
}

const DAY_MS = 86_400_000;

/**
 * The store is read before and after the workflow is asked: what the store held before, the workflow must know; what
 * the workflow had recorded when asked, the store must hold after. Everything between is on its way.
 */
function headFault(
  before: HeadRow | undefined,
  { head, recorded }: RecordState,
  after: HeadRow | undefined,
): { kind: FaultKind; seq: number } | undefined {
  if ((after?.seq ?? 0) < recorded) return { kind: 'missing', seq: (after?.seq ?? 0) + 1 };
  if (before !== undefined && before.seq > head.seq) return { kind: 'added', seq: head.seq + 1 };
  for (const stored of [before, after]) {
    if (stored?.seq === head.seq && stored.hash !== head.hash) {
      return { kind: 'workflow-differs', seq: head.seq };
    }
  }
  return undefined;
}

type WithoutWorkflow = Omit<RecordFault, 'workflowId'>;

/** The number of the event that says something else of the beginning than the engine: with what, or by whom. */
export function startFault({ content, by }: Begun, events: readonly RecordedEvent[]): number | undefined {
  const wrong = events.find(({ type, data, by: said }) => {
    const { start } = (data ?? {}) as { start?: string };
    const opens = type === 'project-started' || type === 'step-opened';
    const names = type === 'project-started' || type === 'plan-opened';
    return (
      (opens && start !== content) ||
      (names && (said?.user !== by?.user || said?.organisation !== by?.organisation))
    );
  });
  return wrong?.seq;
}

/** How far things had come; what lies beyond is on its way. */
interface Seen {
  /** The workflow's last event that was recorded, after its history was read. */
  readonly recorded: number;
  /** The store's last event before the history was read. */
  readonly settled: number;
}

/** Each Update that the history accepted has its event, and no event names one that it did not accept. */
export function updateFaults(
  accepted: readonly AcceptedUpdate[],
  events: readonly Pick<RecordedEvent, 'seq' | 'updateId' | 'data' | 'by'>[],
  { recorded, settled }: Seen,
): WithoutWorkflow[] {
  const byUpdate = new Map(accepted.map((one) => [one.updateId, one]));
  const bySeq = new Map(events.map((one) => [one.seq, one]));
  const unrecorded = accepted
    .filter(({ updateId, seq }) => seq <= recorded && bySeq.get(seq)?.updateId !== updateId)
    .map(({ updateId, seq }): WithoutWorkflow => ({ seq, kind: 'not-recorded', detail: updateId }));
  const others = events.flatMap(({ seq, updateId = '', data, by }): WithoutWorkflow[] => {
    if (seq > settled) return [];
    const update = byUpdate.get(updateId);
    if (!update || update.seq !== seq) return [{ seq, kind: 'no-update', detail: updateId }];
    return update.says(data, by) ? [] : [{ seq, kind: 'update-differs', detail: updateId }];
  });
  return [...unrecorded, ...others].sort((a, b) => a.seq - b.seq);
}
