import { RecordWatch } from '../../api/engine/record-watch';

const soon = (): number => Date.now() + 2_000;

/** A store with what has been put there, and how often it was looked into. */
function watched(everyMs: number) {
  const there = new Map<string, number>();
  let looks = 0;
  const watch = new RecordWatch<number>(async (keys) => {
    looks += 1;
    return new Map([...there].filter(([key]) => keys.includes(key)));
  }, everyMs);
  return { watch, there, looks: () => looks };
}

test('what is heard is not looked for', async () => {
  const { watch, looks } = watched(60_000);
  const shown = watch.shows({ key: 'a', until: soon() });
  watch.heard('another', 1);
  watch.heard('a', 2);
  expect(await shown).toBe(2);
  expect(looks()).toBe(0);
});

test('what nobody has told is seen at the next look', async () => {
  const { watch, there } = watched(5);
  const shown = watch.shows({ key: 'a', until: soon() });
  there.set('a', 1);
  expect(await shown).toBe(1);
});

test('what is believed to be there is looked for at once, for whoever else waits too', async () => {
  const { watch, there, looks } = watched(60_000);
  const shown = ['a', 'b'].map((key) => watch.shows({ key, until: soon() }));
  there.set('a', 1).set('b', 2);
  watch.lookFor('nobody waits for it');
  expect(looks()).toBe(0);
  watch.lookFor('a');
  expect(await Promise.all(shown)).toEqual([1, 2]);
  expect(looks()).toBe(1);
});

test('what is not enough yet is waited for further', async () => {
  const { watch } = watched(60_000);
  const shown = watch.shows({ key: 'a', enough: (found) => found >= 2, until: soon() });
  watch.heard('a', 1);
  watch.heard('a', 3);
  expect(await shown).toBe(3);
});

test('what does not come in time is answered with a 503, and so is what the store cannot be asked for', async () => {
  const { watch } = watched(5);
  await expect(watch.shows({ key: 'a', until: Date.now() - 1 })).rejects.toMatchObject({
    code: 'engine-unavailable',
  });
  const away = new RecordWatch<number>(() => Promise.reject(new Error('away')), 5);
  await expect(away.shows({ key: 'a', until: soon() })).rejects.toThrow('away');
});
