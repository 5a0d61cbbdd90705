import type { ActivateInput, WorkflowInterceptorsFactory } from '@temporalio/workflow';

type Activation = ActivateInput['activation'];

/**
 * Nothing happens to a workflow before a workflow task of the engine says when.
 *
 * Whoever asks a workflow that no worker holds has it led again. If something happened to it since its last task, and
 * the task for that waits as well, then the SDK leads the workflow past its last task to be able to answer: it hands
 * over what happened by the clock of the task before. When the waiting task comes, the workflow has it all behind it,
 * dated back; a replay dates it by the task, so that the workflow tells its past as it does not stand in the record
 * (`npm run torture`, seed 213). Here such a question finds no answer instead: the worker forgets the workflow, and its
 * task is led from the history as it should be. Whoever asked asks again.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let last: Activation | undefined;
  return {
    internals: [
      {
        activate(input, next) {
          const { activation } = input;
          if (!activation.jobs?.some((job) => job.queryWorkflow)) {
            if (last && isAheadOfItsTask(activation, last)) throw new AheadOfItsTask();
            last = activation;
          }
          next(input);
        },
      },
    ],
  };
};

/** Answer to a question that came before the workflow task of what it would have to take in; asked again, it is answered. */
export class AheadOfItsTask extends Error {
  override name = 'AheadOfItsTask';
  constructor() {
    super('the workflow has something before it that no workflow task has led yet; ask again');
  }
}

/**
 * Whether an activation brings events of the history without a workflow task: each task that starts brings a later size
 * of the history. The time-skipping engine tells none, and asks nobody past a task.
 */
export function isAheadOfItsTask(activation: Activation, last: Activation): boolean {
  const size = Number(activation.historySizeBytes ?? 0);
  return (
    size > 0 &&
    size === Number(last.historySizeBytes ?? 0) &&
    (activation.historyLength ?? 0) > (last.historyLength ?? 0)
  );
}
