import type { Store } from '../../store/connect';
import { familyRange, withinIds } from '../../store/id-range';

/** The project's workflow and all that it started, as the record knows them. */
export async function workflowsOf({ events }: Pick<Store, 'events'>, projectId: string): Promise<string[]> {
  const range = withinIds(familyRange(`project/${projectId}`));
  const found = await events.model.aggregate<{ _id: string }>([
    { $match: range },
    { $group: { _id: '$workflowId' } },
    { $sort: { _id: 1 } },
  ]);
  return found.map(({ _id }) => _id);
}
