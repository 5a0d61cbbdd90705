import type { Store } from '../../store/connect';
import { keepDoing, type Kept } from '../periodic';

const EVERY_MS = 5_000;

/** Gives signs of life until stopped: `/readyz` of the API believes no worker that has given none for 20 s. */
export function keepBeating({ workers }: Pick<Store, 'workers'>, identity: string): Kept {
  // A store that is away is told of by those who need it.
  const kept = keepDoing(
    () => workers.beat(identity),
    EVERY_MS,
    () => undefined,
  );
  return {
    async stop() {
      await kept.stop();
      await workers.gone(identity).catch(() => undefined);
    },
  };
}
