import { ask, isRefused, NoAnswer, type Sent } from '../api/client';

const TRIES = 4;
const PAUSE_MS = 700;

/**
 * Sends until there is an answer, always under the same key: a lost connection or a store that is away never makes two
 * decisions of one.
 * @throws Refused, or NoAnswer when nobody has answered
 */
export async function insist<Answer>(
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
