import { callsEnded, inTime } from '../../api/engine/deadline';

const client = { withDeadline: (_at: number, call: () => Promise<unknown>) => call() } as never;

test('whoever closes the connection waits for every call that is under way, however it ends', async () => {
  const ends: (() => void)[] = [];
  const call = (fails: boolean) =>
    inTime(client, () => new Promise<void>((done, failed) => ends.push(fails ? failed : done)));
  const calls = [call(false), call(true)];
  for (const one of calls) one.catch(() => undefined);
  let ended = false;
  const waiting = callsEnded(client).then(() => (ended = true));
  ends[0]?.();
  await new Promise(setImmediate);
  expect(ended).toBe(false);
  ends[1]?.();
  await waiting;
  await expect(calls[1]).rejects.toBeUndefined();
  await callsEnded(client);
});
