import { connectStore, type Store } from '../../store/connect';
import { startMongo, type RunningMongo } from './servers';

/** Gives the tests of a file, or of a `describe`, a prepared store on a MongoDB of their own, and closes it after them. */
export function withStore(use: (store: Store, mongo: RunningMongo) => unknown): void {
  let mongo: RunningMongo | undefined;
  let store: Store | undefined;
  beforeAll(async () => {
    mongo = await startMongo();
    store = await connectStore(mongo.uri);
    await store.prepare();
    await use(store, mongo);
  }, 60_000);
  afterAll(async () => {
    await store?.close();
    await mongo?.stop();
  });
}
