import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { Json } from '../domain/events';
import type { Bindings } from '../domain/seats';
import type { Signature } from '../domain/signing/signature';
import { contentOf, startStatement } from '../domain/signing/statements';
import type { KeptLetters } from './mail';
import { signer } from './outside';
import type { KeptRecord } from './record-keeper';
import type { KeptReceipts } from './requests';
import type { FiledDocument, StepStart } from './step';
import type { KeptTasks } from './kept-tasks';
import type { KeptPlace } from './workplace';

/**
 * Long lives: a step that may take thousands of decisions goes on in a further run of its workflow before the engine ends
 * this one, under the same id, and nobody notices.
 *
 * 1. It crosses between two answers: nobody's request is under way, everything told is durable, no letter is on its way.
 *    From the moment on that the engine suggests it, requests are refused as `NOT_YET`, and come again in a moment.
 * 2. What crosses is plain JSON (`Kept`), and signed by a worker: whoever reaches the engine could otherwise begin a run
 *    with a state of their own.
 * 3. The step's code begins anew, from the state that it has kept itself (`StepDesk.keeps`). What it asks again is
 *    not asked again: the desk knows the task that is open, or decided and not taken up yet, and hands it over.
 * 4. Tasks that are over stay behind: the store shows them, and the record holds them.
 */
export interface Kept {
  readonly record: KeptRecord;
  readonly receipts: KeptReceipts;
  readonly letters: KeptLetters;
  readonly place: KeptPlace;
  readonly tasks: KeptTasks;
  /** What the step shows of itself, and since when it has been open, RFC 3339. */
  readonly facts: Json;
  readonly openedAt: string;
  /** Seats whose holders its acts have named. */
  readonly named: Bindings;
  /** For the project's file, of the tasks that stay behind. */
  readonly documents: readonly FiledDocument[];
  /** The step's own. */
  readonly state: Json;
}

/** A further run's third argument. */
export interface Crossing {
  readonly kept: Kept;
  readonly seal: Signature;
}

/** What a further run is signed with: where it began, and where it stood. */
export function crossed(start: unknown, kept: Kept): unknown {
  return { start, kept };
}

let isLong = (): boolean => workflowInfo().continueAsNewSuggested;

/** For tests: goes on in a further run after so many events, whatever the engine suggests. */
export function continueAfter(events: number): void {
  isLong = () => workflowInfo().historyLength > events;
}

export class LongLife {
  private over = false;
  private leaving = false;

  /**
   * @param between whether nothing is under way beside what handlers do
   * @param keep what crosses, as it is now
   */
  constructor(
    private readonly between: () => boolean,
    private readonly keep: () => Kept,
  ) {}

  /** Nothing new begins in this run. */
  get isLeaving(): boolean {
    return this.leaving;
  }

  /** The step has come to its end within this run. */
  end(): void {
    this.over = true;
    this.leaving = false;
  }

  /** Resolves never: the run ends with it, or the step does. */
  async goOn(start: () => StepStart<unknown>): Promise<never> {
    const { workflowId, workflowType } = workflowInfo();
    for (;;) {
      await condition(() => !this.over && isLong());
      this.leaving = true;
      await condition(() => this.over || this.isQuiet());
      if (this.over) continue;
      const at = new Date().toISOString();
      const [from, kept] = [start(), plain(this.keep())];
      const [seal] = await signer.sign([startStatement(workflowId, workflowType, crossed(from, kept), at)]);
      // Something may have happened while it was signed; then it is signed again.
      const same = this.isQuiet() && contentOf(kept) === contentOf(plain(this.keep()));
      if (seal && same && !this.over) await continueAsNew(from, seal, { kept, seal } satisfies Crossing);
    }
  }

  private isQuiet(): boolean {
    return allHandlersFinished() && this.between();
  }
}

/** As it arrives on the other side: what is signed here must be what is checked there. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
