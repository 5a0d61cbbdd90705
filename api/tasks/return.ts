import { actKinds } from '../../domain/forms';
import { parseSeat } from '../../policy/keys';
import type { Context } from '../context';
import { actExample, actSchema } from '../forms/json-schema';
import { mayBegin, type Caller } from '../permissions';
import type { OfferedAct } from './acts';
import type { Task } from '../../domain/task';

/**
 * 退回: what turns the project back to an earlier step is an act of the project, offered with the task to those whose
 * seats the policy names. Whether they hold one here and now, the project's workflow decides.
 */
export async function returnOffered(
  { store, world }: Pick<Context, 'store' | 'world'>,
  caller: Caller,
  { projectId, status, organisation }: Task,
): Promise<OfferedAct[]> {
  const kind = actKinds['return'];
  const own = caller.organisations.some(({ id }) => id === organisation);
  if (!kind || projectId === undefined || status !== 'open' || !own) return [];
  const project = await store.projects.find(projectId);
  const context = project?.acts.find(({ act }) => act === 'return')?.context;
  const { returnable = [] } = (context ?? {}) as { returnable?: readonly string[] };
  if (context === undefined || returnable.length === 0) return [];
  const policy = await world.policy();
  const seats = policy.returnRights.flatMap((right) => right.seats.flatMap((seat) => parseSeat(seat) ?? []));
  if (!mayBegin(caller, { seats })) return [];
  const { act, title, titleEn, clause } = kind;
  const href = `/api/v1/projects/${projectId}/return`;
  const example = actExample(kind, context, await world.moment());
  return [{ act, title, titleEn, clause, href, form: actSchema(kind, context), example }];
}
