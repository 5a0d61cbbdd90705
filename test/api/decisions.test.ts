import { Decisions } from '../../api/engine/decisions';
import { asProblem } from '../../api/http/foreign-errors';
import type { RecordedEvent } from '../../domain/events';
import { Problem } from '../../domain/problems';

const request = { key: 'k', updateId: 'u', bodyHash: 'b' };
const event = { seq: 7, bodyHash: 'b' } as RecordedEvent;

/** A store in which the key's event becomes visible with the `nth` look. */
function decisions(nth: number): Decisions {
  let looks = 0;
  const store = {
    events: { ofUpdate: async () => ((looks += 1) >= nth ? event : undefined) },
    answers: { find: async () => undefined },
  };
  return new Decisions({} as never, store as never);
}

const refuse = (code: 'task-not-open' | 'wrong-step' | 'engine-unavailable') => async () => {
  throw new Problem(code);
};

test('a key that has acted before does not act again', async () => {
  const act = jest.fn();
  expect(await decisions(1).once(request, act)).toBe(event);
  expect(act).not.toHaveBeenCalled();
});

test.each(['task-not-open', 'wrong-step'] as const)(
  'a repeated request that its own first attempt refuses (%s), recorded just now, gets the first answer',
  async (code) => {
    expect(await decisions(2).once(request, refuse(code))).toBe(event);
  },
);

test('a refusal of a key that has caused nothing stays a refusal', async () => {
  await expect(decisions(9).once(request, refuse('task-not-open'))).rejects.toMatchObject({
    code: 'task-not-open',
  });
});

test('what may be tried again is not looked up: the same key will tell', async () => {
  await expect(decisions(2).once(request, refuse('engine-unavailable'))).rejects.toMatchObject({
    code: 'engine-unavailable',
  });
});

test('a workflow whose task was tried in vain is away, not broken', () => {
  const cause = Object.assign(new Error('Workflow Task in failed state'), {
    code: 9,
    details: '',
    metadata: {},
  });
  expect(asProblem(new Error('Workflow Update failed', { cause })).code).toBe('engine-unavailable');
});
