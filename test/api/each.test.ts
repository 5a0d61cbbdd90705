import { eachByItself } from '../../api/http/each';
import { Problem } from '../../domain/problems';

const log = { error: () => undefined } as never;
const of = {
  status: 200,
  language: 'zh' as const,
  request: 'r',
  workflow: (item: string) => item.split(' ')[0] ?? '',
};

test('what one workflow answers is asked of it together, and answered in the order in which it was sent', async () => {
  const asked: string[] = [];
  const outcomes = await eachByItself({ log }, ['b 1', 'a 1', 'b 2', 'a 2'], of, async (item) => {
    asked.push(item);
    if (item === 'a 1') throw new Problem('task-not-open');
  });
  expect(asked).toEqual(['a 1', 'a 2', 'b 1', 'b 2']);
  expect(outcomes.map(({ status }) => status)).toEqual([200, 409, 200, 200]);
});

test('of many only a few are under way at any moment', async () => {
  let [underWay, most] = [0, 0];
  await eachByItself(
    { log },
    Array.from({ length: 100 }, (_, n) => `w${n} 1`),
    of,
    async () => {
      most = Math.max(most, (underWay += 1));
      await new Promise(setImmediate);
      underWay -= 1;
    },
  );
  // An engine takes ten Updates of one workflow at a time, others' among them.
  expect(most).toBeLessThan(10);
  expect(most).toBeGreaterThan(1);
});
