import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Client } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { payloadsIn } from './histories';

const { History } = temporal.api.history.v1;

/** Lives as an earlier version of the code has led them: whatever the code becomes, it must lead them the same way. */
export const HISTORIES = resolve(__dirname, '../histories');

/** Set by `npm run histories`: whatever a test's engine has run is written there when it stops. */
export const RECORDING = process.env['RECORD_HISTORIES'] === '1';

export interface RecordedHistory {
  /** `publicNotice.step-turned-back.first` */
  readonly name: string;
  readonly history: temporal.api.history.v1.IHistory;
}

/**
 * Writes the first history of its kind: one for each type of workflow, each way to end, first and further rounds.
 * In the clear: the keys of a test are gone when it ends.
 */
export async function recordHistory(client: Client, workflowId: string, end: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  const history = await handle.fetchHistory();
  const type = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? '';
  // Of a plan the last is its year.
  const round = Number(/\/(\d{1,3})$/.exec(workflowId)?.[1] ?? 1);
  const file = join(HISTORIES, `${type}.${end}.${round > 1 ? 'again' : 'first'}.history.gz`);
  if (existsSync(file)) return;
  for (const payload of payloadsIn(history)) {
    let plain: Payload[] = [payload];
    for (const codec of client.options.loadedDataConverter.payloadCodecs) plain = await codec.decode(plain);
    Object.assign(payload, plain[0]);
  }
  mkdirSync(HISTORIES, { recursive: true });
  writeFileSync(file, gzipSync(History.encode(history).finish(), { level: 9 }));
}

export function recordedHistories(): RecordedHistory[] {
  const files = readdirSync(HISTORIES).filter((name) => name.endsWith('.history.gz'));
  return files.sort().map((file) => ({
    name: file.slice(0, -'.history.gz'.length),
    history: History.decode(gunzipSync(readFileSync(join(HISTORIES, file)))),
  }));
}
