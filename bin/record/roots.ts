import {
  hashOfLeaf,
  hashOfRoot,
  inOrderOfWorkflows,
  leafOfRevocation,
  NO_ROOT,
  rootFault,
  type DailyRoot,
  type Leaf,
} from '../../domain/record/daily-root';
import { whySignature, type FaultKind, type RecordFault } from '../../domain/record/fault';
import { merkleRoot } from '../../domain/merkle';
import type { Verifier } from '../../domain/signing/signature';
import { digestNative } from '../../keys/digest';
import type { Store } from '../../store/connect';
import { eventId } from '../../store/events';

export interface RootsFound {
  readonly faults: readonly RecordFault[];
  readonly roots: number;
  /** The day of the last one. */
  readonly lastRoot?: string;
}

const BATCH = 1_000;
const NEVER = '9999-12-31';

/**
 * Verifies the daily roots: each is signed, follows the one before, and is the root of its leaves; and the record still
 * holds every event that any of them counts.
 * @param known a root that was handed out before, whoever keeps it: the store must still hold it
 */
export async function verifyRoots(
  store: Pick<Store, 'dailyRoots' | 'events' | 'revocations'>,
  verifier: Verifier | undefined,
  known?: DailyRoot,
): Promise<RootsFound> {
  const roots = await store.dailyRoots.all();
  const faults = [
    ...signedInOrder(roots, verifier),
    ...(known ? stillThere(roots, known) : []),
    ...(await leavesHold(store, roots)),
  ];
  const lastRoot = roots.at(-1)?.date;
  return { faults, roots: roots.length, ...(lastRoot === undefined ? {} : { lastRoot }) };
}

function ofRoot({ date, size }: DailyRoot, kind: FaultKind, detail?: string): RecordFault {
  return { workflowId: `root/${date}`, seq: size, kind, ...(detail === undefined ? {} : { detail }) };
}

function signedInOrder(roots: readonly DailyRoot[], verifier: Verifier | undefined): RecordFault[] {
  let before: string = NO_ROOT;
  return roots.flatMap((root): RecordFault[] => {
    const linked = root.previous === before;
    before = hashOfRoot(root);
    if (!linked) return [ofRoot(root, 'root-unlinked')];
    const fault = verifier && rootFault(root, verifier);
    return fault ? [ofRoot(root, 'root-forged', whySignature(fault))] : [];
  });
}

function stillThere(roots: readonly DailyRoot[], known: DailyRoot): RecordFault[] {
  const stored = roots.find(({ date }) => date === known.date);
  if (stored && hashOfRoot(stored) === hashOfRoot(known)) return [];
  return [ofRoot(known, 'root-unlinked', 'not the one that was handed out')];
}

/** One pass over all leaves: held against the record, and put together to each day's root. */
async function leavesHold(
  store: Pick<Store, 'dailyRoots' | 'events' | 'revocations'>,
  roots: readonly DailyRoot[],
): Promise<RecordFault[]> {
  const revocations = (await store.revocations.all()).map(leafOfRevocation);
  const byDay = new Map<string, Leaf[]>();
  const faults: RecordFault[] = [];
  let batch: Leaf[] = [];
  for await (const { date, workflowId, seq, hash } of store.dailyRoots.movedUntil(NEVER)) {
    const leaf = { workflowId, seq, hash };
    const day = byDay.get(date);
    if (day) day.push(leaf);
    else byDay.set(date, [leaf]);
    batch.push(leaf);
    if (batch.length < BATCH) continue;
    faults.push(...(await notHeld(store, revocations, batch)));
    batch = [];
  }
  faults.push(...(await notHeld(store, revocations, batch)));
  return [...faults, ...rootsOfLeaves(roots, byDay)];
}

async function notHeld(
  { events }: Pick<Store, 'events'>,
  revocations: readonly Leaf[],
  leaves: readonly Leaf[],
): Promise<RecordFault[]> {
  const ids = leaves.map(({ workflowId, seq }) => eventId(workflowId, seq));
  const rows = await events.model
    .find({ _id: { $in: ids } }, { hash: 1 })
    .lean<{ _id: string; hash: string }[]>();
  const held = new Map(rows.map(({ _id, hash }) => [_id, hash]));
  for (const { workflowId, seq, hash } of revocations) held.set(eventId(workflowId, seq), hash);
  return leaves.flatMap(({ workflowId, seq, hash }): RecordFault[] => {
    const there = held.get(eventId(workflowId, seq));
    if (there === hash) return [];
    return [{ workflowId, seq, kind: there === undefined ? 'behind-root' : 'differs-from-root' }];
  });
}

function rootsOfLeaves(roots: readonly DailyRoot[], byDay: ReadonlyMap<string, Leaf[]>): RecordFault[] {
  const current = new Map<string, { leaf: Leaf; hash: string }>();
  return roots.flatMap((root): RecordFault[] => {
    for (const leaf of byDay.get(root.date) ?? []) {
      current.set(leaf.workflowId, { leaf, hash: hashOfLeaf(leaf, digestNative) });
    }
    const leaves = inOrderOfWorkflows([...current.values()].map(({ leaf }) => leaf));
    const hashes = leaves.map(({ workflowId }) => current.get(workflowId)?.hash ?? '');
    const holds = leaves.length === root.size && merkleRoot(hashes, digestNative) === root.root;
    return holds ? [] : [ofRoot(root, 'root-leaves')];
  });
}
