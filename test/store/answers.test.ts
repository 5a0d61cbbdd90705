import type { Store } from '../../store/connect';
import { withStore } from '../support/store';

const HOUR_MS = 3_600_000;

let store: Store;

withStore((opened) => (store = opened));

/** As a process would act whose clock is wrong by so much. */
async function withClockWrongBy<T>(ms: number, act: () => Promise<T>): Promise<T> {
  const RealDate = Date;
  class WrongDate extends RealDate {
    constructor(...said: []) {
      if (said.length === 0) super(RealDate.now() + ms);
      else super(...said);
    }
    static override now(): number {
      return RealDate.now() + ms;
    }
  }
  globalThis.Date = WrongDate as DateConstructor;
  try {
    return await act();
  } finally {
    globalThis.Date = RealDate;
  }
}

async function taken(key: string): Promise<string> {
  const found = await store.answers.take(key, 'body');
  if (!found.mine) throw new Error(`${key} is somebody else's`);
  return found.holder;
}

test('a key is held for seconds, whatever the clock of the process says that took it', async () => {
  await withClockWrongBy(HOUR_MS, () => store.answers.take('ahead', 'body'));
  const row = await store.answers.find('ahead');
  expect(Number(row?.busyUntil)).toBeLessThan(Date.now() + 30_000);
});

test('a process whose clock is ahead takes no key from a request that is at work', async () => {
  expect(await store.answers.take('working', 'body')).toMatchObject({ mine: true, memo: undefined });
  const other = await withClockWrongBy(HOUR_MS, () => store.answers.take('working', 'body'));
  expect(other).toMatchObject({ mine: false, row: { bodyHash: 'body' } });
});

test('a key that a request has left is taken over with its memo, once; never under another body', async () => {
  const holder = await taken('left');
  await store.answers.note('left', holder, { projectId: 'p' });
  await store.answers.leave('left', holder);
  expect(await store.answers.take('left', 'another')).toMatchObject({ mine: false });
  const both = await Promise.all([store.answers.take('left', 'body'), store.answers.take('left', 'body')]);
  expect(both.filter(({ mine }) => mine)).toMatchObject([{ mine: true, memo: { projectId: 'p' } }]);
});

test('what has been answered stays, however often the key comes', async () => {
  const holder = await taken('answered');
  await store.answers.keep('answered', { status: 201, headers: {}, body: { id: 'p' } });
  await store.answers.leave('answered', holder);
  await store.answers.giveBack('answered', holder);
  expect(await store.answers.take('answered', 'body')).toMatchObject({ row: { answer: { status: 201 } } });
});

test('an attempt that was held up for so long that another has gone on in its place changes nothing any more', async () => {
  const first = await taken('held-up');
  // Its time is over, as when its process has stood still.
  await store.answers.model.updateOne({ _id: 'held-up' }, { busyUntil: new Date(0) });
  const second = await taken('held-up');
  expect(await store.answers.note('held-up', first, { projectId: 'first' })).toBe(false);
  await store.answers.leave('held-up', first);
  await store.answers.giveBack('held-up', first);
  expect(await store.answers.take('held-up', 'body')).toMatchObject({ mine: false });
  expect(await store.answers.note('held-up', second, { projectId: 'second' })).toBe(true);
  expect(await store.answers.find('held-up')).toMatchObject({ memo: { projectId: 'second' } });
});
