import type { Client } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import type { Registry } from 'prom-client';
import type { Store } from '../../store/connect';
import { checked, type State } from '../../watching/readiness';
import type { Listens } from '../configuration';
import { cityFigures } from './city';
import { libraryFigures, type LibraryFigures } from './engine-library';
import { answerWatchers } from './serve';

/** What a worker has so far: it answers watchers before it has anything. */
interface Seen {
  readonly store: Store;
  readonly client: Client;
  readonly worker?: Worker;
}

type Parts = Readonly<Record<'engine' | 'store' | 'worker', State>>;

/** Those who watch a worker, and what they are told of it; nobody where the configuration names no port. */
export class Watchers {
  private seen: Seen | undefined;
  private city: () => Promise<string> = async () => '';

  private constructor(readonly library: LibraryFigures | undefined) {}

  /** @throws if the port is taken */
  static async answer(where: Listens | undefined, metrics: Registry): Promise<Watchers> {
    if (!where) return new Watchers(undefined);
    const library = await libraryFigures();
    const watchers = new Watchers(library);
    const figures = [() => metrics.metrics(), () => watchers.city(), () => library.tell()];
    await answerWatchers({ figures, ready: () => watchers.ready() }, where);
    return watchers;
  }

  /** From now on there is this, too. */
  sees(seen: Seen): void {
    if (this.seen === undefined) this.city = cityFigures(seen.store);
    this.seen = seen;
  }

  private async ready(): Promise<Parts> {
    const { store, client, worker } = this.seen ?? {};
    const [engine, stored] = await Promise.all([
      checked(async () => {
        await client?.workflowService.getSystemInfo({});
        return client !== undefined;
      }),
      checked(async () => {
        await store?.ping();
        return store !== undefined;
      }),
    ]);
    return { engine, store: stored, worker: worker?.getState() === 'RUNNING' ? 'ok' : 'away' };
  }
}
