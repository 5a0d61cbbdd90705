import type { Logger } from 'pino';
import { civilDate } from '../domain/calendar';
import {
  hashOfRoot,
  inOrderOfWorkflows,
  leafOfRevocation,
  NO_ROOT,
  rootOf,
  type DailyRoot,
  type Leaf,
} from '../domain/record/daily-root';
import { digestNative } from '../keys/digest';
import { signStatement, type Identity } from '../keys/identity';
import type { Store } from '../store/connect';
import { keepDoing, type Kept } from './periodic';

/** A chain that a root has counted and that is now shorter, or another. */
export interface Shrunk {
  readonly workflowId: string;
  readonly seq: number;
}

export interface Made {
  readonly root: DailyRoot;
  readonly shrunk: readonly Shrunk[];
}

/**
 * Makes the root of today, in Asia/Shanghai, over every chain's head as it is, unless it is made already. Days on which
 * nobody worked have none: the next one stands for them too.
 *
 * A root never forgets: a chain that has become shorter or another keeps the leaf it had, and is told.
 */
export async function makeDailyRoot(
  store: Pick<Store, 'heads' | 'revocations' | 'dailyRoots'>,
  identity: Identity,
  now: number,
): Promise<Made | undefined> {
  const date = civilDate(now);
  const last = await store.dailyRoots.last();
  if (last && last.date >= date) return undefined;
  const before = last ? await store.dailyRoots.leavesOf(last.date) : [];
  const { leaves, changed, shrunk } = grown(before, await leavesNow(store));
  const at = new Date(now).toISOString();
  const content = {
    date,
    size: leaves.length,
    root: rootOf(leaves, digestNative),
    previous: last ? hashOfRoot(last) : NO_ROOT,
  };
  const signature = signStatement(identity, { signs: 'root', ...content, at });
  const root: DailyRoot = { ...content, signature };
  return (await store.dailyRoots.keep(root, changed)) ? { root, shrunk } : undefined;
}

async function leavesNow({ heads, revocations }: Pick<Store, 'heads' | 'revocations'>): Promise<Leaf[]> {
  const leaves: Leaf[] = (await revocations.all()).map(leafOfRevocation);
  for await (const { _id, seq, hash } of heads.each()) leaves.push({ workflowId: _id, seq, hash });
  return leaves;
}

function grown(
  before: readonly Leaf[],
  now: readonly Leaf[],
): { leaves: Leaf[]; changed: Leaf[]; shrunk: Shrunk[] } {
  const leaves = new Map(before.map((leaf) => [leaf.workflowId, leaf]));
  const current = new Map(now.map((leaf) => [leaf.workflowId, leaf]));
  const shrunk = before
    .filter(({ workflowId, seq, hash }) => {
      const leaf = current.get(workflowId);
      return leaf === undefined || leaf.seq < seq || (leaf.seq === seq && leaf.hash !== hash);
    })
    .map(({ workflowId, seq }) => ({ workflowId, seq }));
  const changed = now.filter(({ workflowId, seq }) => seq > (leaves.get(workflowId)?.seq ?? 0));
  for (const leaf of changed) leaves.set(leaf.workflowId, leaf);
  return { leaves: inOrderOfWorkflows([...leaves.values()]), changed, shrunk };
}

/** Looks every minute whether a day has begun, until stopped. */
export function keepDailyRoots(
  store: Store,
  identity: Identity,
  log: Pick<Logger, 'info' | 'warn' | 'error'>,
  everyMs = 60_000,
): Kept {
  const once = async (): Promise<void> => {
    const made = await makeDailyRoot(store, identity, Date.now());
    if (!made) return;
    const { date, size, root } = made.root;
    log.info({ date, size, root }, 'daily root made');
    for (const { workflowId, seq } of made.shrunk) {
      const detail = `a daily root before ${date} counts ${seq} events that the record no longer has`;
      await store.alerts.raise('record-differs', workflowId, detail, new Date());
      log.error({ workflowId, seq }, 'a chain is shorter than a daily root says');
    }
  };
  return keepDoing(once, everyMs, ({ message }) => log.warn({ reason: message }, 'no daily root yet'));
}
