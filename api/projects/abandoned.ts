import { WorkflowNotFoundError } from '@temporalio/client';
import { workflowIds } from '../../workflows/messages';
import type { Context } from '../context';
import { inTime } from '../engine/deadline';

/** A request that took communities and then died is given this long to be repeated, ms. */
const REPEATED_WITHIN_MS = 60_000;

/**
 * Frees communities that were taken for a project which then never began: the API or the engine went away in between
 * and nobody sent the same key again.
 * @returns whether any was freed
 */
export async function freeAbandoned({ store, client }: Context, ids: readonly string[]): Promise<boolean> {
  const old = Date.now() - REPEATED_WITHIN_MS;
  const rows = (await store.communities.findAll(ids)).filter(
    ({ claimedAt }) => claimedAt !== undefined && claimedAt.getTime() < old,
  );
  const projects = new Set(rows.flatMap(({ openProject }) => openProject ?? []));
  let freed = false;
  for (const projectId of projects) {
    if (await store.projects.find(projectId)) continue;
    if (await known(projectId)) continue;
    await store.communities.release(projectId, []);
    freed = true;
  }
  return freed;

  async function known(projectId: string): Promise<boolean> {
    try {
      await inTime(client, () => client.workflow.getHandle(workflowIds.project(projectId)).describe());
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }
}
