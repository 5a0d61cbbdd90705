/** The value below which the share `p` of the values lies; ms, or whatever the values are. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export interface Measured<Answer = unknown> {
  /** ms for each act, in the order in which they ended. */
  readonly each: readonly number[];
  /** What each has answered, in the same order. */
  readonly answers: readonly Answer[];
  /** Acts a second over the whole. */
  readonly rate: number;
}

/** Runs `acts` with `clients` at a time and times each. */
export async function timed<Answer>(
  acts: readonly (() => Promise<Answer>)[],
  clients: number,
): Promise<Measured<Answer>> {
  const each: number[] = [];
  const answers: Answer[] = [];
  let next = 0;
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: clients }, async () => {
      for (let act = acts[next++]; act; act = acts[next++]) {
        const from = performance.now();
        answers.push(await act());
        each.push(performance.now() - from);
      }
    }),
  );
  return { each, answers, rate: (acts.length / (performance.now() - begun)) * 1000 };
}

export interface Row {
  readonly what: string;
  readonly value: string;
  readonly aim?: string;
}

export function printTable(title: string, rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ what }) => what.length));
  const values = Math.max(...rows.map(({ value }) => value.length));
  console.log(`\n${title}`);
  for (const { what, value, aim } of rows) {
    console.log(
      `  ${what.padEnd(width)}  ${value.padStart(values)}${aim === undefined ? '' : `   (aim ${aim})`}`,
    );
  }
}
