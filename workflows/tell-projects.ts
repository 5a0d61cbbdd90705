import type { Post } from './mail';
import { listingSignal, workflowIds, type ListingNews } from './messages';

/** More than 2,000 pending signals fail a workflow task for ever; a hundred at a time stays far below. */
const AT_A_TIME = 100;

/** Tells projects their news, a hundred at a time; one that has ended meanwhile is passed over. */
export async function tellProjects(
  post: Post,
  projects: readonly { projectId: string; news: ListingNews }[],
): Promise<void> {
  for (let from = 0; from < projects.length; from += AT_A_TIME) {
    await post.send(
      projects.slice(from, from + AT_A_TIME).map(({ projectId, news }) => ({
        to: workflowIds.project(projectId),
        signal: listingSignal,
        content: news,
      })),
    );
  }
}
