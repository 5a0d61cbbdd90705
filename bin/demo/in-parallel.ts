const AT_ONCE = 8;

/** Does the work for all of them, eight at a time, and answers in their order. */
export async function inParallel<One, Result>(
  all: readonly One[],
  work: (one: One) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = all.map((one, index) => ({ one, index }));
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) results[next.index] = await work(next.one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
