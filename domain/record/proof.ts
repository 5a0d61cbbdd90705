import { hashOf, type RecordedEvent } from '../events';
import { isOnPath } from '../merkle';
import type { Verifier } from '../signing/signature';
import { signatureFault } from './signed';
import { hashOfLeaf, rootFault, type DailyRoot, type Leaf } from './daily-root';
import { whySignature } from './fault';

/** An excerpt that proves itself: one event, and its way to a signed root. Needs nothing else but the roots of trust. */
export interface RecordProof {
  readonly format: 'jiugai-record-proof/1';
  /** The event, and after it the rest of its chain to the leaf. */
  readonly events: readonly RecordedEvent[];
  readonly leaf: Leaf;
  /** Of the leaf, from 0. */
  readonly index: number;
  /** Hashes beside the way from the leaf to the root, from below. */
  readonly path: readonly string[];
  readonly root: DailyRoot;
}

/** What a proof lacks to be one, as a sentence in both languages; nothing if it holds. Never throws. */
export function proofFault(proof: RecordProof, verifier: Verifier): string | undefined {
  try {
    return chainFault(proof) ?? treeFault(proof, verifier) ?? ownFault(proof, verifier);
  } catch {
    return '文件残缺 · the file is not whole';
  }
}

function chainFault({ events, leaf }: RecordProof): string | undefined {
  let before: RecordedEvent | undefined;
  for (const event of events) {
    const { hash, ...rest } = event;
    if (hashOf(rest) !== hash) return `第 ${event.seq} 条内容与校验值不符 · event ${event.seq} is altered`;
    if (event.workflowId !== leaf.workflowId) return '记录属于另一流程 · an event is of another workflow';
    if (before && (event.previous !== before.hash || event.seq !== before.seq + 1)) {
      return `第 ${event.seq} 条与前一条不相接 · event ${event.seq} does not follow`;
    }
    before = event;
  }
  if (before?.hash === leaf.hash && before.seq === leaf.seq) return undefined;
  return '记录未到日根之叶 · the events do not lead to the leaf';
}

function treeFault({ leaf, index, path, root }: RecordProof, verifier: Verifier): string | undefined {
  if (!isOnPath(hashOfLeaf(leaf), { index, size: root.size }, path, root.root)) {
    return '叶不在日根之下 · the leaf is not under the root';
  }
  const fault = rootFault(root, verifier);
  return fault && `日根签名不成立 · the root’s signature does not count (${whySignature(fault)})`;
}

function ownFault({ events }: RecordProof, verifier: Verifier): string | undefined {
  const [event] = events;
  const fault = event?.signature && signatureFault(event, verifier);
  return fault && `决定的签名不成立 · the decision’s signature does not count (${whySignature(fault)})`;
}
