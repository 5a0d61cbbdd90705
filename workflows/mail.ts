import {
  CancellationScope,
  getExternalWorkflowHandle,
  log,
  setHandler,
  workflowInfo,
  type SignalDefinition,
} from '@temporalio/workflow';
import type { KeyUse } from '../domain/signing/certificate';
import type { Letter } from '../domain/signing/letter';
import { messageStatement } from '../domain/signing/statements';
import type { Authority } from './authority';
import { signer } from './outside';

/** What a further run of the workflow must know. */
export interface KeptLetters {
  /** Ids of letters that have had their effect. */
  readonly read: readonly string[];
  readonly sent: number;
}

/**
 * Signals that are believed. What arrives before the workflow knows whom to believe waits. What a root has vouched for
 * that it has not heard of may come from keys that were replaced since: it asks whom to believe now, and looks again.
 * What nobody entitled has signed, or what has been read before, is put aside without effect.
 */
export class Mailbox {
  private readonly read: Set<string>;
  private waiting: (() => void)[] = [];

  private askedAt = 0;

  constructor(
    private readonly authority: Authority,
    private readonly askWhomToBelieve: () => void,
    before: KeptLetters['read'] = [],
  ) {
    this.read = new Set(before);
  }

  /** Nothing lies here that has not been looked at. */
  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** For a further run: a letter may lie in the engine for as long as no worker runs, so all of them. */
  keep(): KeptLetters['read'] {
    return [...this.read];
  }

  /** @param handle synchronous, and must not throw */
  on<Content>(
    signal: SignalDefinition<[Letter<Content>]>,
    handle: (content: Content) => void,
    from: readonly KeyUse[] = ['worker'],
  ): void {
    setHandler(signal, (letter) => {
      const open = (): void => this.open(signal.name, letter, handle, from);
      if (this.authority.ready) open();
      else this.waiting.push(open);
    });
  }

  /** The authority knows whom to believe. */
  openWaiting(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const open of waiting) open();
  }

  private open<Content>(
    name: string,
    letter: Letter<Content> | undefined,
    handle: (content: Content) => void,
    from: readonly KeyUse[],
  ): void {
    const fault = isLetter(letter) ? this.authority.faultOf(name, letter, from) : 'unsigned';
    // Not for every letter: whoever reaches the engine can send as many as they like.
    if (fault === 'unknown-root' && Date.now() - this.askedAt > ASK_AGAIN_MS) {
      this.askedAt = Date.now();
      this.waiting.push(() => this.open(name, letter, handle, from));
      this.askWhomToBelieve();
      return;
    }
    if (fault !== undefined || !letter) {
      log.warn('a signal was put aside', { signal: name, fault, workflow: workflowInfo().workflowId });
      return;
    }
    if (this.read.has(letter.id)) return;
    this.read.add(letter.id);
    handle(letter.content);
  }
}

const ASK_AGAIN_MS = 60_000;

interface Outgoing<Content> {
  readonly to: string;
  readonly signal: SignalDefinition<[Letter<Content>]>;
  readonly content: Content;
}

/** Sends Signals to other workflows, signed by this worker, in the order in which they were given. */
export class Post {
  private sent: number;
  private before: Promise<unknown> = Promise.resolve();
  private onTheWay = 0;

  constructor(before: KeptLetters['sent'] = 0) {
    this.sent = before;
  }

  get isEmpty(): boolean {
    return this.onTheWay === 0;
  }

  /** For a further run: how many letters bear a number. */
  keep(): KeptLetters['sent'] {
    return this.sent;
  }

  /**
   * Signing writes nothing, so a local activity may do it: one event for all letters. What is on its way is delivered
   * even if whoever sent it is cancelled.
   * @returns for each whether it was delivered; a workflow that has ended or never was gets none
   */
  send<Content>(letters: readonly Outgoing<Content>[]): Promise<boolean[]> {
    const delivered = this.before.then(() => CancellationScope.nonCancellable(() => this.deliver(letters)));
    this.onTheWay += 1;
    const gone = (): void => void (this.onTheWay -= 1);
    this.before = delivered.then(gone, gone);
    return delivered;
  }

  private async deliver<Content>(letters: readonly Outgoing<Content>[]): Promise<boolean[]> {
    if (letters.length === 0) return [];
    const at = new Date().toISOString();
    const numbered = letters.map((letter) => ({ ...letter, id: this.nextId() }));
    const signatures = await signer.sign(
      numbered.map(({ to, signal, content, id }) => messageStatement(to, signal.name, content, id, at)),
    );
    return Promise.all(
      numbered.map(async ({ to, signal, content, id }, n) => {
        const signature = signatures[n];
        if (!signature) return false;
        try {
          await getExternalWorkflowHandle(to).signal(signal, { id, content, signature });
          return true;
        } catch {
          return false;
        }
      }),
    );
  }

  /** Each letter counts once, whoever sends it again. */
  private nextId(): string {
    this.sent += 1;
    return `${workflowInfo().workflowId}#${this.sent}`;
  }
}

function isLetter(value: unknown): value is Letter<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const { id, signature } = value as Partial<Letter<unknown>>;
  return typeof id === 'string' && typeof signature === 'object' && signature !== null;
}
