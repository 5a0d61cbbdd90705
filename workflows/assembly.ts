import type { Answer, Assigned } from './task-desk';

/**
 * How the answers of several tasks become one: small functions over assigned tasks, for every step.
 */

/** 会签: waits for all. */
export function allOf<Form>(assigned: readonly Assigned<Form>[]): Promise<Answer<Form>[]> {
  const [first] = assigned;
  // On a desk a decision can be retracted as long as others are awaited.
  if (first?.together) return first.together(assigned.map(({ id }) => id));
  return Promise.all(assigned.map(({ answer }) => answer));
}

/** 或签: the first answer counts, the other tasks close. */
export async function anyOf<Form>(assigned: readonly Assigned<Form>[]): Promise<Answer<Form>> {
  const first = await Promise.race(assigned.map(({ answer }) => answer));
  for (const other of assigned) if (other.id !== first.task) other.close('已由其他单位办理');
  return first;
}

/** 依次: each is assigned only when the one before has answered; `stop` ends the sequence early. */
export async function inSequence<Form>(
  requests: readonly (() => Promise<Assigned<Form>>)[],
  stop: (answer: Answer<Form>) => boolean = () => false,
): Promise<Answer<Form>[]> {
  const answers: Answer<Form>[] = [];
  for (const request of requests) {
    const answer = await (await request()).answer;
    answers.push(answer);
    if (stop(answer)) break;
  }
  return answers;
}

export interface Ballot<Form> {
  readonly agrees: (form: Form) => boolean;
  /** Share of all weight that must agree, as a fraction: 2/3 → `{ numerator: 2, denominator: 3 }`. */
  readonly ratio: { readonly numerator: number; readonly denominator: number };
  /** Strictly more than the ratio, instead of at least. */
  readonly strictly?: boolean;
  readonly weight?: (assigned: Assigned<Form>) => number;
}

export interface VoteResult<Form> {
  readonly passed: boolean;
  readonly agreed: number;
  readonly against: number;
  readonly total: number;
  readonly answers: readonly Answer<Form>[];
}

/** 票签: until the ratio is reached or out of reach; then the tasks that are still open close. */
export async function vote<Form>(
  assigned: readonly Assigned<Form>[],
  ballot: Ballot<Form>,
): Promise<VoteResult<Form>> {
  const weight = ballot.weight ?? (() => 1);
  const total = assigned.reduce((sum, one) => sum + weight(one), 0);
  const { numerator, denominator } = ballot.ratio;
  // Whole numbers only: agreed / total against numerator / denominator, multiplied out.
  const reaches = (agreed: number): boolean =>
    ballot.strictly ? agreed * denominator > total * numerator : agreed * denominator >= total * numerator;
  const answers: Answer<Form>[] = [];
  let agreed = 0;
  let against = 0;
  const waiting = new Map(
    assigned.map((one) => [one.id, one.answer.then((answer) => ({ answer, weight: weight(one) }))]),
  );
  while (waiting.size > 0 && !reaches(agreed) && reaches(total - against)) {
    const { answer, weight: counted } = await Promise.race(waiting.values());
    waiting.delete(answer.task);
    answers.push(answer);
    if (ballot.agrees(answer.form)) agreed += counted;
    else against += counted;
  }
  for (const late of waiting.values()) late.catch(() => undefined);
  for (const one of assigned) if (waiting.has(one.id)) one.close('结果已定，不再需要');
  return { passed: reaches(agreed), agreed, against, total, answers };
}
