import type { Activities } from '../domain/world';
import type { Store } from '../store/connect';

/** The projects of a county that wait for a place in the year's plan, as they asked for it (P2.1.4). */
export function poolActivity(store: Store): Activities['pool'] {
  return async ({ county, year }) => {
    const waiting = await store.projects.waitingFor(county, year);
    return waiting.flatMap(({ candidate }) => (candidate ? [candidate] : []));
  };
}
