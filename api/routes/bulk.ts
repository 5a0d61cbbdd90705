import { z } from 'zod';
import { workflowOfTask } from '../../domain/task';
import type { Context } from '../context';
import { completionBody } from '../forms/envelope';
import { eachByItself, outcomeFields } from '../http/each';
import { taskIdParam } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { completeTask } from '../tasks/completion';

const MOST = 500;
/** 500 forms of the largest kind that people fill in by the hundred. */
const LARGEST_BODY = 8 * 1024 * 1024;

const completions = z
  .strictObject({
    completions: z
      .array(z.strictObject({ task: taskIdParam, completion: completionBody }))
      .min(1)
      .max(MOST)
      .refine((all) => new Set(all.map(({ task }) => task)).size === all.length, '每项待办只能出现一次'),
  })
  .meta({ id: 'Completions' });

const outcome = z.object({ task: z.string(), ...outcomeFields });

/** Many decisions in one request: each is a decision of its own, with its own outcome, signature and event. */
export function bulkOperations(context: Context): AnyOperation[] {
  return [
    operation({
      method: 'post',
      path: '/tasks/completions',
      name: 'completeTasks',
      tag: 'tasks',
      summary: '批量办理待办，至多 500 项，逐项答复',
      description:
        'Each is done or refused by itself. Sent again under the same Idempotency-Key, what was done is not done twice and what had no clear answer (503) gets one.',
      access: 'tasks:decide',
      body: completions,
      largestBody: LARGEST_BODY,
      idempotent: true,
      slow: true,
      answers: {
        200: { description: '逐项结果，次序与提交时一致', schema: z.object({ outcomes: z.array(outcome) }) },
      },
      handle: async ({ caller, body, language, idempotencyKey, request }) => {
        const { completions: sent } = body;
        const of = {
          status: 200,
          language,
          request: String(request.id),
          workflow: ({ task }: (typeof sent)[number]) => workflowOfTask(task),
        };
        const ended = await eachByItself(context, sent, of, ({ task: id, completion }) => {
          // The bulk's key stands for each of its decisions apart.
          const key = idempotencyKey === undefined ? undefined : `${idempotencyKey} ${id}`;
          return completeTask(context, { caller, id, body: completion, language, key });
        });
        const outcomes = ended.map((one, n) => ({ task: sent[n]?.task ?? '', ...one }));
        return { status: 200, body: { outcomes } };
      },
    }),
  ];
}
