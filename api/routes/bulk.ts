import { z } from 'zod';
import { PROBLEMS } from '../../domain/problems';
import type { Context } from '../context';
import { completionBody } from '../forms/envelope';
import { taskIdParam } from '../http/fields';
import { asProblem } from '../http/foreign-errors';
import { operation, type AnyOperation } from '../http/operation';
import { problemBody } from '../http/problem-response';
import { completeTask } from '../tasks/completion';

const MOST = 500;
/** Together they must not keep the engine from everybody else's decisions. */
const AT_ONCE = 12;
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

const outcome = z.object({
  task: z.string(),
  status: z.int().meta({ description: '该项单独提交时的 HTTP 状态' }),
  code: z.string().optional().meta({ description: '未办成的原因，见 Problem 的 code' }),
  title: z.string().optional(),
  detail: z.string().optional(),
  clause: z.string().optional(),
});

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
        const outcomes: z.infer<typeof outcome>[] = [];
        const one = async (index: number): Promise<void> => {
          const sent = body.completions[index];
          if (!sent) return;
          const { task: id, completion } = sent;
          // The bulk's key stands for each of its decisions apart.
          const key = idempotencyKey === undefined ? undefined : `${idempotencyKey} ${id}`;
          try {
            await completeTask(context, { caller, id, body: completion, language, key });
            outcomes[index] = { task: id, status: 200 };
          } catch (error) {
            const problem = asProblem(error);
            if (PROBLEMS[problem.code].status === 500)
              context.log.error({ err: error }, 'one of many failed');
            const { status, code, title, detail, clause } = problemBody(
              problem,
              language,
              String(request.id),
            );
            outcomes[index] = {
              task: id,
              status,
              code,
              title,
              ...(detail === undefined ? {} : { detail }),
              ...(clause === undefined ? {} : { clause }),
            };
          }
        };
        let next = 0;
        const work = async (): Promise<void> => {
          while (next < body.completions.length) await one(next++);
        };
        await Promise.all(Array.from({ length: AT_ONCE }, work));
        return { status: 200, body: { outcomes } };
      },
    }),
  ];
}
