import { z } from 'zod';
import { endOfDay } from '../../domain/calendar';
import type { NoticeFacts } from '../../domain/notice';
import { Problem } from '../../domain/problems';
import type { Store } from '../../store/connect';
import type { StepRow } from '../../store/steps';
import { workflowIds } from '../../workflows/messages';

/** `371302-2028-0042-1`: the project and the round. */
export const noticeId = z
  .string()
  .regex(/^[0-9]{6}(-[a-z]{2,8})?-[0-9]{4}-[0-9]{4,6}-[0-9]{1,3}$/)
  .meta({ example: '371302-2028-0042-1' });
export const noticeParams = z.object({ id: noticeId });

/** One public notice: a round of the step, once it hangs in a community (P2.1.3). */
export interface PostedNotice {
  readonly id: string;
  readonly projectId: string;
  readonly round: number;
  readonly row: StepRow;
  readonly facts: NoticeFacts;
}

/** What the public may see: only what the step shows of a notice, and only once it hangs somewhere. */
export function postedNotice(row: StepRow): PostedNotice | undefined {
  const facts = row.facts as unknown as Partial<NoticeFacts>;
  const { projectId, round } = row;
  if (projectId === undefined || !facts.communities?.some(({ postedOn }) => postedOn !== undefined)) {
    return undefined;
  }
  return { id: `${projectId}-${round}`, projectId, round, row, facts: facts as NoticeFacts };
}

/** @throws Problem `not-found` */
export async function findNotice(store: Store, id: string): Promise<PostedNotice> {
  const cut = id.lastIndexOf('-');
  const workflowId = workflowIds.step(id.slice(0, cut), 'public-notice', Number(id.slice(cut + 1)));
  const row = await store.steps.find(workflowId);
  const notice = row && postedNotice(row);
  if (!notice) throw new Problem('not-found');
  return notice;
}

/** Whether something received now comes after the notice's last day: kept and marked, and it blocks nothing. */
export function isLate({ facts }: PostedNotice, receivedAt: number): boolean {
  return facts.lastDay !== undefined && receivedAt > endOfDay(facts.lastDay);
}
