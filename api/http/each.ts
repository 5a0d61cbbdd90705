import { z } from 'zod';
import { PROBLEMS } from '../../domain/problems';
import type { Context } from '../context';
import { asProblem } from './foreign-errors';
import type { Language } from './language';
import { problemBody } from './problem-response';

/** How one of many has ended, as if it had been sent alone. */
export const outcomeFields = {
  status: z.int().meta({ description: '该项单独提交时的 HTTP 状态' }),
  code: z.string().optional().meta({ description: '未办成的原因，见 Problem 的 code' }),
  title: z.string().optional(),
  detail: z.string().optional(),
  clause: z.string().optional(),
};
export type Outcome = z.infer<z.ZodObject<typeof outcomeFields>>;

/** Together they must not keep the engine from everybody else's decisions; of one workflow it takes ten at most. */
const AT_ONCE = 8;

/**
 * Does each by itself, a few at a time: one that is refused keeps none of the others. What one workflow answers is asked
 * of it together, because it answers it at one go.
 * @param of.workflow who answers an item; `status` where it was done
 * @returns how each has ended, in the order given
 */
export async function eachByItself<Item>(
  { log }: Pick<Context, 'log'>,
  items: readonly Item[],
  of: {
    readonly status: number;
    readonly language: Language;
    readonly request: string;
    readonly workflow: (item: Item) => string;
  },
  act: (item: Item) => Promise<unknown>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const left = [...items.entries()]
    .sort(([, a], [, b]) => of.workflow(a).localeCompare(of.workflow(b)))
    .values();
  const work = async (): Promise<void> => {
    for (const [index, item] of left) outcomes[index] = await outcomeOf(item);
  };
  const outcomeOf = async (item: Item): Promise<Outcome> => {
    try {
      await act(item);
      return { status: of.status };
    } catch (error) {
      const problem = asProblem(error);
      if (PROBLEMS[problem.code].status === 500) log.error({ err: error }, 'one of many failed');
      const { status, code, title, detail, clause } = problemBody(problem, of.language, of.request);
      return {
        status,
        code,
        title,
        ...(detail === undefined ? {} : { detail }),
        ...(clause === undefined ? {} : { clause }),
      };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcomes;
}
