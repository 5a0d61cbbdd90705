import { SAMPLE_ATTACHMENT, type Task } from '../../domain/task';
import type { Attachment } from '../../store/attachments';
import type { Store } from '../../store/connect';

/** One file in a project: where in a form it was given, and in which task. */
export interface ProjectDocument {
  /** Name of the field, or of the required document (`policy.documents`): `notice-photo`. */
  readonly key: string;
  readonly task: Task;
  readonly at: string;
  readonly file: Attachment;
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Every file that decisions of this project name, in the order in which they were made; the same file once a task. */
export async function documentsOf(
  store: Pick<Store, 'tasks' | 'attachments'>,
  projectId: string,
): Promise<ProjectDocument[]> {
  const tasks = await store.tasks.decidedIn(projectId);
  const given = tasks.flatMap((task) => {
    const { form, paper, at = '' } = { ...task.outcome };
    const named = new Map(filesIn(form).map(({ key, id }) => [id, key]));
    if (paper) named.set(paper.attachment, 'paper');
    return [...named].map(([id, key]) => ({ id, key, task, at }));
  });
  const files = await store.attachments.findAll([...new Set(given.map(({ id }) => id))]);
  const byId = new Map(files.map((file) => [file.id, file]));
  return given.flatMap(({ id, ...one }) => {
    const file = byId.get(id);
    return file ? [{ ...one, file }] : [];
  });
}

/** Ids of files anywhere in a form, each with the nearest name that is no number. */
function filesIn(value: unknown, key = ''): { key: string; id: string }[] {
  if (typeof value === 'string')
    return ID.test(value) || value === SAMPLE_ATTACHMENT ? [{ key, id: value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, one]) => filesIn(one, /^\d+$/.test(name) ? key : name));
}
