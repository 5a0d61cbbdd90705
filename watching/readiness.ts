import { within } from './within';

/** A part that does not answer in time is away. */
export type State = 'ok' | 'away';

/** How long a part may take to answer, ms: whoever asks for readiness gives up soon. */
export const CHECK_MS = 2_500;

/** @param ask whether a part works; failing is an answer too */
export async function checked(ask: () => Promise<boolean>): Promise<State> {
  return (await within(CHECK_MS, ask)) === true ? 'ok' : 'away';
}

/** What `/readyz` says, of an API and of a worker: ready is who has all its parts. */
export function readiness<Parts extends { readonly [Part in keyof Parts]: State }>(
  parts: Parts,
): { readonly status: 'ready' | 'not-ready' } & Parts {
  const isReady = Object.values(parts).every((state) => state === 'ok');
  const status: 'ready' | 'not-ready' = isReady ? 'ready' : 'not-ready';
  return { status, ...parts };
}
