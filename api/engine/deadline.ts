import type { Client } from '@temporalio/client';

/** How long an answer of the engine is awaited, in ms: HTTP answers within 5 s, the store's part included. */
const ENGINE_DEADLINE_MS = 3_000;

const underWay = new WeakMap<Client, Set<Promise<unknown>>>();

/** Without a worker, or without the engine, a call would hang: it ends at the deadline. */
export function inTime<T>(client: Client, call: () => Promise<T>, ms = ENGINE_DEADLINE_MS): Promise<T> {
  const calls = underWay.get(client) ?? new Set();
  underWay.set(client, calls);
  const calling = client.withDeadline(Date.now() + ms, call);
  const ended = calling.catch(() => undefined).finally(() => calls.delete(ended));
  calls.add(ended);
  return calling;
}

/**
 * Resolves when nothing is on its way to the engine any more. A decision is answered when the record shows it, and its
 * call may go on: the engine's library, which tries it again after a pause, ends the process if its connection is closed
 * meanwhile.
 */
export async function callsEnded(client: Client): Promise<void> {
  await Promise.all([...(underWay.get(client) ?? [])]);
}
