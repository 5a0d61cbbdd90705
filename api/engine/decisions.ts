import type { Client, UpdateDefinition } from '@temporalio/client';
import type { RecordedEvent } from '../../domain/events';
import type { ProblemCode } from '../../domain/problems';
import type { Store } from '../../store/connect';
import type { Receipt } from '../../workflows/messages';
import { keyReused } from '../idempotency';
import { inTime } from './deadline';
import { HeadWatch } from './head-watch';
import { updateProblem } from './refusals';

/** An Update to send: to which workflow, and what it means if that workflow is no more. */
export interface Sending<Arg> {
  readonly workflowId: string;
  readonly update: UpdateDefinition<Receipt, [Arg]>;
  readonly argument: Arg;
  readonly updateId: string;
  readonly bodyHash: string;
  readonly gone: ProblemCode;
}

/** Until then engine and record have answered, or the caller is told to ask again: HTTP answers within 5 s. */
const ANSWER_WITHIN_MS = 4_200;

/** The way of a decision from the API into engine and record. */
export class Decisions {
  private readonly heads: HeadWatch;

  constructor(
    private readonly client: Client,
    private readonly store: Store,
  ) {
    this.heads = new HeadWatch((ids) => store.heads.seqs(ids));
  }

  /**
   * What the key has caused before, if anything. Looked up before the state of the task: whoever repeats a request
   * gets its first answer, although the task has long been closed by it.
   * @throws Problem `idempotency-key-reused` if the key stood for another request
   */
  async earlier(updateId: string, bodyHash: string): Promise<RecordedEvent | undefined> {
    const [event, answer] = await Promise.all([
      this.store.events.ofUpdate(updateId),
      this.store.answers.find(updateId),
    ]);
    if (answer || (event && event.bodyHash !== bodyHash)) throw keyReused();
    return event;
  }

  /**
   * Sends the Update once and waits until what it caused is durable and visible.
   * @throws Problem what the workflow refuses with; `engine-unavailable` if engine, worker or store is away: whether the
   * decision counts is then unknown, and the same key tells
   */
  async send<Arg>(sending: Sending<Arg>): Promise<Receipt> {
    const { workflowId, update, argument, updateId, bodyHash, gone } = sending;
    const until = Date.now() + ANSWER_WITHIN_MS;
    const handle = this.client.workflow.getHandle(workflowId);
    let receipt: Receipt;
    try {
      receipt = await inTime(this.client, () => handle.executeUpdate(update, { args: [argument], updateId }));
    } catch (error) {
      throw updateProblem(error, gone);
    }
    // The engine answers a repeated id with the first result, whatever was sent.
    if (receipt.bodyHash !== bodyHash) throw keyReused();
    await this.heads.reached(receipt.workflowId, receipt.seq, until);
    return receipt;
  }

  /** Waits until the record shows this event of a workflow that was just started. */
  recorded(workflowId: string, seq: number): Promise<void> {
    return this.heads.reached(workflowId, seq, Date.now() + ANSWER_WITHIN_MS);
  }
}
