import { activityInfo } from '@temporalio/activity';

/** The engine's clock (ms), which a rehearsal moves: when this attempt was scheduled. Never this machine's clock. */
export function engineTime(): number {
  return activityInfo().currentAttemptScheduledTimestampMs;
}
