import type { Store } from '../../store/connect';
import type { Intention } from '../people/sender';

/** What of the record there is for each request that somebody has sent. */
export interface Weighed {
  /** Told that it counts, and it stands in the record once. */
  readonly counting: number;
  /** Without a clear answer: so many stand in the record once, and so many do not. */
  readonly unclearRecorded: number;
  readonly unclearAbsent: number;
  readonly findings: readonly string[];
}

/** What is remembered of a request beside the record: plans and projects are begun, not decided. */
const BEGINNINGS = new Set(['plan', 'project', 'intake']);

/**
 * Holds what people were told against the record: what counts stands there exactly once, what was refused not at all,
 * and what had no clear answer at most once.
 */
export async function weigh(store: Store, intentions: readonly Intention[]): Promise<Weighed> {
  const recorded = await eventsByRequest(store);
  const findings: string[] = [];
  const count = { counting: 0, unclearRecorded: 0, unclearAbsent: 0 };
  for (const one of intentions) {
    if (BEGINNINGS.has(one.kind)) {
      findings.push(...(await beginningFaults(store, one)));
      continue;
    }
    const events = recorded.get(one.updateId) ?? 0;
    const { status } = one;
    if (status === undefined) {
      if (events > 1) findings.push(`${said(one)}, ${events} events`);
      else if (events === 1) count.unclearRecorded += 1;
      else count.unclearAbsent += 1;
    } else if (status < 300) {
      if (events === 1) count.counting += 1;
      else findings.push(`${said(one)}, ${events} events`);
    } else if (events > 0) {
      findings.push(`${said(one)}, ${events} events`);
    }
  }
  findings.push(...(await decidedTwice(store)));
  return { ...count, findings };
}

/** Answers that no request of theirs should ever get. */
export function wrongAnswers(intentions: readonly Intention[]): string[] {
  const wrong = new Set([
    'idempotency-key-reused',
    'unauthenticated',
    'signature-invalid',
    'invalid-request',
  ]);
  return intentions.flatMap((one) => (wrong.has(one.code ?? '') ? [said(one)] : []));
}

const said = ({ kind, path, user, status, code, sent, updateId }: Intention): string =>
  `${kind} ${path} by ${user}, sent ${sent} times (${updateId.slice(0, 12)}…): ` +
  (status === undefined ? 'no clear answer' : `answered ${status} ${code ?? ''}`.trim());

async function eventsByRequest(store: Store): Promise<Map<string, number>> {
  const rows = store.events.model
    .aggregate<{ _id: string; count: number }>([
      { $match: { updateId: { $exists: true } } },
      { $group: { _id: '$updateId', count: { $sum: 1 } } },
    ])
    .cursor();
  const found = new Map<string, number>();
  for await (const { _id, count } of rows) found.set(_id, count);
  return found;
}

/** Who was told that a project has begun finds it, once; whoever was refused finds none, and nobody finds two. */
async function beginningFaults(store: Store, one: Intention): Promise<string[]> {
  const { community, begun, status } = one;
  if (community === undefined) return [];
  const projects = await store.projects.model
    .find({ communities: community }, { _id: 1 })
    .lean<{ _id: string }[]>();
  const ids = projects.map(({ _id }) => _id);
  const found = `${said(one)}: community ${community} has ${ids.length === 0 ? 'no project' : ids.join(' and ')}`;
  if (ids.length > 1) return [found];
  if (status === undefined) return [];
  if (status >= 300) return ids.length === 0 ? [] : [found];
  if (ids[0] !== begun) return [`${found}, not ${begun}`];
  const started = await store.events.model.countDocuments({
    workflowId: `project/${begun}`,
    type: 'project-started',
  });
  return started === 1 ? [] : [`${said(one)}: ${begun} has ${started} beginnings`];
}

/** Tasks that were completed more than once. */
async function decidedTwice(store: Store): Promise<string[]> {
  const tasks = await store.events.model.aggregate<{ _id: string; count: number }>([
    { $match: { type: 'task-completed' } },
    { $group: { _id: '$taskId', count: { $sum: 1 } } },
    { $match: { count: { $gt: 1 } } },
  ]);
  return tasks.map(({ _id, count }) => `task ${_id} was completed ${count} times`);
}
