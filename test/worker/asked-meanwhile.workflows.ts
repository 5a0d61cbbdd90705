import { condition, defineQuery, defineSignal, setHandler } from '@temporalio/workflow';

export const goOnSignal = defineSignal('goOn');
export const instantQuery = defineQuery<number>('instant');

/** Waits to be told, and returns when that was by its own clock. */
export async function waitsToBeTold(): Promise<number> {
  let told: number | undefined;
  setHandler(goOnSignal, () => {
    told = Date.now();
  });
  setHandler(instantQuery, () => Date.now());
  await condition(() => told !== undefined);
  return told ?? 0;
}
