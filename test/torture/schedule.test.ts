import { lineOf, scheduleOf } from '../../torture/schedule';
import { CITY, ONE_MACHINE, TOPOLOGIES } from '../../torture/topology';

const MINUTES = 60_000;

test('one seed is one schedule, whenever and wherever it is asked for', () => {
  expect(scheduleOf(7, 3 * MINUTES)).toEqual(scheduleOf(7, 3 * MINUTES));
  expect(scheduleOf(7, 3 * MINUTES)).not.toEqual(scheduleOf(8, 3 * MINUTES));
  expect(scheduleOf(7, MINUTES).slice(0, 3).map(lineOf)).toMatchInlineSnapshot(`
   [
     "   1.0 s  kill store",
     "   2.3 s  kill-all all",
     "   5.7 s  restart api 1",
   ]
  `);
});

test.each([1, 2, 3, 4, 5])('in three minutes of seed %d everything is done that can be done', (seed) => {
  for (const topology of Object.values(TOPOLOGIES)) {
    const done = new Set(scheduleOf(seed, 3 * MINUTES, { topology }).map(({ act }) => act));
    expect([...done].sort()).toEqual(Object.keys(topology.weights).sort());
  }
});

test('what is hit is there: a city has a database, three nodes of the store, and no link to them', () => {
  for (const topology of [ONE_MACHINE, CITY]) {
    const hit = new Set(scheduleOf(7, 60 * MINUTES, { topology }).map(({ target }) => target));
    const there = [...topology.processes, ...topology.links, 'all'];
    expect([...hit].filter((target) => !there.includes(target))).toEqual(
      topology === CITY ? ['primary'] : [],
    );
    expect(there.filter((target) => !hit.has(target))).toEqual([]);
  }
});

test('acts come in order, and none lasts beyond the run', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const schedule = scheduleOf(seed, MINUTES);
    expect(schedule.length).toBeGreaterThan(10);
    schedule.forEach((act, n) => {
      expect(act.at).toBeGreaterThan(schedule[n - 1]?.at ?? 0);
      expect(act.at + act.forMs).toBeLessThanOrEqual(MINUTES);
    });
  }
});

test('where no small file system can be made, everything but the full disk happens as it would', () => {
  const all = scheduleOf(7, 3 * MINUTES);
  const without = scheduleOf(7, 3 * MINUTES, { withoutDisk: true });
  expect(without).toEqual(all.filter(({ act }) => act !== 'fill-disk'));
  expect(without.length).toBeLessThan(all.length);
});
