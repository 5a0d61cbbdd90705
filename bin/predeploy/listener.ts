import { proxySinks, type Sinks, type WorkflowInterceptorsFactory } from '@temporalio/workflow';
import type { RecordBatch } from '../../domain/node';

export interface Listening extends Sinks {
  listener: { told(batch: RecordBatch): void };
}

const { listener } = proxySinks<Listening>();

/** Overhears what a workflow hands over to be recorded. */
export const interceptors: WorkflowInterceptorsFactory = () => ({
  outbound: [
    {
      scheduleActivity(input, next) {
        if (input.activityType === 'record') listener.told(input.args[0] as RecordBatch);
        return next(input);
      },
    },
  ],
});
