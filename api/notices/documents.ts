import { extname } from 'node:path';
import { Problem } from '../../domain/problems';
import { noticePosting } from '../../domain/forms/public-notice';
import type { Attachment } from '../../store/attachments';
import type { Store } from '../../store/connect';
import type { PostedNotice } from './notice';

/** Files with which a notice was posted: they hang where everybody passes, so everybody may see them here, too. */
export async function noticeDocuments(store: Pick<Store, 'tasks'>, { row }: PostedNotice): Promise<string[]> {
  const tasks = await store.tasks.ofWorkflow(row.workflowId);
  const forms = tasks
    .filter(({ kind, status }) => kind === noticePosting.kind && status === 'completed')
    .map(({ outcome }) => outcome?.form as { documents?: Record<string, string> } | undefined);
  return [...new Set(forms.flatMap((form) => Object.values(form?.documents ?? {})))];
}

/**
 * One of them; its name says nothing but which notice it is of.
 * @throws Problem `not-found`
 */
export async function noticeDocument(
  store: Pick<Store, 'tasks' | 'attachments'>,
  notice: PostedNotice,
  id: string,
): Promise<Attachment> {
  const known = await noticeDocuments(store, notice);
  const found = known.includes(id) ? await store.attachments.find(id) : undefined;
  if (!found) throw new Problem('not-found');
  return { ...found, filename: `${notice.id}-${known.indexOf(id) + 1}${extname(found.filename)}` };
}
