import type { Client } from '@temporalio/client';
import { passOver, type Counted } from '../../api/record/families';
import { checkingOf, secondLook } from '../../api/record/look';
import type { DailyRoot } from '../../domain/record/daily-root';
import type { RecordFault } from '../../domain/record/fault';
import { familyOf } from '../../domain/record/family';
import type { Root } from '../../domain/signing/certificate';
import type { Store } from '../../store/connect';
import { familyRange, planRanges, type IdRange } from '../../store/id-range';
import { compareWithEngine, type EngineFound } from './engine';
import { verifyRoots, type RootsFound } from './roots';

/** What of the record is verified. */
export interface Scope {
  readonly project?: string;
  readonly plan?: number;
  /** Only projects and plans in which something was recorded since (RFC 3339); these from their beginning. */
  readonly since?: string;
}

export interface VerifyOptions {
  readonly scope?: Scope;
  /** Whom to believe; without roots, signatures are looked for but not verified. */
  readonly roots?: readonly Root[];
  /** Without one, the record is not compared with the workflows. */
  readonly client?: Client;
  /** A daily root that was handed out before: the record must still hold it. */
  readonly knownRoot?: DailyRoot;
}

export interface Verified extends Readonly<Counted> {
  /** What is wrong, the first record of each chain; empty if the record is whole. */
  readonly faults: readonly RecordFault[];
  /** How long the chains took, ms, without the engine. */
  readonly chainsMs: number;
  readonly compared: number;
  /** Workflows whose histories have expired: no fault. */
  readonly expired: number;
  /** Whether the engine could say which workflows run. */
  readonly listed: boolean;
  /** Daily roots that were verified; the day of the last. */
  readonly roots: number;
  readonly lastRoot?: string;
}

/**
 * Verifies the record: every event's hash, link and signature, every chain's head and place in its project, and what
 * the workflows themselves hold. Changes nothing.
 */
export async function verifyRecord(store: Store, options: VerifyOptions = {}): Promise<Verified> {
  const { scope = {}, client } = options;
  const ranges = await rangesOf(store, scope);
  const checking = await checkingOf(store, options.roots);
  const counted: Counted = { workflows: 0, events: 0, signatures: 0 };
  const faults: RecordFault[] = [];
  const absent: string[] = [];
  const begun = performance.now();
  for await (const found of passOver(store, checking, ranges, counted)) {
    const sure =
      found.faults.length === 0
        ? found
        : await secondLook(store, checking, rangesOfFamily(found.id), found.id);
    faults.push(...sure.faults);
    absent.push(...sure.absent);
  }
  const chainsMs = performance.now() - begun;
  // Roots stand for the whole record: a part of it is not held against them.
  const whole = ranges === undefined;
  const roots = whole ? await verifyRoots(store, checking.verifier, options.knownRoot) : NO_ROOTS;
  const known = client ? await idsOf(store, ranges) : [];
  const engine = client ? await compareWithEngine(store, client, [...known, ...absent], whole) : NO_ENGINE;
  const all = firstOfEach([...faults, ...roots.faults, ...engine.faults]);
  return { ...counted, ...engine, ...roots, chainsMs, faults: all };
}

const NO_ENGINE: EngineFound = { faults: [], compared: 0, expired: 0, listed: false };
const NO_ROOTS: RootsFound = { faults: [], roots: 0 };

async function rangesOf(store: Store, { project, plan, since }: Scope): Promise<IdRange[] | undefined> {
  if (project !== undefined) return [familyRange(`project/${project}`)];
  if (plan !== undefined) return planRanges(plan);
  if (since === undefined) return undefined;
  const rows = await store.heads.model.find({ at: { $gte: since } }, { _id: 1 }).lean<{ _id: string }[]>();
  return [...new Set(rows.map(({ _id }) => familyOf(_id)))].sort().flatMap(rangesOfFamily);
}

function rangesOfFamily(id: string): IdRange[] {
  return id.startsWith('plan/') ? planRanges(Number(id.slice('plan/'.length))) : [familyRange(id)];
}

async function idsOf(store: Pick<Store, 'heads'>, ranges: readonly IdRange[] | undefined): Promise<string[]> {
  const ids: string[] = [];
  for await (const { _id } of store.heads.each(ranges)) ids.push(_id);
  return ids;
}

/** Of each chain the first wrong record; in the order of projects. */
function firstOfEach(faults: readonly RecordFault[]): RecordFault[] {
  const first = new Map<string, RecordFault>();
  for (const fault of faults) {
    const known = first.get(fault.workflowId);
    if (!known || fault.seq < known.seq) first.set(fault.workflowId, fault);
  }
  return [...first.values()];
}
