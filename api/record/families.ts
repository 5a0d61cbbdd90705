import type { RecordedEvent } from '../../domain/events';
import { ChainCheck, type Checking } from '../../domain/record/chain';
import type { RecordFault } from '../../domain/record/fault';
import { FamilyCheck, familyOf, parentOf } from '../../domain/record/family';
import type { Store } from '../../store/connect';
import type { Slots } from '../../store/events';
import type { HeadRow } from '../../store/heads';
import type { IdRange } from '../../store/id-range';

/** What was found of one project or plan. */
export interface FamilyFound {
  readonly id: string;
  readonly faults: readonly RecordFault[];
  /** Workflows that were started and have no record yet. */
  readonly absent: readonly string[];
}

export interface Counted {
  workflows: number;
  events: number;
  signatures: number;
}

/** What is kept of a chain while its events pass by. */
interface Passing {
  readonly check: ChainCheck;
  first?: RecordedEvent;
}

/**
 * Passes over all events and heads once, in the order of workflows, and tells of each project and plan what is wrong
 * with it. Memory is bounded by the largest project, and by the plans with their submissions.
 */
export async function* passOver(
  store: Pick<Store, 'events' | 'heads'>,
  checking: Checking,
  ranges: readonly IdRange[] | undefined,
  counted: Counted,
): AsyncIterable<FamilyFound> {
  const families = new Map<string, { check: FamilyCheck; faults: RecordFault[] }>();
  const chains = inOrder(store, ranges);
  let project: string | undefined;
  const close = (id: string): FamilyFound => {
    const { check, faults } = families.get(id) ?? { check: new FamilyCheck(id), faults: [] };
    families.delete(id);
    // Of a chain that is wrong in itself, what its parent says of it adds nothing.
    const wrong = new Set(faults.map(({ workflowId }) => workflowId));
    const more = check.faults().filter(({ workflowId }) => !wrong.has(workflowId));
    return { id, faults: [...faults, ...more], absent: check.absent };
  };
  for await (const { workflowId, head, slots } of chains) {
    const id = familyOf(workflowId);
    // A project's workflows follow each other; a plan's submissions come later.
    if (project !== undefined && project !== id) yield close(project);
    project = id.startsWith('plan/') ? undefined : id;
    const family = families.get(id) ?? { check: new FamilyCheck(id), faults: [] };
    families.set(id, family);
    const passing: Passing = { check: new ChainCheck(workflowId, checking) };
    for await (const some of slots) {
      for (const { slot, event } of some) {
        passing.first ??= event;
        passing.check.see(event, slot);
        if (workflowId === id) family.check.seeParent(event);
        counted.events += 1;
        if (event.signature !== undefined) counted.signatures += 1;
      }
    }
    counted.workflows += 1;
    const fault = ended(passing, workflowId, head);
    if (fault) family.faults.push(fault);
    if (parentOf(workflowId) !== undefined) {
      family.check.seeChild(workflowId, passing.first?.previous ?? '', passing.check.head);
    }
  }
  for (const id of [...families.keys()]) yield close(id);
}

function ended(
  { check, first }: Passing,
  workflowId: string,
  head: HeadRow | undefined,
): RecordFault | undefined {
  return check.end(head, first) ?? FamilyCheck.originFault(workflowId, head?.origin ?? '');
}

interface Chain {
  readonly workflowId: string;
  readonly head: HeadRow | undefined;
  readonly slots: AsyncIterable<Slots['slots']>;
}

/** Heads and events side by side: both are sorted by workflow, and either may lack what the other has. */
async function* inOrder(
  store: Pick<Store, 'events' | 'heads'>,
  ranges: readonly IdRange[] | undefined,
): AsyncIterable<Chain> {
  const heads = store.heads.each(ranges)[Symbol.asyncIterator]();
  const slots = store.events.slots(ranges)[Symbol.asyncIterator]();
  let head = await heads.next();
  let slot = await slots.next();
  while (!head.done || !slot.done) {
    const ofHead = head.done ? undefined : head.value._id;
    const ofSlot = slot.done ? undefined : slot.value.workflowId;
    const workflowId = first(ofHead, ofSlot);
    const its = ofHead === workflowId && !head.done ? head.value : undefined;
    yield { workflowId, head: its, slots: ofThis(workflowId) };
    if (its) head = await heads.next();
  }

  async function* ofThis(workflowId: string): AsyncIterable<Slots['slots']> {
    while (!slot.done && slot.value.workflowId === workflowId) {
      yield slot.value.slots;
      slot = await slots.next();
    }
  }
}

/** Which of the two comes first in the store's order, in which an event's id goes on with `#`. */
function first(ofHead: string | undefined, ofSlot: string | undefined): string {
  if (ofHead === undefined || ofSlot === undefined) return ofHead ?? ofSlot ?? '';
  return Buffer.compare(Buffer.from(`${ofHead}#`), Buffer.from(`${ofSlot}#`)) <= 0 ? ofHead : ofSlot;
}
