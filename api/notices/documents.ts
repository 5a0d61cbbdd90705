import { extname } from 'node:path';
import { Problem } from '../../domain/problems';
import { noticePosting, type BeforeAndAfter } from '../../domain/forms/public-notice';
import type { Attachment } from '../../store/attachments';
import type { Store } from '../../store/connect';
import type { PostedNotice } from './notice';

/** What a part of the estate looks like, and what it is to look like: ids of files. */
export interface NoticePicture extends BeforeAndAfter {
  readonly community?: string;
}

interface NoticeFiles {
  /** The posted sheet's photo and the like. */
  readonly documents: readonly string[];
  readonly pictures: readonly NoticePicture[];
}

/** Files with which a notice was posted: they hang where everybody passes, so everybody may see them here, too. */
export async function noticeFiles(store: Pick<Store, 'tasks'>, { row }: PostedNotice): Promise<NoticeFiles> {
  const tasks = await store.tasks.ofWorkflow(row.workflowId);
  const posted = tasks
    .filter(({ kind, status }) => kind === noticePosting.kind && status === 'completed')
    .sort((one, other) => (one.outcome?.at ?? '').localeCompare(other.outcome?.at ?? ''))
    .map(({ community, outcome }) => ({ community, ...(outcome?.form as Partial<Posted> | undefined) }));
  return {
    documents: [...new Set(posted.flatMap(({ documents }) => Object.values(documents ?? {})))],
    // Posted again, it hangs with the pictures of the last time.
    pictures: posted.flatMap(({ community, pictures = [] }, i) =>
      posted.slice(i + 1).some((later) => later.community === community)
        ? []
        : pictures.map((one) => ({ ...(community === undefined ? {} : { community }), ...one })),
    ),
  };
}

interface Posted {
  readonly documents: Readonly<Record<string, string>>;
  readonly pictures: readonly BeforeAndAfter[];
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
  const { documents, pictures } = await noticeFiles(store, notice);
  const known = [
    ...documents,
    ...pictures.flatMap(({ before, after }) => [before ?? [], after ?? []].flat()),
  ];
  const found = known.includes(id) ? await store.attachments.find(id) : undefined;
  if (!found) throw new Problem('not-found');
  return { ...found, filename: `${notice.id}-${known.indexOf(id) + 1}${extname(found.filename)}` };
}
