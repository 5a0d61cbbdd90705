import { checkingOf } from '../api/record/look';
import { verifyRecord } from '../bin/record/verify';
import { EMPTY_HEAD, headAfter, link, type ChainHead, type RecordedEvent } from '../domain/events';
import { ChainCheck, type Checking } from '../domain/record/chain';
import { decisionStatement } from '../domain/signing/statements';
import { hashNative } from '../keys/digest';
import { signStatement } from '../keys/identity';
import { connectStore } from '../store/connect';
import { eventId } from '../store/events';
import { testKeys } from '../test/support/keys';
import { startMongo } from '../test/support/servers';
import type { Row } from './statistics';

const CHAINS = 400;
/** Pairs of a task assigned and its decision: half of all events are signed, twice what a life has. */
const DECISIONS = 25;

/** A form of the size of an average decision's. */
const form = {
  pass: true,
  opinion: '方案符合规范，管线综合与消防通道已核对，同意。'.repeat(4),
  items: Array.from({ length: 6 }, (_, n) => ({
    item: `item-${n}`,
    quantity: n * 10,
    budgetFen: n * 1_000_000,
  })),
};

function chainOf(workflowId: string): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  let head: ChainHead = EMPTY_HEAD;
  const tell = (event: Omit<RecordedEvent, 'workflowId' | 'seq' | 'previous' | 'hash'>): void => {
    const linked = link(head, { workflowId, planYear: 2028, ...event });
    events.push(linked);
    head = headAfter(linked);
  };
  for (let n = 1; n <= DECISIONS; n += 1) {
    const at = new Date().toISOString();
    const taskId = `${workflowId.replaceAll('/', '.')}.${n}`;
    const by = { user: 'bench', organisation: '371302-housing' };
    const [round, updateId, seat] = [1, `update-${n}`, 'housing@county'];
    const statement = decisionStatement({ id: taskId, round, seat }, { form, by }, updateId, at);
    const signature = { ...signStatement(testKeys.api, statement), seat };
    tell({
      at,
      type: 'task-assigned',
      taskId,
      round,
      data: { kind: 'bench', organisation: by.organisation },
    });
    const data = { kind: 'bench', form };
    tell({ at, type: 'task-completed', taskId, round, by, data, updateId, bodyHash: '', signature });
  }
  return events;
}

/** By the processor's time and not by the clock's: what else the machine does makes no difference. */
async function perCore(work: () => Promise<number>): Promise<string> {
  const before = process.cpuUsage();
  const events = await work();
  const { user, system } = process.cpuUsage(before);
  return `${Math.round((events / (user + system)) * 1_000_000)} events/s`;
}

function inMemory(chains: readonly RecordedEvent[][], checking: Checking): Promise<string> {
  return perCore(async () => {
    for (const events of chains) {
      const check = new ChainCheck(events[0]?.workflowId ?? '', checking);
      for (const event of events) check.see(event);
      if (check.fault) throw new Error(JSON.stringify(check.fault));
    }
    return chains.flat().length;
  });
}

/** How fast the record is verified, on one core: from memory, and from MongoDB as `npm run record:verify` reads it. */
export async function measureRecord(): Promise<Row[]> {
  // Plans: what begins with nothing before it.
  const chains = Array.from({ length: CHAINS }, (_, n) => chainOf(`plan/${2000 + n}`));
  const mongo = await startMongo();
  const store = await connectStore(mongo.uri);
  try {
    await store.prepare();
    const now = new Date();
    for (const events of chains) {
      const { workflowId, seq, hash, at } = events.at(-1) as RecordedEvent;
      const rows = events.map((event) => ({ _id: eventId(workflowId, event.seq) as never, ...event }));
      await store.events.model.collection.insertMany(rows);
      const head = {
        _id: workflowId as never,
        seq,
        hash,
        at,
        origin: EMPTY_HEAD.hash,
        open: true,
        writtenAt: now,
      };
      await store.heads.model.collection.insertOne(head);
    }
    const withSignatures = await checkingOf(store, testKeys.roots);
    await inMemory(chains.slice(0, 50), withSignatures);
    const fromStore = (roots?: typeof testKeys.roots): Promise<string> =>
      perCore(async () => {
        const { events, faults } = await verifyRecord(store, roots ? { roots } : {});
        if (faults.length > 0) throw new Error(JSON.stringify(faults[0]));
        return events;
      });
    // A record worth verifying takes longer than the machine takes to warm up.
    await fromStore();
    const bytes = Math.round(JSON.stringify(chains[0]).length / (2 * DECISIONS));
    const what = `of ${bytes} bytes, half of them signed`;
    return [
      {
        what: `in memory, without signatures (${what})`,
        value: await inMemory(chains, { hash: hashNative }),
        aim: '≥ 20000',
      },
      { what: 'in memory, with signatures', value: await inMemory(chains, withSignatures) },
      { what: 'from MongoDB, without signatures', value: await fromStore() },
      { what: 'from MongoDB, with signatures', value: await fromStore(testKeys.roots) },
    ];
  } finally {
    await store.close();
    await mongo.stop();
  }
}
