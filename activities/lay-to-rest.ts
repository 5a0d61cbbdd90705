import type { Activities } from '../domain/world';
import type { Store } from '../store/connect';
import { engineTime } from './engine-time';

/**
 * A workflow that was ended from outside can no longer close what it had opened: its projections are closed for it, so
 * that nobody finds a task that nobody takes. The record is left as it is; doing it again changes nothing.
 */
export function layToRestActivity(store: Store): Activities['layToRest'] {
  return async ({ workflowId, because }) => {
    const closedAt = new Date(engineTime()).toISOString();
    await store.tasks.model.updateMany(
      { workflowId, status: 'open' },
      { $set: { status: 'closed', closedBecause: because, closedAt } },
    );
    await store.steps.model.updateOne(
      { _id: workflowId, status: { $in: ['running', 'suspended', 'needs-repair'] } },
      { $set: { status: 'closed', closedAt, waits: [], acts: [] } },
    );
    await store.heads.model.updateOne({ _id: workflowId }, { $set: { open: false } });
  };
}
