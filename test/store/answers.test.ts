import { connectStore, type Store } from '../../store/connect';
import { startMongo, type RunningMongo } from '../support/servers';

const HOUR_MS = 3_600_000;

let mongo: RunningMongo;
let store: Store;

beforeAll(async () => {
  mongo = await startMongo();
  store = await connectStore(mongo.uri);
  await store.prepare();
}, 60_000);

afterAll(async () => {
  await store?.close();
  await mongo?.stop();
});

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

test('a key is held for seconds, whatever the clock of the process says that took it', async () => {
  await withClockWrongBy(HOUR_MS, () => store.answers.take('ahead', 'body'));
  const row = await store.answers.find('ahead');
  expect(Number(row?.busyUntil)).toBeLessThan(Date.now() + 30_000);
});

test('a process whose clock is ahead takes no key from a request that is at work', async () => {
  expect(await store.answers.take('working', 'body')).toEqual({ mine: true, memo: undefined });
  const other = await withClockWrongBy(HOUR_MS, () => store.answers.take('working', 'body'));
  expect(other).toMatchObject({ mine: false, row: { bodyHash: 'body' } });
});

test('a key that a request has left is taken over with its memo, once; never under another body', async () => {
  await store.answers.take('left', 'body');
  await store.answers.note('left', { projectId: 'p' });
  await store.answers.leave('left');
  expect(await store.answers.take('left', 'another')).toMatchObject({ mine: false });
  const both = await Promise.all([store.answers.take('left', 'body'), store.answers.take('left', 'body')]);
  expect(both.filter(({ mine }) => mine)).toEqual([{ mine: true, memo: { projectId: 'p' } }]);
});

test('what has been answered stays, however often the key comes', async () => {
  await store.answers.take('answered', 'body');
  await store.answers.keep('answered', { status: 201, headers: {}, body: { id: 'p' } });
  await store.answers.leave('answered');
  expect(await store.answers.take('answered', 'body')).toMatchObject({ row: { answer: { status: 201 } } });
});
