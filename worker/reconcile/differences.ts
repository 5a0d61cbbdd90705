import { hashOf, type ChainHead } from '../../domain/events';
import type { Node, Projection } from '../../domain/node';
import { taskId, taskNumber, type Task } from '../../domain/task';

/** What of a workflow the store shows otherwise than the workflow itself. */
export interface Difference {
  readonly workflowId: string;
  readonly what: 'head' | 'node' | 'task' | 'needs-repair' | 'unfinished' | 'ended-outside' | 'unknown';
  readonly taskId?: string;
  /** One sentence without personal data: names of fields and states, never their contents. */
  readonly detail: string;
}

/** What the store holds of one workflow. */
export interface Stored {
  readonly head: ChainHead | undefined;
  readonly node: Node | undefined;
  readonly tasks: readonly Task[];
}

/** Holds what the store shows against what the workflow would write now. Meaningful for a settled projection. */
export function differencesOf(workflowId: string, projection: Projection, stored: Stored): Difference[] {
  const found: Omit<Difference, 'workflowId'>[] = [];
  const { head, needsRepair, node, tasks, earlier = 0 } = projection;
  if (needsRepair !== undefined) found.push({ what: 'needs-repair', detail: needsRepair });
  if (stored.head?.seq !== head.seq || stored.head.hash !== head.hash) {
    found.push({ what: 'head', detail: headDetail(head, stored.head) });
  }
  const detail = nodeDetail(node, stored.node);
  if (detail !== undefined) found.push({ what: 'node', detail });
  const rest = withoutLeftBehind({ tasks, earlier }, stored.tasks);
  found.push(...taskDifferences(tasks, rest), ...missing(workflowId, earlier, [...stored.tasks, ...tasks]));
  return found.map((one) => ({ workflowId, ...one }));
}

/** The store's tasks without those that an earlier run of the workflow knew, and that were over when this one began. */
function withoutLeftBehind(
  { tasks, earlier }: { readonly tasks: readonly Task[]; readonly earlier: number },
  stored: readonly Task[],
): Task[] {
  const known = new Set(tasks.map(({ id }) => id));
  return stored.filter(({ id, status }) => status === 'open' || taskNumber(id) > earlier || known.has(id));
}

/** Of the tasks numbered up to `earlier`, those that nobody shows any more. */
function missing(
  workflowId: string,
  earlier: number,
  shown: readonly Task[],
): Omit<Difference, 'workflowId'>[] {
  const ids = new Set(shown.map(({ id }) => id));
  return Array.from({ length: earlier }, (_, before) => taskId(workflowId, before + 1))
    .filter((id) => !ids.has(id))
    .map((id) => ({ what: 'task', taskId: id, detail: 'over in an earlier run and missing in the store' }));
}

function headDetail(head: ChainHead, stored: ChainHead | undefined): string {
  if (!stored) return `the store has no head, the workflow is at event ${head.seq}`;
  if (stored.seq !== head.seq) return `the store is at event ${stored.seq}, the workflow at ${head.seq}`;
  return `event ${head.seq} is another in the store`;
}

function nodeDetail(node: Node, stored: Node | undefined): string | undefined {
  if (!stored) return `the store has no ${node.node} of it`;
  if (stored.status !== node.status) {
    return `the ${node.node} is ${stored.status} in the store and ${node.status} in the workflow`;
  }
  const fields = differingFields(node, stored);
  return fields.length === 0 ? undefined : `the ${node.node} differs in ${fields.join(', ')}`;
}

function taskDifferences(tasks: readonly Task[], stored: readonly Task[]): Omit<Difference, 'workflowId'>[] {
  const rows = new Map(stored.map((task) => [task.id, task]));
  const differing = tasks.flatMap((task) => {
    const row = rows.get(task.id);
    rows.delete(task.id);
    const detail = taskDetail(task, row);
    return detail === undefined ? [] : [{ what: 'task' as const, taskId: task.id, detail }];
  });
  const strange = [...rows.values()].map(({ id, status }) => ({
    what: 'task' as const,
    taskId: id,
    detail: `${status} in the store and unknown to the workflow`,
  }));
  return [...differing, ...strange];
}

function taskDetail(task: Task, row: Task | undefined): string | undefined {
  if (!row) return `${task.status} in the workflow and missing in the store`;
  if (row.status !== task.status) return `${row.status} in the store and ${task.status} in the workflow`;
  const fields = differingFields(task, row);
  return fields.length === 0 ? undefined : `differs in ${fields.join(', ')}`;
}

function differingFields(one: object, other: object): string[] {
  const [left, right] = [one, other] as Record<string, unknown>[];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => hashOf(left?.[name]) !== hashOf(right?.[name])).sort();
}
