import type { CivilDate } from '../calendar';
import { canonicalBytes, hashOf } from '../events';
import { leafHash, merkleRoot, type Digest } from '../merkle';
import type { Revocation } from '../signing/certificate';
import type { Signature, SignatureFault, Verifier } from '../signing/signature';
import type { RootStatement } from '../signing/statements';

/** One chain as it stood when the root was made: its last event. */
export interface Leaf {
  readonly workflowId: string;
  readonly seq: number;
  readonly hash: string;
}

/** What stands for the whole record of a day: a Merkle root over all chains, signed, chained to the day before. */
export interface DailyRoot {
  /** The civil day, in Asia/Shanghai, shortly after whose beginning it was made. */
  readonly date: CivilDate;
  /** How many leaves. */
  readonly size: number;
  readonly root: string;
  /** Hash of the root before; 64 zeros for the first. */
  readonly previous: string;
  readonly signature: Signature;
}

export const NO_ROOT = '0'.repeat(64);

function rootStatement({ date, size, root, previous, signature }: DailyRoot): RootStatement {
  return { signs: 'root', date, size, root, previous, at: signature.at };
}

/** By which the next one names it. */
export function hashOfRoot(root: DailyRoot): string {
  return hashOf(rootStatement(root));
}

/** What a leaf is in the tree: its canonical JSON. */
export function hashOfLeaf({ workflowId, seq, hash }: Leaf, digest?: Digest): string {
  return leafHash(canonicalBytes({ workflowId, seq, hash }), digest);
}

/** @param leaves in the order of their workflows */
export function rootOf(leaves: readonly Leaf[], digest?: Digest): string {
  return merkleRoot(
    leaves.map((leaf) => hashOfLeaf(leaf, digest)),
    digest,
  );
}

export function inOrderOfWorkflows(leaves: readonly Leaf[]): Leaf[] {
  return [...leaves].sort((a, b) => (a.workflowId < b.workflowId ? -1 : a.workflowId > b.workflowId ? 1 : 0));
}

/** A revocation is a leaf of its own: whoever takes it out of the store is found as if it were a chain. */
export function leafOfRevocation(revocation: Revocation): Leaf {
  const { keyId, revokedAt } = revocation;
  return { workflowId: `revocation/${keyId}@${revokedAt}`, seq: 1, hash: hashOf(revocation) };
}

/** Why the signature over a root does not count, or nothing. */
export function rootFault(root: DailyRoot, verifier: Verifier): SignatureFault | undefined {
  return verifier.fault(rootStatement(root), root.signature, ['worker'], Date.parse(root.signature.at));
}
