import { eachByItself } from '../../api/http/each';
import { Precedence } from '../../api/http/precedence';
import { Problem } from '../../domain/problems';

const log = { error: () => undefined } as never;
const of = {
  status: 200,
  language: 'zh' as const,
  request: 'r',
  workflow: (item: string) => item.split(' ')[0] ?? '',
};
const aWhile = () => new Promise((done) => setTimeout(done, 5));

/** How many are under way at most, of all and of one workflow. */
function counting() {
  const underWay = new Map<string, number>();
  const most = { ofAll: 0, ofOne: 0, done: 0 };
  return {
    most,
    act: async (item: string) => {
      const id = of.workflow(item);
      const step = (by: number) => underWay.set(id, (underWay.get(id) ?? 0) + by);
      step(1);
      const now = [...underWay.values()];
      most.ofAll = Math.max(
        most.ofAll,
        now.reduce((sum, one) => sum + one, 0),
      );
      most.ofOne = Math.max(most.ofOne, ...now);
      await aWhile();
      step(-1);
      most.done += 1;
    },
  };
}

test('what one workflow answers is asked of it together, and answered in the order in which it was sent', async () => {
  const asked: string[] = [];
  const items = ['b', 'a', 'c'].flatMap((id) => Array.from({ length: 20 }, (_, n) => `${id} ${n}`)).reverse();
  const outcomes = await eachByItself({ log, precedence: new Precedence() }, items, of, async (item) => {
    asked.push(item);
    await aWhile();
    if (item === 'a 1') throw new Problem('task-not-open');
  });
  expect(outcomes.map(({ status }) => status)).toEqual(items.map((item) => (item === 'a 1' ? 409 : 200)));
  // Two workflows are asked side by side; the third when one of them is through.
  expect(new Set(asked.slice(0, 30).map(of.workflow)).size).toBe(2);
});

test('of one workflow eight are under way at any moment, of all sixteen', async () => {
  const { most, act } = counting();
  const items = ['a', 'b', 'c'].flatMap((id) => Array.from({ length: 40 }, (_, n) => `${id} ${n}`));
  await eachByItself({ log, precedence: new Precedence() }, items, of, act);
  // An engine takes ten Updates of one workflow at a time, others' among them.
  expect(most).toEqual({ ofAll: 16, ofOne: 8, done: 120 });
  const apart = counting();
  await eachByItself(
    { log, precedence: new Precedence() },
    items.map((_, n) => `w${n} 1`),
    of,
    apart.act,
  );
  expect(apart.most).toEqual({ ofAll: 16, ofOne: 1, done: 120 });
});

test('while somebody waits for one decision, one of many goes on beside it; then all again', async () => {
  const precedence = new Precedence();
  const { most, act } = counting();
  const items = Array.from({ length: 400 }, (_, n) => `w${n} 1`);
  let answer: () => void = () => undefined;
  const waiting = precedence.give(() => new Promise<void>((done) => (answer = done)));
  const many = eachByItself({ log, precedence }, items, of, act);
  while (most.done < 20) await aWhile();
  expect(most.ofAll).toBe(1);
  answer();
  await waiting;
  await many;
  expect(most).toEqual({ ofAll: 16, ofOne: 1, done: 400 });
});
