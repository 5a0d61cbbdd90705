import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { inTheClear } from '../test/support/recorded-histories';
import type { Finding } from './checks/all';
import type { Fleet } from './fleet';

const ID = /\b(?:project|plan|submission)\/[^\s:#,)]+/g;
const MOST_HISTORIES = 60;

/** Keeps what tells how a finding came about: the logs, and the histories and records of the workflows that it names. */
export async function keepEvidence(
  folder: string,
  { store, client, logs }: Fleet,
  findings: readonly Finding[],
): Promise<void> {
  await cp(logs, join(folder, 'logs'), { recursive: true });
  const named = findings.flatMap(({ what }) => what.match(ID) ?? []);
  const ids = [...new Set(named)].slice(0, MOST_HISTORIES);
  const histories = join(folder, 'histories');
  await mkdir(histories, { recursive: true });
  for (const workflowId of ids) {
    const file = join(histories, workflowId.replaceAll('/', '_'));
    const events = await store.events.ofWorkflow(workflowId);
    await writeFile(`${file}.record.json`, JSON.stringify(events, null, 2));
    // The keys go with the fleet, so they are kept in the clear.
    const history = await inTheClear(client, workflowId).catch(() => undefined);
    if (!history) continue;
    await writeFile(`${file}.history`, temporal.api.history.v1.History.encode(history).finish());
  }
}
