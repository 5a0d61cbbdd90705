import { sleep } from '@temporalio/workflow';

export * from '../../workflows/index';

/** What a careless change does to whoever is in the middle of this step. */
export async function needsCollection(): Promise<void> {
  await sleep('1 day');
}
