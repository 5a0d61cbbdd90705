import { merklePath } from '../../domain/merkle';
import { hashOfLeaf } from '../../domain/record/daily-root';
import type { RecordProof } from '../../domain/record/proof';
import { digestNative } from '../../keys/digest';
import type { Store } from '../../store/connect';

/**
 * The proof of one event, on the first daily root that counts it: nothing while none does.
 * @param workflowId whose chain it is: a project's, or a step's
 */
export async function proofOf(
  store: Pick<Store, 'events' | 'dailyRoots'>,
  workflowId: string,
  seq: number,
): Promise<RecordProof | undefined> {
  const date = await store.dailyRoots.firstWith(workflowId, seq);
  const root = date === undefined ? undefined : await store.dailyRoots.find(date);
  if (!root) return undefined;
  const leaves = await store.dailyRoots.leavesOf(root.date);
  const index = leaves.findIndex((leaf) => leaf.workflowId === workflowId);
  const leaf = leaves[index];
  if (!leaf) return undefined;
  const events = await store.events.ofWorkflow(workflowId, seq, leaf.seq);
  const hashes = leaves.map((one) => hashOfLeaf(one, digestNative));
  const path = merklePath(hashes, index, digestNative);
  return { format: 'jiugai-record-proof/1', events, leaf, index, path, root };
}
