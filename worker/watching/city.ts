import { Gauge, Registry } from 'prom-client';
import { ALERT_KINDS } from '../../store/alerts';
import type { Store } from '../../store/connect';
import { within } from '../../watching/within';

/** How long an answer is given again before the store is asked anew, ms: several collectors cost no more than one. */
const FRESH_MS = 15_000;
/** A store that does not answer holds up nobody who measures, ms. */
const PATIENCE_MS = 4_000;

type Counted = Pick<
  Store,
  'tasks' | 'organisations' | 'outbox' | 'notifications' | 'alerts' | 'heads' | 'dailyRoots'
>;

/**
 * What the store knows of the whole city, as Prometheus reads it. Every worker tells the same: rules and panels take
 * the largest and do not add.
 *
 * While the store is away only `jiugai_store_up` is told, as 0: an old figure would look like a true one.
 */
export function cityFigures(store: Counted, now: () => number = Date.now): () => Promise<string> {
  let known = { until: 0, text: Promise.resolve('') };
  return () => {
    if (known.until <= now()) known = { until: now() + FRESH_MS, text: told(store, now()) };
    return known.text;
  };
}

async function told(store: Counted, now: number): Promise<string> {
  const metrics = new Registry();
  const isUp = (await within(PATIENCE_MS, () => tellAll(store, metrics, now))) === true;
  const answered = isUp ? metrics : new Registry();
  gauge(answered, 'jiugai_store_up', 'Whether MongoDB answered when the figures below were asked for').set(
    isUp ? 1 : 0,
  );
  return answered.metrics();
}

async function tellAll(store: Counted, metrics: Registry, now: number): Promise<true> {
  await Promise.all([
    tellTasks(store, metrics),
    tellOutbox(store, metrics, now),
    tellTrouble(store, metrics),
    tellRecord(store, metrics),
  ]);
  return true;
}

async function tellTasks({ tasks, organisations }: Counted, metrics: Registry): Promise<void> {
  const labels = ['area', 'level'];
  const open = gauge(
    metrics,
    'jiugai_tasks_open',
    'Open tasks by area and level of who must do them',
    labels,
  );
  const overdue = gauge(metrics, 'jiugai_tasks_overdue', 'Open tasks that are past their due date', labels);
  const counts = await tasks.openByOrganisation();
  const known = await organisations.findAll(counts.map(({ organisation }) => organisation));
  const byId = new Map(known.map((one) => [one.id, one]));
  for (const count of counts) {
    const organisation = byId.get(count.organisation);
    // Below a county there are thousands of areas, and a series each would be too many.
    const area = organisation?.area.split('-')[0] ?? 'unknown';
    const of = { area, level: organisation?.level ?? 'unknown' };
    open.inc(of, count.open);
    overdue.inc(of, count.overdue);
  }
}

async function tellOutbox({ outbox, notifications }: Counted, metrics: Registry, now: number) {
  const [{ waiting, dead }, dueSince, untold, [oldest]] = await Promise.all([
    outbox.backlog(),
    outbox.dueSince(new Date(now)),
    notifications.model.countDocuments({ waiting: true }),
    notifications.waiting(1),
  ]);
  const messages = gauge(metrics, 'jiugai_outbox_messages', 'E-mails and webhook calls not delivered', [
    'state',
  ]);
  messages.set({ state: 'waiting' }, waiting);
  messages.set({ state: 'dead' }, dead);
  const ageOf = (since: Date | undefined): number => (since ? Math.max(0, now - since.getTime()) / 1_000 : 0);
  gauge(metrics, 'jiugai_outbox_lag_seconds', 'How long the message that is due longest has been due').set(
    ageOf(dueSince),
  );
  gauge(metrics, 'jiugai_notifications_waiting', 'Recorded, and not yet told to those whom it concerns').set(
    untold,
  );
  gauge(metrics, 'jiugai_notifications_lag_seconds', 'How long the oldest of these has waited').set(
    ageOf(oldest?.writtenAt),
  );
}

async function tellTrouble({ alerts }: Counted, metrics: Registry): Promise<void> {
  const standing = gauge(metrics, 'jiugai_alerts', 'Workflows that need people, by what is wrong', ['kind']);
  const counts = await alerts.counts();
  for (const kind of ALERT_KINDS) standing.set({ kind }, counts.get(kind) ?? 0);
}

async function tellRecord({ heads, dailyRoots }: Counted, metrics: Registry): Promise<void> {
  const [open, root] = await Promise.all([heads.model.countDocuments({ open: true }), dailyRoots.last()]);
  gauge(metrics, 'jiugai_workflows_open', 'Workflows that still have something to do').set(open);
  if (!root) return;
  gauge(
    metrics,
    'jiugai_daily_root_timestamp_seconds',
    'The day of the last daily root of the record, its beginning in Shanghai',
  ).set(Date.parse(`${root.date}T00:00:00+08:00`) / 1_000);
}

function gauge<Label extends string>(
  metrics: Registry,
  name: string,
  help: string,
  labelNames: readonly Label[] = [],
): Gauge<Label> {
  return new Gauge({ name, help, labelNames: [...labelNames], registers: [metrics] });
}
