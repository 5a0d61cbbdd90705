import type { AlertKind, AlertRow } from '../../store/alerts';
import type { Store } from '../../store/connect';

const MOST_ALERTS = 50;
const LOOK_BACK_MS = 3_600_000;
const WRITES = 100;

/** @throws if the store does not answer */
export async function storeVersion({ connection }: Store): Promise<string> {
  const answer = await connection.db?.command({ buildInfo: 1 });
  return String(answer?.['version'] ?? '');
}

/** What leaves the house: how much waits and since when, and how much was given up. */
export async function outboxState({ outbox }: Store) {
  const { waiting, dead, oldestWaitingAt, oldestDeadAt } = await outbox.backlog();
  return {
    waiting,
    dead,
    oldestWaitingAt: oldestWaitingAt?.toISOString(),
    oldestDeadAt: oldestDeadAt?.toISOString(),
  };
}

/** What the system administrator must look at; the oldest are listed. */
export async function alertsState({ alerts }: Store) {
  const open = { mendedAt: { $exists: false } };
  const repair: AlertKind = 'needs-repair';
  const [total, needsRepair, items] = await Promise.all([
    alerts.model.countDocuments(open),
    alerts.model.countDocuments({ ...open, kind: repair }),
    alerts.standing(MOST_ALERTS),
  ]);
  return { open: total, needsRepair, items: items.map(alertOf) };
}

function alertOf({ kind, workflowId, detail, firstSeen, lastSeen }: AlertRow) {
  return {
    kind,
    workflowId,
    detail,
    firstSeen: firstSeen.toISOString(),
    lastSeen: lastSeen.toISOString(),
  };
}

/**
 * How far the record is behind what happens: from the engine's time of an event to when it was written, the longest of
 * the last hour's writes; and what is written but not yet told to those whom it concerns.
 * @param clocksAgree false in a rehearsal, whose engine's clock runs ahead of the machine's
 */
export async function recordState({ heads, notifications, dailyRoots }: Store, clocksAgree: boolean) {
  const since = new Date(Date.now() - LOOK_BACK_MS);
  const [latest, open, untold, [oldest], root] = await Promise.all([
    heads.model
      .find({ writtenAt: { $gte: since } }, { at: 1, writtenAt: 1, recordedAt: 1 })
      .sort({ writtenAt: -1 })
      .limit(WRITES)
      .lean<{ at: string; writtenAt: Date; recordedAt?: Date }[]>(),
    heads.model.countDocuments({ open: true }),
    notifications.model.countDocuments({ waiting: true }),
    notifications.waiting(1),
    dailyRoots.last(),
  ]);
  // What was only shown anew brought no event, however late.
  const lags = latest.flatMap(({ at, recordedAt }) =>
    recordedAt && recordedAt >= since ? [Math.max(0, recordedAt.getTime() - Date.parse(at))] : [],
  );
  return {
    lastWrittenAt: latest[0]?.writtenAt.toISOString(),
    lagMs: clocksAgree && lags.length > 0 ? Math.max(...lags) : undefined,
    openWorkflows: open,
    untold,
    oldestUntoldAt: oldest?.writtenAt.toISOString(),
    lastRoot: root?.date,
  };
}
