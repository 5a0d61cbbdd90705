import { temporal } from '@temporalio/proto';
import type { Client } from '@temporalio/client';
import { startEngine } from '../test/workflows/engine';
import { beginProject, openPlan } from '../test/workflows/lives';
import { sampleOrganisations } from '../test/workflows/sample';
import { cityHousing, openTaskIds, postDecision, startDecisions } from './decisions';
import type { Row } from './statistics';
import type { RunningSystem } from './system';

const DECISIONS = 40;

async function historyOf(client: Client, workflowId: string): Promise<{ events: number; bytes: number }> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  const bytes = temporal.api.history.v1.History.encode(history).finish().length;
  return { events: history.events?.length ?? 0, bytes };
}

export async function eventsOf(client: Client, workflowId: string): Promise<number> {
  return (await historyOf(client, workflowId)).events;
}

/** Events that one decision adds to a history, deciding one after the other. */
export async function measureEvents(system: RunningSystem): Promise<Row[]> {
  const token = await system.token(cityHousing(system));
  const workflowId = await startDecisions(system, DECISIONS + 1);
  const ids = await openTaskIds(system, workflowId, DECISIONS + 1);
  const settle = () => new Promise((done) => setTimeout(done, 1_000));
  await settle();
  const before = await historyOf(system.client, workflowId);
  for (const id of ids.slice(0, DECISIONS)) await postDecision(system.url, token, id);
  await settle();
  const after = await historyOf(system.client, workflowId);
  const each = (after.events - before.events) / DECISIONS;
  return [{ what: 'history events a decision', value: each.toFixed(1), aim: '≤ 11' }];
}

/** A whole life on the time-skipping engine, everybody deciding as the examples say. */
export async function measureLife(): Promise<Row[]> {
  const engine = await startEngine({ organisations: sampleOrganisations() });
  try {
    const { client } = engine.env;
    await openPlan(engine);
    const { workflowId: parent, ended } = await beginProject(engine);
    await engine.everybodyActs(ended);
    const ids = [...engine.record.nodes.keys()].filter((id) => id.startsWith(parent));
    const steps: { events: number; bytes: number }[] = [];
    for (const id of ids) if (id !== parent) steps.push(await historyOf(client, id));
    const own = await historyOf(client, parent);
    const all = own.bytes + steps.reduce((sum, { bytes }) => sum + bytes, 0);
    return [
      { what: 'a whole life: events of the parent', value: String(own.events), aim: '≤ 400' },
      {
        what: 'a whole life: events of the longest step',
        value: String(Math.max(...steps.map(({ events }) => events))),
        aim: '≤ 2000',
      },
      {
        what: `a whole life: all ${steps.length + 1} histories`,
        value: `${(all / 1024).toFixed(0)} KB`,
        aim: '≤ 2048 KB',
      },
    ];
  } finally {
    await engine.stop();
  }
}
