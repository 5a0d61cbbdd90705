import * as fc from 'fast-check';
import { dayAfter, type CoSigningAsked, type DeskModel, type Person, type Result } from './desk-model';

/** What a person tries: chosen blindly, so that most of it is refused for one reason or another. */
export interface Attempt {
  readonly act: (typeof ACTS)[number];
  /** Which of the tasks there are, and who. */
  readonly task: number;
  readonly person: number;
  readonly insteadOf: number | undefined;
  readonly other: number;
  /** Whether the person is one of the task's own organisation, which blind choice would make too rare. */
  readonly ofTheTask: boolean;
  readonly yes: boolean;
  readonly days: number;
  readonly asked: {
    when: CoSigningAsked['when'];
    rule: CoSigningAsked['rule'];
    who: readonly number[];
    named: boolean;
  };
}

export const ACTS = [
  'completion',
  'claim',
  'release',
  'transfer',
  'delegation',
  'co-signature',
  'co-signature-removal',
  'reminder',
  'clock-suspension',
  'clock-resumption',
  'retraction',
  'sign-off-return',
  'hand-over',
] as const;

const PERSONS = 3;

export const attempts: fc.Arbitrary<Attempt> = fc.record({
  act: fc.oneof(fc.constant('completion' as const), { weight: 4, arbitrary: fc.constantFrom(...ACTS) }),
  task: fc.nat({ max: 11 }),
  person: fc.nat({ max: 8 }),
  insteadOf: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, fc.nat({ max: PERSONS - 1 })),
  other: fc.nat({ max: 8 }),
  ofTheTask: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
  yes: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
  days: fc.integer({ min: 1, max: 12 }),
  asked: fc.record({
    when: fc.constantFrom('before' as const, 'beside' as const, 'after' as const),
    rule: fc.constantFrom('all-of' as const, 'any-of' as const, 'in-sequence' as const),
    who: fc.uniqueArray(fc.nat({ max: 8 }), { minLength: 1, maxLength: 3 }),
    named: fc.boolean(),
  }),
});

/** The attempt in words, of a task and a person that there are; what is sent and what the model is asked. */
export interface Concrete {
  readonly act: Attempt['act'];
  readonly task: string;
  readonly by: Person;
  readonly form: Record<string, unknown>;
  readonly of: (model: DeskModel) => Result;
}

export function concrete(attempt: Attempt, model: DeskModel): Concrete {
  const { organisations, tasks, today } = model;
  const task = tasks[attempt.task % tasks.length];
  if (!task) throw new Error('a desk without tasks');
  const personOf = (n: number): Person => {
    const organisation = organisations[Math.floor(n / PERSONS)] ?? '';
    return { user: `${organisation}-${(n % PERSONS) + 1}`, organisation };
  };
  const organisation = attempt.ofTheTask ? task.organisation : personOf(attempt.person).organisation;
  const user = (n: number): string => `${organisation}-${(n % PERSONS) + 1}`;
  const awaited = task.delegation && !task.delegation.answered ? task.delegation.to : task.holder;
  // Every other time whoever it waits for, so that what was begun also goes on.
  const self = attempt.ofTheTask && attempt.person % 2 === 0 && awaited ? awaited : user(attempt.person);
  const principal = attempt.insteadOf === undefined ? undefined : user(attempt.insteadOf);
  const by: Person = {
    user: self,
    organisation,
    ...(principal === undefined || principal === self ? {} : { for: principal }),
  };
  const { act, yes, asked } = attempt;
  const reason = '样例：模型测试';
  const id = task.id;
  const colleague = `${task.organisation}-${(attempt.other % PERSONS) + 1}`;
  const until = dayAfter(today, attempt.days);
  const signers = asked.who.map(personOf).map(({ user: named, organisation: of }) =>
    // Of one's own organisation only persons can be named.
    asked.named || of === task.organisation ? { organisation: of, user: named } : { organisation: of },
  );
  const places = asked.who.slice(0, 1);
  const removed = places.flatMap((place) => {
    const all = task.coSigning?.signers ?? [];
    const { organisation: of, user: named } = all[place % Math.max(1, all.length)] ?? {
      organisation: task.organisation,
    };
    return [{ organisation: of, ...(named === undefined ? {} : { user: named }) }];
  });
  const stage = model.stage(id);
  const send = (form: Record<string, unknown>, of: Concrete['of']): Concrete => ({
    act,
    task: id,
    by,
    form,
    of: (m) => of(m.meant(stage)),
  });
  switch (act) {
    case 'completion':
      return send(
        task.kind === 'co-signature' ? { agrees: yes, ...(yes ? {} : { opinion: reason }) } : {},
        (m) => m.complete(id, by, yes),
      );
    case 'claim':
      return send({}, (m) => m.claim(id, by));
    case 'release':
      return send(yes ? { reason } : {}, (m) => m.release(id, by, yes));
    case 'transfer':
      return send({ user: colleague, reason }, (m) => m.transfer(id, by, colleague));
    case 'delegation':
      return send({ user: colleague, reason }, (m) => m.delegate(id, by, colleague));
    case 'co-signature':
      return send({ when: asked.when, rule: asked.rule, signers, question: reason }, (m) =>
        m.askCoSigners(id, by, { when: asked.when, rule: asked.rule, signers }),
      );
    case 'co-signature-removal':
      return send({ signers: removed, reason }, (m) => m.removeCoSigners(id, by, places));
    case 'reminder':
      return send({}, (m) => m.urge(id, by));
    case 'clock-suspension':
      return send({ until, reason }, (m) => m.stopClock(id, by, until));
    case 'clock-resumption':
      return send({}, (m) => m.resumeClock(id, by));
    case 'sign-off-return':
      return send({ reason }, (m) => m.returnDraft(id, by));
    case 'hand-over': {
      const leaver = awaited ?? self;
      const administrator = { user: 'security-1', organisation: task.organisation, for: leaver };
      const handed = (m: DeskModel): Result => m.handOver(id, administrator, colleague);
      return {
        act,
        task: id,
        by: administrator,
        form: { user: colleague, reason },
        of: (m) => handed(m.meant(stage)),
      };
    }
    case 'retraction':
      return send({ reason }, (m) => m.retract(id, by));
  }
}
