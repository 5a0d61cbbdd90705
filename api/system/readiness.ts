import type { Context } from '../context';
import { checked, CHECK_MS, type State } from '../../watching/readiness';
import { engineVersion, pollersOf } from './engine';

/** What the API needs to act: each is asked now, and none holds up the others. */
export interface Readiness {
  readonly engine: State;
  readonly store: State;
  readonly worker: State;
}

/** Asks engine, store and whether a worker takes work; at most 2.5 s. */
export async function readinessOf(context: Context): Promise<Readiness> {
  const [engine, store, worker] = await Promise.all([
    checked(async () => {
      await engineVersion(context, CHECK_MS);
      return true;
    }),
    checked(async () => {
      await context.store.ping();
      return true;
    }),
    checked(context.workerPolls ?? (() => workerPolls(context))),
  ]);
  return { engine, store, worker };
}

async function workerPolls(context: Context): Promise<boolean> {
  return (await pollersOf(context, CHECK_MS)).some(({ polls }) => polls);
}
