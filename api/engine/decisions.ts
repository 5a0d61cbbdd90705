import type { Client, UpdateDefinition } from '@temporalio/client';
import type { Logger } from 'pino';
import type { RecordedEvent } from '../../domain/events';
import { attemptOf } from '../../domain/request';
import type { Signature } from '../../domain/signing/signature';
import { Problem, PROBLEMS, type ProblemCode } from '../../domain/problems';
import type { Store } from '../../store/connect';
import type { Receipt } from '../../workflows/messages';
import type { Measures } from '../http/measure';
import { keyReused } from '../idempotency';
import { inTime } from './deadline';
import { HeadWatch } from './head-watch';
import { receiptIn, updateProblem } from './refusals';

/** An Update to send: to which workflow, and what it means if that workflow is no more. */
export interface Sending<Arg extends Signed> {
  readonly workflowId: string;
  readonly update: UpdateDefinition<Receipt, [Arg]>;
  /** The argument, signed anew for each attempt. */
  readonly argument: () => Arg;
  /** Of the request; each attempt to send it is an Update of its own. */
  readonly updateId: string;
  readonly bodyHash: string;
  readonly gone: ProblemCode;
  /** The task that it is about, for the log. */
  readonly taskId?: string;
}

interface Signed {
  readonly signature: Signature;
}

/** Until then engine and record have answered, or the caller is told to ask again: HTTP answers within 5 s. */
const ANSWER_WITHIN_MS = 4_200;

/** A request and the key under which it was sent, if it has one. */
export interface KeyedRequest {
  readonly key: string | undefined;
  readonly updateId: string;
  readonly bodyHash: string;
}

/** The way of a decision from the API into engine and record. */
export class Decisions {
  private readonly heads: HeadWatch;

  constructor(
    private readonly client: Client,
    private readonly store: Store,
    private readonly measures: Pick<Measures, 'decision'>,
    private readonly log: Pick<Logger, 'info'>,
  ) {
    this.heads = new HeadWatch((ids) => store.heads.seqs(ids));
  }

  /**
   * Acts, unless the key has acted before. It is looked up before the state of the task, and again when the act is
   * refused: an earlier attempt that got no answer may have been recorded in between, and it is its own effect (the
   * task is done, the step has been left) that refuses the repeated one.
   * @returns the event that the key had caused before, or what `act` returns
   * @throws Problem `idempotency-key-reused` if the key stood for another request; whatever `act` throws
   */
  async once<T>(request: KeyedRequest, act: () => Promise<T>): Promise<RecordedEvent | T> {
    if (request.key === undefined) return act();
    const before = await this.earlier(request);
    if (before) return before;
    try {
      return await act();
    } catch (error) {
      const refused = error instanceof Problem && !PROBLEMS[error.code].retryable;
      const meanwhile = refused ? await this.earlier(request) : undefined;
      if (meanwhile) return meanwhile;
      throw error;
    }
  }

  private async earlier({ updateId, bodyHash }: KeyedRequest): Promise<RecordedEvent | undefined> {
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
  async send<Arg extends Signed>(sending: Sending<Arg>): Promise<Receipt> {
    const ended = this.measures.decision(sending.update.name);
    try {
      const receipt = await this.sendOnce(sending);
      ended('recorded');
      const { update, updateId, taskId } = sending;
      const { workflowId, seq } = receipt;
      this.log.info({ workflowId, taskId, update: update.name, updateId, seq }, 'recorded');
      return receipt;
    } catch (error) {
      ended(error instanceof Problem && !PROBLEMS[error.code].retryable ? 'refused' : 'unanswered');
      throw error;
    }
  }

  private async sendOnce<Arg extends Signed>(sending: Sending<Arg>): Promise<Receipt> {
    const { workflowId, update, argument, updateId, bodyHash, gone } = sending;
    const until = Date.now() + ANSWER_WITHIN_MS;
    const handle = this.client.workflow.getHandle(workflowId);
    const execute = async (): Promise<Receipt> => {
      const signed = argument();
      const attempt = { args: [signed] as [Arg], updateId: attemptOf(updateId, signed.signature) };
      return inTime(this.client, () => handle.executeUpdate(update, attempt)).catch((error: unknown) => {
        const before = receiptIn(error);
        if (before) return before;
        throw updateProblem(error, gone);
      });
    };
    // In a rehearsal days may pass between signing and asking; what is signed at the new time counts.
    const receipt = await execute().catch((error: unknown) => {
      if (error instanceof Problem && error.code === 'signature-out-of-time') return execute();
      throw error;
    });
    // A repeated request is answered with the first receipt, whatever was sent.
    if (receipt.bodyHash !== bodyHash) throw keyReused();
    await this.heads.reached(receipt.workflowId, receipt.seq, until);
    return receipt;
  }

  /** Waits until the record shows this event of a workflow that was just started. */
  recorded(workflowId: string, seq: number): Promise<void> {
    return this.heads.reached(workflowId, seq, Date.now() + ANSWER_WITHIN_MS);
  }
}
