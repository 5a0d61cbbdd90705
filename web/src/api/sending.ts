import { useRef, useState } from 'react';
import { ask, isRefused, NoAnswer, type Sent } from './client';

const TRIES = 4;
const PAUSE_MS = 700;

/**
 * Sends until there is an answer, always under the same key: a lost connection or a store that is away never makes two
 * decisions of one.
 * @throws Refused, or NoAnswer when nobody has answered
 */
async function insist<Answer>(
  path: string,
  sent: Sent & { readonly key: string },
  onTrying: (isTrying: boolean) => void,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask<Answer>(path, sent);
    } catch (error) {
      const again =
        error instanceof NoAnswer || isRefused(error, 'engine-unavailable', 'signature-out-of-time');
      if (!again || attempt === TRIES) throw error;
      onTrying(true);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
    }
  }
}

/** What is under way with one intention of the person before the page. */
export interface Sending {
  readonly error: unknown;
  readonly isSending: boolean;
  /** No answer so far; it is being sent again. */
  readonly isTrying: boolean;
  forget(): void;
  /**
   * Sends and goes on with the answer; while this is under way, nothing else is sent. Answers why it came to nothing,
   * which then stands in `error` too.
   */
  send<Answer>(
    path: string,
    sent: Sent & { readonly key: string },
    then: (answer: Answer) => unknown,
  ): Promise<unknown>;
}

/** A double click or a lost connection never does a thing twice. */
export function useSending(): Sending {
  const [error, setError] = useState<unknown>();
  const [isSending, setSending] = useState(false);
  const [isTrying, setTrying] = useState(false);
  // State is seen a moment later; a double click is faster.
  const busy = useRef(false);
  return {
    error,
    isSending,
    isTrying,
    forget: () => setError(undefined),
    async send(path, sent, then) {
      if (busy.current) return undefined;
      busy.current = true;
      setSending(true);
      setError(undefined);
      let failure: unknown;
      try {
        await then(await insist(path, sent, setTrying));
      } catch (reason) {
        failure = reason;
        setError(reason);
      }
      busy.current = false;
      setSending(false);
      setTrying(false);
      return failure;
    },
  };
}
