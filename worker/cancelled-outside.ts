import { parentOf } from '../domain/record/family';
import type { Store } from '../store/connect';
import { eventId, type EventRow } from '../store/events';
import type { HeadRow } from '../store/heads';

type Recorded = Pick<Store, 'heads' | 'events' | 'projects'>;

/**
 * Of these ended workflows, those that were turned back and nobody said why. A parent gives a reason before it cancels
 * a step; whoever cancels it in the Temporal UI or with its command line gives none.
 */
export async function turnedBackWithoutReason(
  { events }: Pick<Store, 'events'>,
  ended: readonly Pick<HeadRow, '_id' | 'seq'>[],
): Promise<string[]> {
  const last = ended.map(({ _id, seq }) => eventId(_id, seq));
  const rows = await events.model
    .find({ _id: { $in: last }, type: 'step-turned-back', reason: '' }, { workflowId: 1 })
    .lean<Pick<EventRow, 'workflowId'>[]>();
  return rows.map(({ workflowId }) => workflowId);
}

/** Whether the step was cancelled from outside and what it belongs to has not gone on since: its repair ends that. */
export async function wasCancelledOutside(store: Recorded, head: HeadRow): Promise<boolean> {
  const parent = parentOf(head._id);
  if (head.open || parent === undefined) return false;
  const [workflowId] = await turnedBackWithoutReason(store, [head]);
  if (workflowId === undefined || !(await store.heads.find(parent))?.open) return false;
  return !(await hasGoneOn(store, workflowId));
}

/** A project goes on with a further round, or with a result that a repair has entered; a plan has no repairs. */
async function hasGoneOn({ projects }: Pick<Store, 'projects'>, workflowId: string): Promise<boolean> {
  const [kind, projectId = '', step = '', round] = workflowId.split('/');
  const project = kind === 'project' ? await projects.find(projectId) : undefined;
  if (!project) return false;
  const latest = project.rounds[step as keyof typeof project.rounds];
  return latest === undefined || latest > Number(round) || project.outputs[step] !== undefined;
}
