import { condition, defineUpdate, proxyActivities, setHandler } from '@temporalio/workflow';

/**
 * What a decision is measured against: an Update that does nothing, and one that waits for an activity which writes
 * one document (majority, journaled). Neither knows seats, forms or a record.
 */
export const bareUpdate = defineUpdate<number, [number]>('bare');
export const writingUpdate = defineUpdate<number, [number]>('writing');

const { writeOne } = proxyActivities<{ writeOne(n: number): Promise<void> }>({ startToCloseTimeout: '20s' });

export async function yardstick(): Promise<void> {
  let count = 0;
  setHandler(bareUpdate, () => (count += 1));
  setHandler(writingUpdate, async (n) => {
    await writeOne(n);
    return (count += 1);
  });
  await condition(() => false);
}
