import type { Task } from '../../domain/task';
import type { Store } from '../../store/connect';
import type { Caller } from './caller';
import { officeIn, officesOf } from './offices';
import { seesTask } from './sight';

/** Whether the caller may read the task: it is theirs, they see its project as a whole, or were given a copy (抄送). */
export async function readsTask(
  store: Pick<Store, 'projects' | 'tasks' | 'taskCopies'>,
  caller: Caller,
  task: Task,
): Promise<boolean> {
  if (officeIn(caller, task) !== undefined || (await seesTask(store, caller, task))) return true;
  return store.taskCopies.isFor(task.id, { user: caller.user, organisations: officesOf(caller) });
}
