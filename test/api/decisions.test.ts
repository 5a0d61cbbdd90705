import { ApplicationFailure, WorkflowUpdateFailedError } from '@temporalio/client';
import { Decisions } from '../../api/engine/decisions';
import { asProblem } from '../../api/http/foreign-errors';
import type { RecordedEvent } from '../../domain/events';
import { Problem } from '../../domain/problems';
import { requestOf } from '../../domain/request';
import { DONE_BEFORE, NOT_YET } from '../../workflows/messages';

const request = { key: 'k', updateId: 'u', bodyHash: 'b' };
const event = { seq: 7, bodyHash: 'b' } as RecordedEvent;

const unlogged = { info: () => undefined };
const unheard = { hear: () => undefined, listen: () => undefined };
const unmeasured = { decision: () => () => undefined };

/** A store in which the key's event becomes visible with the `nth` look. */
function decisions(nth: number): Decisions {
  let looks = 0;
  const store = {
    events: { ofUpdate: async () => ((looks += 1) >= nth ? event : undefined) },
    answers: { find: async () => undefined },
  };
  return new Decisions({} as never, store as never, unheard, unmeasured, unlogged);
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

test.each(['ECONNRESET', 'EPIPE'])(
  'a connection to the store that breaks while it is written to (%s) is a store that is away, not an error of ours',
  (code) => {
    const broken = Object.assign(new Error(`write ${code}`), { code, errno: -104, syscall: 'write' });
    expect(asProblem(broken).code).toBe('engine-unavailable');
  },
);

describe('an attempt to send a request', () => {
  const event = { workflowId: 'w', seq: 7, updateId: 'request', bodyHash: 'b' };
  let shown: typeof event | undefined;
  beforeEach(() => (shown = undefined));

  /** Sends one request, signed as `signatures` say, to a workflow that answers as `answer` does. */
  async function send(
    signatures: readonly string[],
    answer: (attempt: number) => Promise<unknown>,
  ): Promise<{ ids: string[]; outcome: unknown }> {
    const ids: string[] = [];
    const executeUpdate = (_update: unknown, { updateId }: { updateId: string }): Promise<unknown> => {
      ids.push(updateId);
      return answer(ids.length);
    };
    const client = {
      workflow: { getHandle: () => ({ executeUpdate }) },
      withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
    };
    const store = { events: { ofUpdates: async () => new Map(shown ? [['request', shown]] : []) } };
    const left = [...signatures];
    const outcome = await new Decisions(client as never, store as never, unheard, unmeasured, unlogged).send({
      workflowId: 'w',
      update: { name: 'completeTask' } as never,
      argument: () => ({ signature: { value: left.shift() ?? '' } as never }),
      updateId: 'request',
      bodyHash: 'b',
      gone: 'task-not-open',
    });
    return { ids, outcome };
  }
  const failing = (type: string, detail: unknown) =>
    new WorkflowUpdateFailedError(
      'refused',
      ApplicationFailure.create({ type, details: [detail], nonRetryable: true }),
    );
  const never = (): Promise<unknown> => new Promise(() => undefined);

  test('P5.1.2: signed anew is another Update, so that the engine never takes one for the other', async () => {
    const { ids, outcome } = await send(['a'.repeat(128), 'b'.repeat(128)], async (attempt) => {
      if (attempt === 1) throw failing('signature-out-of-time', {});
      return (shown = event);
    });
    expect(new Set(ids).size).toBe(2);
    expect(ids.map(requestOf)).toEqual(['request', 'request']);
    expect(outcome).toEqual(event);
  });

  test('is answered when the record shows it, although the workflow has not heard of that yet', async () => {
    setTimeout(() => (shown = event), 30);
    expect((await send(['a'.repeat(128)], never)).outcome).toEqual(event);
  });

  test('that the workflow refuses is refused at once, not when time is over', async () => {
    const began = Date.now();
    const sending = send(['a'.repeat(128)], async () => {
      throw failing('not-your-seat', {});
    });
    await expect(sending).rejects.toMatchObject({ code: 'not-your-seat' });
    expect(Date.now() - began).toBeLessThan(2_000);
  });

  test('of which an earlier one has been carried out gets its event', async () => {
    const { outcome } = await send(['a'.repeat(128)], async () => {
      setTimeout(() => (shown = event), 30);
      throw failing(DONE_BEFORE, event);
    });
    expect(outcome).toEqual(event);
  });

  test.each(['AcceptedUpdateCompletedWorkflow', 'UnprocessedUpdate'])(
    'of which the engine says %s may be sent again: no workflow has refused it',
    async (type) => {
      const sending = send(['a'.repeat(128)], async () => {
        throw failing(type, undefined);
      });
      await expect(sending).rejects.toMatchObject({ code: 'engine-unavailable' });
    },
  );

  test('P1.4: that comes while the workflow goes on in a further run is sent again until that run has begun', async () => {
    const signatures = ['a', 'b', 'c'].map((letter) => letter.repeat(128));
    const { ids, outcome } = await send(signatures, async (attempt) => {
      if (attempt < 3) throw failing(NOT_YET, undefined);
      return (shown = event);
    });
    expect(ids).toHaveLength(3);
    expect(outcome).toEqual(event);
  });

  test('P1.4: that no run takes in time may be sent again by whoever asked: no workflow has refused it', async () => {
    const sending = send(['a'.repeat(128)], async () => {
      throw failing(NOT_YET, undefined);
    });
    await expect(sending).rejects.toMatchObject({ code: 'engine-unavailable' });
  });

  test('of another body under the same key is refused', async () => {
    shown = { ...event, bodyHash: 'another' };
    await expect(send(['a'.repeat(128)], never)).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  });
});
