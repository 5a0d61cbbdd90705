import { together } from '../../store/together';

const asked: (readonly string[])[] = [];
const find = together(async (keys) => {
  asked.push(keys);
  if (keys.includes('broken')) throw new Error('away');
  return new Map(keys.filter((key) => key !== 'absent').map((key) => [key, key.toUpperCase()]));
});
beforeEach(() => void asked.splice(0));

test('what is looked for at the same moment is asked for once, and each gets its own', async () => {
  const later = Promise.resolve().then(() => find('b'));
  expect(await Promise.all([find('a'), later, find('absent'), find('a')])).toEqual([
    'A',
    'B',
    undefined,
    'A',
  ]);
  expect(asked.map((keys) => [...keys].sort())).toEqual([['a', 'absent', 'b']]);
});

test('nothing is kept: who looks again asks again', async () => {
  await find('a');
  await find('a');
  expect(asked).toEqual([['a'], ['a']]);
});

test('an error is that of everybody who was asked for together, and of nobody later', async () => {
  const [one, other] = await Promise.allSettled([find('a'), find('broken')]);
  expect([one.status, other.status]).toEqual(['rejected', 'rejected']);
  expect(await find('a')).toBe('A');
});
