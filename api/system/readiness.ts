import type { Context } from '../context';
import { within } from '../../watching/within';
import { engineVersion, pollersOf } from './engine';

const CHECK_MS = 2_500;

/** A part that does not answer in time is away. */
export type State = 'ok' | 'away';

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

async function checked(ask: () => Promise<boolean>): Promise<State> {
  return (await within(CHECK_MS, ask)) === true ? 'ok' : 'away';
}

async function workerPolls(context: Context): Promise<boolean> {
  return (await pollersOf(context, CHECK_MS)).some(({ polls }) => polls);
}
