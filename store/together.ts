import DataLoader from 'dataloader';

/**
 * Looks for one of a kind at a time, and asks MongoDB once for all that are looked for at the same moment: whoever
 * decides five hundred tasks, or sixteen people at once, cost few commands. Nothing is kept: each look sees what is
 * there when it asks.
 * @param readMany what is there of these, by key
 */
export function together<Found>(
  readMany: (keys: readonly string[]) => Promise<ReadonlyMap<string, Found>>,
): (key: string) => Promise<Found | undefined> {
  const loader = new DataLoader<string, Found | undefined>(
    async (keys) => {
      const found = await readMany([...new Set(keys)]);
      return keys.map((key) => found.get(key));
    },
    // Answers that arrive together set off requests together, though not in the same tick.
    { cache: false, batchScheduleFn: (ask) => void setImmediate(ask) },
  );
  return (key) => loader.load(key);
}
