import { get as getPlain } from 'node:http';
import { get as getOverTls } from 'node:https';

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Asks again every `everyMs` until the answer is true.
 *
 * @throws Error with `what` when it is not true within `withinMs`, or whatever `check` throws.
 */
export async function waitUntil(
  what: string,
  check: () => Promise<boolean>,
  { withinMs, everyMs = 25 }: { withinMs: number; everyMs?: number },
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${Math.round(withinMs / 1000)} s`);
    await sleep(everyMs);
  }
}

/** Whether a process of this machine answers 200. Its certificate is for a name that is not this machine's, and is not asked. */
export function answersOk(url: string): Promise<boolean> {
  const options = { rejectUnauthorized: false, signal: AbortSignal.timeout(3_000) };
  return new Promise((resolve) => {
    const request = url.startsWith('https:') ? getOverTls : getPlain;
    request(url, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).once('error', () => resolve(false));
  });
}
