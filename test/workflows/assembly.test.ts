import fc from 'fast-check';
import { allOf, anyOf, inSequence, vote } from '../../workflows/assembly';
import type { Answer, Assigned } from '../../workflows/task-desk';

interface Form {
  agree: boolean;
}

/** A task that a test answers by hand. */
function task(id: string) {
  let resolve: (answer: Answer<Form>) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const closed: string[] = [];
  const answer = new Promise<Answer<Form>>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  answer.catch(() => undefined);
  const assigned: Assigned<Form> = {
    id,
    organisation: id,
    answer,
    close: (because) => {
      closed.push(because);
      reject(new Error('closed'));
    },
  };
  return {
    assigned,
    closed,
    give: (agree: boolean) =>
      resolve({ form: { agree }, by: { user: id, organisation: id }, at: '', task: id, organisation: id }),
  };
}

const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('how answers become one', () => {
  it('会签 all-of waits for every answer', async () => {
    const tasks = ['a', 'b', 'c'].map(task);
    let done = false;
    const all = allOf(tasks.map((t) => t.assigned)).then((answers) => {
      done = true;
      return answers;
    });
    tasks[0]?.give(true);
    tasks[2]?.give(true);
    await settle();
    expect(done).toBe(false);
    tasks[1]?.give(false);
    expect((await all).map(({ form }) => form.agree)).toEqual([true, false, true]);
  });

  it('或签 any-of takes the first answer and closes the others', async () => {
    const tasks = ['a', 'b', 'c'].map(task);
    const first = anyOf(tasks.map((t) => t.assigned));
    tasks[1]?.give(true);
    expect((await first).task).toBe('b');
    expect(tasks.map((t) => t.closed.length)).toEqual([1, 0, 1]);
  });

  it('依次 in sequence assigns the next only after the one before, and stops where told', async () => {
    const tasks = ['a', 'b', 'c'].map(task);
    const assigned: string[] = [];
    const run = inSequence<Form>(
      tasks.map((t) => async () => {
        assigned.push(t.assigned.id);
        return t.assigned;
      }),
      ({ form }) => !form.agree,
    );
    await settle();
    expect(assigned).toEqual(['a']);
    tasks[0]?.give(true);
    await settle();
    expect(assigned).toEqual(['a', 'b']);
    tasks[1]?.give(false);
    expect((await run).map(({ task: id }) => id)).toEqual(['a', 'b']);
    expect(assigned).toEqual(['a', 'b']);
  });

  it('票签 a vote ends as soon as its outcome cannot change, and agrees with a plain count', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ agree: fc.boolean(), weight: fc.integer({ min: 1, max: 9 }) }), {
          minLength: 1,
          maxLength: 7,
        }),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        async (voters, numerator, strictly) => {
          const denominator = 4;
          const tasks = voters.map((_, index) => task(`v${index}`));
          const result = vote(
            tasks.map((t) => t.assigned),
            {
              agrees: (form) => form.agree,
              ratio: { numerator, denominator },
              strictly,
              weight: (one) => voters[Number(one.id.slice(1))]?.weight ?? 0,
            },
          );
          let ended = false;
          void result.then(() => (ended = true));
          const total = voters.reduce((sum, { weight }) => sum + weight, 0);
          const reaches = (agreed: number) =>
            strictly ? agreed * denominator > total * numerator : agreed * denominator >= total * numerator;
          let agreed = 0;
          let against = 0;
          for (const [index, { agree, weight }] of voters.entries()) {
            await settle();
            expect(ended).toBe(reaches(agreed) || !reaches(total - against));
            if (ended) break;
            tasks[index]?.give(agree);
            if (agree) agreed += weight;
            else against += weight;
          }
          const outcome = await result;
          expect(outcome.passed).toBe(reaches(agreed));
          expect(outcome).toMatchObject({ agreed, against, total });
        },
      ),
      { numRuns: 100 },
    );
  });
});
