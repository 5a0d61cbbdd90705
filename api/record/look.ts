import type { Checking } from '../../domain/record/chain';
import type { RecordFault } from '../../domain/record/fault';
import type { Root } from '../../domain/signing/certificate';
import { Verifier } from '../../domain/signing/signature';
import { hashNative } from '../../keys/digest';
import { verifyNative } from '../../keys/verify';
import type { Store } from '../../store/connect';
import { familyRange, type IdRange } from '../../store/id-range';
import { passOver, type Counted, type FamilyFound } from './families';

/** Something may be written while it is read: what looks wrong is looked at once more. */
const SECOND_LOOK_MS = 500;

/** How events are checked with Node's own SHA-256 and Ed25519; without roots signatures are only looked for. */
export async function checkingOf(
  store: Pick<Store, 'revocations'>,
  roots: readonly Root[] | undefined,
): Promise<Checking> {
  if (!roots) return { hash: hashNative };
  const verifier = new Verifier({ roots, revocations: await store.revocations.all() }, verifyNative);
  return { verifier, hash: hashNative };
}

export async function secondLook(
  store: Pick<Store, 'events' | 'heads'>,
  checking: Checking,
  ranges: readonly IdRange[],
  id: string,
): Promise<FamilyFound> {
  await new Promise((done) => setTimeout(done, SECOND_LOOK_MS));
  const counted: Counted = { workflows: 0, events: 0, signatures: 0 };
  const faults: RecordFault[] = [];
  const absent: string[] = [];
  for await (const found of passOver(store, checking, ranges, counted)) {
    faults.push(...found.faults);
    absent.push(...found.absent);
  }
  return { id, faults, absent };
}

/** What a look at one project's record found. */
export interface Looked extends Readonly<Counted> {
  readonly faults: readonly RecordFault[];
}

/**
 * Checks every hash, link, signature and head of one project's chains, and that they make one tree. Whether the engine
 * and the daily roots say the same, `npm run record:verify` finds out.
 */
export async function lookAtProject(
  store: Pick<Store, 'events' | 'heads' | 'revocations'>,
  projectId: string,
  roots: readonly Root[],
): Promise<Looked> {
  const checking = await checkingOf(store, roots);
  const id = `project/${projectId}`;
  const ranges = [familyRange(id)];
  const counted: Counted = { workflows: 0, events: 0, signatures: 0 };
  const faults: RecordFault[] = [];
  for await (const found of passOver(store, checking, ranges, counted)) {
    const sure = found.faults.length === 0 ? found : await secondLook(store, checking, ranges, id);
    faults.push(...sure.faults);
  }
  return { ...counted, faults };
}
