import { Problem } from '../../domain/problems';
import { refusal } from '../../domain/refusal';
import type { Store } from '../../store/connect';
import { uploadsIn } from '../../store/references';
import { seesAttachment, type Caller } from '../permissions';

/**
 * A form may name only files that are there and that its author may see: whoever merely knows an id must not draw
 * somebody else's file into a project of their own.
 * @throws Problem `rule-violated`
 */
export async function refuseUnseenFiles(
  store: Pick<Store, 'attachments' | 'projects' | 'tasks'>,
  caller: Caller,
  form: unknown,
): Promise<void> {
  const ids = [...new Set(uploadsIn(form))];
  if (ids.length === 0) return;
  const found = await store.attachments.findAll(ids);
  const seen = await Promise.all(found.map((file) => seesAttachment(store, caller, file)));
  if (found.length === ids.length && seen.every(Boolean)) return;
  throw Problem.refused([
    refusal('所附文件不存在，或您无权使用', 'An attachment does not exist, or is not yours to use', {
      clause: 'P1.4',
    }),
  ]);
}
