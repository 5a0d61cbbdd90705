import { log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { RECORD_BEHIND, SLOT_TAKEN, type RecordBatch } from '../domain/node';
import type { Activities } from '../domain/world';
import type { Store } from '../store/connect';
import { RecordBehind, SlotTaken, writeBatch } from '../store/record';

/**
 * Writes a workflow's events and projections. Whatever a second attempt could mend is thrown as it is and tried again
 * by the engine; the two findings that only the workflow can answer are failures of their own type.
 */
export function recordActivity(store: Store): Activities['record'] {
  return async (batch) => {
    try {
      await writeBatch(store, batch);
      log.info('recorded', idsOf(batch));
    } catch (error) {
      const of = { recordOf: batch.workflowId, events: batch.events.length, head: batch.head.seq };
      if (error instanceof SlotTaken || error instanceof RecordBehind) log.error(error.message, of);
      if (error instanceof SlotTaken) throw ApplicationFailure.nonRetryable(error.message, SLOT_TAKEN);
      if (error instanceof RecordBehind) {
        throw ApplicationFailure.nonRetryable(error.message, RECORD_BEHIND, error.head);
      }
      throw error;
    }
  };
}

/** By which a line of a worker's log is found that belongs to one of the API: what was asked, and where it stands. */
function idsOf({ events, head }: RecordBatch) {
  const ids = (of: 'taskId' | 'updateId'): string[] => [
    ...new Set(events.flatMap((event) => event[of] ?? [])),
  ];
  return {
    head: head.seq,
    types: events.map(({ type }) => type),
    taskIds: ids('taskId'),
    updateIds: ids('updateId'),
  };
}
