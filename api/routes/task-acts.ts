import { z } from 'zod';
import { taskActs } from '../../domain/forms/task-acts';
import type { Context } from '../context';
import { taskIdParam } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { actOnTask } from '../tasks/acts';
import { viewOf } from './task-views';
import { taskView } from './views';

const params = z.object({ id: taskIdParam });

/** What can be done with a task beside completing it; each act has a path of its own, all are one Update. */
export function taskActOperations(context: Context): AnyOperation[] {
  const open = Object.values(taskActs).filter(({ byAdministrator }) => !byAdministrator);
  return open.map(({ act, title, form }) =>
    operation({
      method: 'post',
      path: `/tasks/{id}/${act}`,
      name: `task-${act}`,
      tag: 'tasks',
      summary: `待办：${title}`,
      description: 'Whether you may now, and an example: `acts` of GET /tasks/{id}.',
      access: 'tasks:decide',
      params,
      body: form as unknown as z.ZodType<Record<string, unknown>>,
      idempotent: true,
      answers: { 200: { description: '已受理', schema: z.object({ task: taskView }) } },
      problems: ['task-not-open', 'wrong-step', 'rule-violated', 'needs-repair'],
      handle: async ({ caller, params: { id }, body, language, idempotencyKey: key }) => {
        const task = await actOnTask(context, { act, id, caller, form: body, key, language });
        return { status: 200, body: { task: viewOf(task) } };
      },
    }),
  );
}
