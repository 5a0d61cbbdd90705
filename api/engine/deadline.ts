import type { Client } from '@temporalio/client';

/** How long an answer of the engine is awaited, in ms: HTTP answers within 5 s, the store's part included. */
const ENGINE_DEADLINE_MS = 3_000;

/** Without a worker, or without the engine, a call would hang: it ends at the deadline. */
export function inTime<T>(client: Client, call: () => Promise<T>, ms = ENGINE_DEADLINE_MS): Promise<T> {
  return client.withDeadline(Date.now() + ms, call);
}
