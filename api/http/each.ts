import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { groupedBy } from '../../domain/grouped';
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

/** Of one workflow the engine takes ten Updates at a time, others' among them. */
const OF_ONE_WORKFLOW = 8;
/** Two workflows' at once: while one records, the other decides. */
const LANES = 2;
/** So many go on while somebody else waits for a decision of theirs: the many must not keep the engine from it. */
const BESIDE_SOMEBODY = 1;
const LOOK_AGAIN_MS = 50;

/**
 * Does each by itself, a few at a time, fewer while somebody waits for one: one that is refused keeps none of the
 * others. What one workflow answers is asked of it together, because it answers it at one go.
 * @param of.workflow who answers an item; `status` where it was done
 * @returns how each has ended, in the order given
 */
export async function eachByItself<Item>(
  { log, precedence }: Pick<Context, 'log' | 'precedence'>,
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
  let left = items.length;
  const groups = groupedBy(items.entries(), ([, item]) => of.workflow(item)).values();
  const lanes = Array.from({ length: LANES }, () => oneAfterTheOther(groups));
  const room = async (place: number): Promise<void> => {
    while (left > 0 && place >= BESIDE_SOMEBODY && precedence.isClaimed) await sleep(LOOK_AGAIN_MS);
  };
  const work = async (lane: Iterator<readonly [number, Item]>, place: number): Promise<void> => {
    await room(place);
    for (let next = lane.next(); !next.done; next = lane.next()) {
      left -= 1;
      const [index, item] = next.value;
      outcomes[index] = await outcomeOf(item);
      await room(place);
    }
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
  const places = lanes.flatMap((lane, n) =>
    Array.from({ length: OF_ONE_WORKFLOW }, (_, m) => work(lane, m * LANES + n)),
  );
  await Promise.all(places);
  return outcomes;
}

/** Lanes share the groups: whoever is through with one takes the next. */
function* oneAfterTheOther<One>(groups: Iterable<readonly One[]>): Generator<One> {
  for (const group of groups) yield* group;
}
