import {
  proxySinks,
  workflowInfo,
  type ActivityInput,
  type Headers,
  type Sinks,
  type WorkflowInterceptorsFactory,
} from '@temporalio/workflow';
import { causesIn, withCauses } from '../watching/causes';

/** What a worker is told of what workflows do, for those who trace. */
export interface TraceSinks extends Sinks {
  readonly tracing: {
    /** The workflow has begun, or has handled an Update or a Signal. */
    handled(what: string, cause: string): void;
  };
}

/**
 * Carries who has caused something from start, Update and Signal on to whatever the workflow does of it: its record, its
 * children, its letters. Nothing but headers: no command more, none in another order, nothing asynchronous, and nothing
 * at all where nobody traces. A replay does not compare headers.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  const causes = new Causes();
  const passOn = <Input extends { readonly headers: Headers }>(input: Input): Input => ({
    ...input,
    headers: withCauses(input.headers, causes.known),
  });
  return {
    inbound: [
      {
        execute(input, next) {
          causes.come('start', input.headers, 'recorded');
          return next(input);
        },
        handleUpdate(input, next) {
          causes.come(input.name, input.headers, 'recorded');
          return next(input);
        },
        handleSignal(input, next) {
          causes.come(input.signalName, input.headers, 'perhaps');
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity(input, next) {
          const answer = next(passOn(input));
          if (isRecord(input)) causes.recordedWith(answer);
          return answer;
        },
        startChildWorkflowExecution: (input, next) => next(passOn(input)),
        signalWorkflow: (input, next) => next(passOn(input)),
      },
    ],
    internals: [
      {
        concludeActivation(input, next) {
          causes.activationEnds();
          return next(input);
        },
      },
    ],
  };
};

const isRecord = ({ activityType }: ActivityInput): boolean => activityType === 'record';

/**
 * A cause is known until it is recorded: `record` waits for the one that runs, and then takes several along. What may
 * leave no event (a letter) is forgotten with the activation in which it came, unless a record is on its way.
 */
class Causes {
  known: readonly string[] = [];
  private toBeRecorded = false;
  private sent: readonly string[] | undefined;
  private running = 0;

  come(what: string, headers: Headers, leaves: 'recorded' | 'perhaps'): void {
    const fresh = causesIn(headers).filter((one) => !this.known.includes(one));
    if (fresh.length === 0) return;
    this.known = [...this.known, ...fresh];
    if (leaves === 'recorded') this.toBeRecorded = true;
    if (workflowInfo().unsafe.isReplaying) return;
    for (const one of fresh) proxySinks<TraceSinks>().tracing.handled(what, one);
  }

  recordedWith(answer: Promise<unknown>): void {
    this.sent = this.known;
    this.running += 1;
    const ended = (): void => void (this.running -= 1);
    answer.then(ended, ended);
  }

  activationEnds(): void {
    const { sent } = this;
    this.sent = undefined;
    if (sent) {
      this.known = this.known.filter((one) => !sent.includes(one));
      this.toBeRecorded = this.known.length > 0;
    } else if (!this.toBeRecorded && this.running === 0) {
      this.known = [];
    }
  }
}
