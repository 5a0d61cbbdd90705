import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { temporal } from '@temporalio/proto';

const { History } = temporal.api.history.v1;

/** Lives as an earlier version of the code has led them: whatever the code becomes, it must lead them the same way. */
const HISTORIES = resolve(__dirname, '../histories');

/** Set by `npm run histories`: whatever a test's engine has run is written there when it stops. */
export const RECORDING = process.env['RECORD_HISTORIES'] === '1';

export interface RecordedHistory {
  /** `publicNotice.step-turned-back.first` */
  readonly name: string;
  readonly workflowId: string;
  readonly history: temporal.api.history.v1.IHistory;
}

/**
 * Writes the first history of its kind: one for each type of workflow, each way to end, first and further rounds.
 * In the clear: the keys of a test are gone when it ends.
 */
export async function recordHistory(client: Client, workflowId: string, end: string): Promise<void> {
  const history = await inTheClear(client, workflowId);
  const type = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? '';
  // Of a plan the last is its year.
  const round = Number(/\/(\d{1,3})$/.exec(workflowId)?.[1] ?? 1);
  const file = join(HISTORIES, `${type}.${end}.${round > 1 ? 'again' : 'first'}.history.gz`);
  if (existsSync(file)) return;
  mkdirSync(HISTORIES, { recursive: true });
  writeFileSync(file, gzipSync(History.encode(history).finish(), { level: 9 }));
}

/** What the engine keeps of a workflow, as if it had never been encrypted. */
export async function inTheClear(
  client: Client,
  workflowId: string,
): Promise<temporal.api.history.v1.IHistory> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  for (const payload of payloadsIn(history as object)) {
    let plain: Payload[] = [payload];
    for (const codec of client.options.loadedDataConverter.payloadCodecs) plain = await codec.decode(plain);
    Object.assign(payload, plain[0]);
  }
  return history;
}

/** Everywhere, in the markers of local activities too; the codec leaves alone what it has not encrypted. */
function payloadsIn(value: object): Payload[] {
  if (value instanceof Uint8Array) return [];
  if ('metadata' in value && 'data' in value) return [value as Payload];
  return Object.values(value).flatMap((inner: unknown) =>
    typeof inner === 'object' && inner !== null ? payloadsIn(inner) : [],
  );
}

export function recordedHistories(): RecordedHistory[] {
  const files = readdirSync(HISTORIES).filter((name) => name.endsWith('.history.gz'));
  return files.sort().map((file) => {
    const history = History.decode(gunzipSync(readFileSync(join(HISTORIES, file))));
    return { name: file.slice(0, -'.history.gz'.length), workflowId: workflowOf(history), history };
  });
}

/** A start counts only for the workflow for which it was signed: a life is replayed under the id that it had. */
function workflowOf({ events }: temporal.api.history.v1.IHistory): string {
  for (const { activityTaskScheduledEventAttributes: scheduled } of events ?? []) {
    if (scheduled?.activityType?.name !== 'record') continue;
    const bytes = scheduled.input?.payloads?.[0]?.data ?? new Uint8Array();
    return (JSON.parse(Buffer.from(bytes).toString('utf8')) as { workflowId: string }).workflowId;
  }
  throw new Error('a recorded life has no record');
}
