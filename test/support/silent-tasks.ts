import { temporal } from '@temporalio/proto';

type History = temporal.api.history.v1.IHistory;
type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
const { EventType } = temporal.api.enums.v1;

/** A task of a workflow that saw something and left no event. */
export interface SilentTask {
  /** Numbers of its events: scheduled, started, completed. */
  readonly events: readonly number[];
  /** Of what it saw, the types of the events, and for an activity its name: `activity record completed`. */
  readonly saw: readonly string[];
}

/** What comes to a workflow from outside and makes a task of it; not what its own commands leave. */
const COMES =
  /^EVENT_TYPE_(TIMER_FIRED|ACTIVITY_TASK_(COMPLETED|FAILED|TIMED_OUT)|WORKFLOW_EXECUTION_(STARTED|SIGNALED|CANCEL_REQUESTED)|(CHILD|EXTERNAL)_WORKFLOW_EXECUTION_\w+)$/;

/** Completed tasks that had something to see and after which, before the next was scheduled, nothing stands. */
export function silentTasks({ events }: History): SilentTask[] {
  const all = events ?? [];
  const silent: SilentTask[] = [];
  let saw: string[] = [];
  let started = 0;
  for (const [i, event] of all.entries()) {
    const completed = event.workflowTaskCompletedEventAttributes;
    if (completed) {
      const isLast = all[i + 1]?.eventType === EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED;
      if (saw.length > 0 && isLast) {
        silent.push({ events: [Number(completed.scheduledEventId), started, Number(event.eventId)], saw });
      }
      saw = [];
    } else if (event.workflowTaskStartedEventAttributes) {
      started = Number(event.eventId);
    } else {
      const type = EventType[event.eventType ?? 0] ?? '';
      if (COMES.test(type)) saw = [...saw, sightOf(event, type, all)];
    }
  }
  return silent;
}

export const WRITTEN = 'activity record completed';

function sightOf(event: HistoryEvent, type: string, all: readonly HistoryEvent[]): string {
  const done = event.activityTaskCompletedEventAttributes;
  if (!done) return type;
  const scheduled = all.find(({ eventId }) => Number(eventId) === Number(done.scheduledEventId));
  return `activity ${scheduled?.activityTaskScheduledEventAttributes?.activityType?.name} completed`;
}

/** The same history as if the workflow had seen what these tasks saw only with the task that followed each. */
export function seenTogether({ events }: History, tasks: readonly SilentTask[]): History {
  const gone = new Set(tasks.flatMap((task) => task.events));
  const left = (events ?? []).filter(({ eventId }) => !gone.has(Number(eventId)));
  const numbers = left.map(({ eventId }) => Number(eventId));
  /** An event that is gone is referred to as the one before it. */
  const renumbered = (old: number): number => numbers.filter((number) => number <= old).length;
  return {
    events: left.map((event) => temporal.api.history.v1.HistoryEvent.create(renumber(event, renumbered))),
  };
}

function renumber(message: object, renumbered: (old: number) => number): object {
  return Object.fromEntries(
    Object.entries(message).map(([field, value]: [string, unknown]) => {
      const isNumber = /^eventId$|EventId$/.test(field) && value !== null && value !== undefined;
      if (isNumber) return [field, renumbered(Number(value))];
      const isPart = field.endsWith('EventAttributes') && typeof value === 'object' && value !== null;
      return [field, isPart ? renumber(value, renumbered) : value];
    }),
  );
}
