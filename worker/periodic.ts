import { setTimeout as pause } from 'node:timers/promises';

/** Something that goes on until it is told to stop. */
export interface Kept {
  /** Resolves when the round that runs has ended. */
  stop(): Promise<void>;
}

/**
 * Does a round now and then again and again, until stopped. A round that fails (a server is away) is told and tried
 * again after the pause.
 * @param round answers true where there is more to do at once
 * @param failed told the error
 */
export function keepDoing(
  round: (signal: AbortSignal) => Promise<unknown>,
  everyMs: number,
  failed: (error: Error) => void,
): Kept {
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      const more = await round(signal).catch(failed);
      if (more !== true) await pause(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const ended = loop();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
