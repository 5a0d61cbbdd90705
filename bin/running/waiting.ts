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
