import { setTimeout as pause } from 'node:timers/promises';
import type { Client, UpdateDefinition } from '@temporalio/client';
import type { Logger } from 'pino';
import type { RecordedEvent } from '../../domain/events';
import { attemptOf } from '../../domain/request';
import type { Signature } from '../../domain/signing/signature';
import { Problem, PROBLEMS, type ProblemCode } from '../../domain/problems';
import type { Store } from '../../store/connect';
import type { Receipt } from '../../workflows/messages';
import type { Changes } from '../live/changes';
import type { Measures } from '../http/measure';
import { keyReused } from '../idempotency';
import { inTime } from './deadline';
import { RecordWatch } from './record-watch';
import { isNotYet, receiptIn, updateProblem } from './refusals';

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

/** What is recorded is heard, or the workflow has answered: looking every so often is for when neither comes through. */
const LOOK_EVERY_MS = 250;
/** Until a workflow that goes on in a further run has begun it: a briefing. */
const NOT_YET_MS = 50;

/** A request and the key under which it was sent, if it has one. */
export interface KeyedRequest {
  readonly key: string | undefined;
  readonly updateId: string;
  readonly bodyHash: string;
}

/** The way of a decision from the API into engine and record. */
export class Decisions {
  private readonly heads: RecordWatch<number>;
  private readonly requests: RecordWatch<RecordedEvent>;

  constructor(
    private readonly client: Client,
    private readonly store: Store,
    private readonly changes: Pick<Changes, 'hear' | 'listen'>,
    private readonly measures: Pick<Measures, 'decision'>,
    private readonly log: Pick<Logger, 'info'>,
  ) {
    this.heads = new RecordWatch((ids) => store.heads.seqs(ids), LOOK_EVERY_MS);
    this.requests = new RecordWatch((ids) => store.events.ofUpdates(ids), LOOK_EVERY_MS);
    changes.hear((event) => {
      this.heads.heard(event.workflowId, event.seq);
      if (event.updateId !== undefined) this.requests.heard(event.updateId, event);
    });
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
   * @returns the event that the request has become
   * @throws Problem what the workflow refuses with; `engine-unavailable` if engine, worker or store is away: whether the
   * decision counts is then unknown, and the same key tells
   */
  async send<Arg extends Signed>(sending: Sending<Arg>): Promise<RecordedEvent> {
    const ended = this.measures.decision(sending.update.name);
    try {
      const event = await this.sendOnce(sending);
      ended('recorded');
      const { update, updateId, taskId } = sending;
      const { workflowId, seq } = event;
      this.log.info({ workflowId, taskId, update: update.name, updateId, seq }, 'recorded');
      return event;
    } catch (error) {
      ended(error instanceof Problem && !PROBLEMS[error.code].retryable ? 'refused' : 'unanswered');
      throw error;
    }
  }

  /**
   * The workflow answers when it has heard that its event is recorded. The event itself is seen sooner; a refusal only
   * the workflow says.
   */
  private async sendOnce<Arg extends Signed>(sending: Sending<Arg>): Promise<RecordedEvent> {
    const { updateId, bodyHash } = sending;
    const until = Date.now() + ANSWER_WITHIN_MS;
    const waiting = new AbortController();
    this.changes.listen();
    const shown = this.requests.shows({ key: updateId, until, signal: waiting.signal });
    const answered = this.execute(sending, until).catch((error: unknown) => {
      // In a rehearsal days may pass between signing and asking; what is signed at the new time counts.
      if (error instanceof Problem && error.code === 'signature-out-of-time')
        return this.execute(sending, until);
      throw error;
    });
    try {
      // Whatever has not been heard is there by then, and is looked for.
      const found = answered.then(() => {
        this.requests.lookFor(updateId);
        return shown;
      });
      const event = await Promise.race([shown, found]);
      // A repeated request is answered with its first event, whatever was sent.
      if (event.bodyHash !== bodyHash) throw keyReused();
      return event;
    } finally {
      waiting.abort();
      for (const late of [shown, answered]) late.catch(() => undefined);
    }
  }

  private async execute<Arg extends Signed>(sending: Sending<Arg>, until: number): Promise<void> {
    const { workflowId, update, argument, updateId, gone } = sending;
    const handle = this.client.workflow.getHandle(workflowId);
    for (;;) {
      const signed = argument();
      const attempt = { args: [signed] as [Arg], updateId: attemptOf(updateId, signed.signature) };
      try {
        await inTime(this.client, () => handle.executeUpdate(update, attempt));
        return;
      } catch (error) {
        if (receiptIn(error)) return;
        if (!isNotYet(error) || Date.now() + NOT_YET_MS > until) throw updateProblem(error, gone);
        await pause(NOT_YET_MS);
      }
    }
  }

  /** Waits until the record shows this event of a workflow that was just started. */
  async recorded(workflowId: string, seq: number): Promise<void> {
    const until = Date.now() + ANSWER_WITHIN_MS;
    this.changes.listen();
    const shown = this.heads.shows({ key: workflowId, enough: (head) => head >= seq, until });
    // It may have been recorded before anybody listened.
    this.heads.lookFor(workflowId);
    await shown;
  }
}
