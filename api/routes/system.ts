import type { Context } from '../context';
import { operation, type AnyOperation } from '../http/operation';
import { engineVersion, pollersOf } from '../system/engine';
import { alertsState, outboxState, recordState, storeVersion } from '../system/store';
import { within } from '../../watching/within';
import { systemView } from './keeping-views';

/** Together with who asks and the way back this stays below five seconds, whoever is away. */
const PART_MS = 2_500;

/** How the system is, part by part, for whoever keeps it: a part that is away is said to be away. */
export function systemOperations(context: Context): AnyOperation[] {
  const { store, mode, version } = context;

  return [
    operation({
      method: 'get',
      path: '/system',
      name: 'systemState',
      tag: 'administration',
      summary: '系统状态：引擎、存储、worker、对外通知、告警、记录滞后',
      access: 'system:read',
      answers: { 200: { description: '各部分状态，不答的为 away', schema: systemView } },
      handle: async () => {
        const [engine, stored, workers, outbox, alerts, record] = await Promise.all([
          partOf(async () => ({ version: await engineVersion(context, PART_MS) })),
          partOf(async () => ({ version: await storeVersion(store) })),
          workersOf(context),
          partOf(() => outboxState(store)),
          partOf(() => alertsState(store)),
          partOf(() => recordState(store, mode === 'live')),
        ]);
        const at = new Date().toISOString();
        return {
          status: 200,
          body: { at, mode, version, engine, store: stored, workers, outbox, alerts, record },
        };
      },
    }),
  ];
}

async function partOf<T extends object>(ask: () => Promise<T>) {
  const known = await within(PART_MS, ask);
  return known ? { state: 'ok' as const, ...known } : { state: 'away' as const };
}

async function workersOf(context: Context) {
  const pollers = await within(PART_MS, async () => [
    ...(await pollersOf(context, PART_MS)),
    ...(await pollersOf(context, PART_MS, 'activities')),
  ]);
  const own = context.workerPolls && (await within(PART_MS, context.workerPolls));
  if (!pollers && own === undefined) return { state: 'away' as const };
  const items = (pollers ?? []).map(({ lastPolledAt, ...poller }) => ({
    ...poller,
    lastPolledAt: lastPolledAt.toISOString(),
  }));
  const isThere = own ?? items.some(({ polls, kind }) => polls && kind === 'workflows');
  return { state: isThere ? ('ok' as const) : ('none' as const), items };
}
