import { startClock, type Clockwork } from '../../bin/rehearsal/clock';

/** A clockwork that only notes what it is told, beginning at an instant. */
function clockworkAt(begin: string) {
  let time = Date.parse(begin);
  const told: string[] = [];
  const works: Clockwork = {
    currentTime: async () => time,
    skip: async (ms) => {
      time += ms;
      told.push(new Date(time).toISOString());
    },
    quiet: async () => undefined,
    january: async (year) => void told.push(`january ${year}`),
  };
  return { works, told };
}

const DAY = 86_400_000;

test('a rehearsal stops at each 1 January, at nine in Shanghai, and starts what the Schedule would', async () => {
  const { works, told } = clockworkAt('2026-11-23T02:00:00.000Z');
  const clock = await startClock(works);
  await clock.advance(500 * DAY);
  expect(told).toEqual([
    '2027-01-01T01:00:00.000Z',
    'january 2027',
    '2028-01-01T01:00:00.000Z',
    'january 2028',
    '2028-04-06T02:00:00.000Z',
  ]);
});

test('a January is started once, however small the steps around it are', async () => {
  const { works, told } = clockworkAt('2026-12-31T23:00:00.000Z');
  const clock = await startClock(works);
  for (let hours = 0; hours < 6; hours += 1) await clock.advance(3_600_000);
  expect(told.filter((line) => line.startsWith('january'))).toEqual(['january 2027']);
});

test('two advances at the same time move the clock by both', async () => {
  const { works, told } = clockworkAt('2026-11-23T02:00:00.000Z');
  const clock = await startClock(works);
  const [first, second] = await Promise.all([clock.advance(DAY), clock.advance(DAY)]);
  expect((second ?? 0) - (first ?? 0)).toBe(DAY);
  expect(told).toEqual(['2026-11-24T02:00:00.000Z', '2026-11-25T02:00:00.000Z']);
});

test('now is the time of the engine, not of the machine', async () => {
  const { works } = clockworkAt('2031-05-06T07:08:09.000Z');
  const clock = await startClock(works);
  expect(Math.abs(clock.now() - Date.parse('2031-05-06T07:08:09.000Z'))).toBeLessThan(1_000);
  await clock.advance(30 * DAY);
  expect(Math.abs(clock.now() - Date.parse('2031-06-05T07:08:09.000Z'))).toBeLessThan(1_000);
});
