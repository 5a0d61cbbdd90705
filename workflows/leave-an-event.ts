import { defaultPayloadConverter } from '@temporalio/common';
import type {
  ActivateInput,
  ConcludeActivationInput,
  WorkflowInterceptorsFactory,
} from '@temporalio/workflow';

type Job = NonNullable<ActivateInput['activation']['jobs']>[number];
type Command = ConcludeActivationInput['commands'][number];

/**
 * No workflow task in which something has happened ends without an event of its own.
 *
 * A worker that leads a workflow again takes a task that has left no event together with the one that follows, as long
 * as that one is still to be led (sdk-rust #1606). Later, when both stand in the history, it leads them apart: an
 * activity's end is then seen before the Updates of the second task and not after them, and at another instant. Commands
 * come in another order, events are dated otherwise, and the workflow tells its past as it does not stand in the record.
 *
 * What an accepted Update leaves is an event of its own; one that is refused must leave none. The end of a write to the
 * record is no exception, although nobody waits for it: what comes next would be dated by the silent task's clock
 * (`npm run torture`, seeds 12 and 13).
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let happened: Job[] = [];
  return {
    internals: [
      {
        activate(input, next) {
          happened.push(...(input.activation.jobs ?? []));
          next(input);
        },
        concludeActivation(input, next) {
          const { commands } = next(input);
          const jobs = happened;
          happened = [];
          return { commands: leavesNoEvent(jobs, commands) ? [...commands, MARK] : commands };
        },
      },
    ],
  };
};

/** Whether something has happened to the workflow, and nothing in its history will show where its task ended. */
export function leavesNoEvent(jobs: readonly Job[], commands: readonly Command[]): boolean {
  return jobs.some(isLasting) && commands.every((command) => !isEvent(command, commands));
}

/** What comes with an event of the history, and is seen again in each replay. */
function isLasting(job: Job): boolean {
  if (job.resolveActivity) return !job.resolveActivity.isLocal;
  return !(
    job.doUpdate ??
    job.queryWorkflow ??
    job.removeFromCache ??
    job.notifyHasPatch ??
    job.updateRandomSeed
  );
}

/** A local activity leaves its marker only when it is done, perhaps in a later task. */
function isEvent(command: Command, all: readonly Command[]): boolean {
  const { startTimer, cancelTimer, updateResponse } = command;
  if (command.scheduleLocalActivity ?? command.requestCancelLocalActivity ?? command.respondToQuery)
    return false;
  if (updateResponse) return !updateResponse.rejected;
  // A timer that is set and taken back at once was never there.
  if (startTimer) return !all.some((other) => other.cancelTimer?.seq === startTimer.seq);
  if (cancelTimer) return !all.some((other) => other.startTimer?.seq === cancelTimer.seq);
  return true;
}

const MARK: Command = {
  modifyWorkflowProperties: {
    upsertedMemo: { fields: { seen: defaultPayloadConverter.toPayload(true) } },
  },
};
