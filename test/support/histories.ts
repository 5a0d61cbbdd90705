import type { Client } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';

type History = temporal.api.history.v1.IHistory;

/** As the engine keeps it: whoever reads its database reads this. */
export async function historyOf(client: Client, workflowId: string): Promise<History> {
  return (await client.workflow.getHandle(workflowId).fetchHistory()) as History;
}

/** Every text in it, bytes read as text too. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8')];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}

/** All payloads in it that are ours, wherever they are: not search attributes, nor what the SDK notes for itself. */
export function payloadsIn(value: unknown): Payload[] {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return [];
  if ('metadata' in value && 'data' in value) return [value as Payload];
  return Object.entries(value).flatMap(([key, inner]) => (NOT_OURS.has(key) ? [] : payloadsIn(inner)));
}
const NOT_OURS: ReadonlySet<string> = new Set(['searchAttributes', 'markerRecordedEventAttributes']);

/** What whoever has the keys reads in it. */
export async function decodedTexts(history: History, codec: PayloadCodec): Promise<string[]> {
  return textsIn(await codec.decode(payloadsIn(history)));
}
