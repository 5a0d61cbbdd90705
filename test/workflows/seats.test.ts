import type { Caller, Role } from '../../api/permissions';
import { officeFor } from '../../api/permissions';
import { actKinds, taskKinds } from '../../domain/forms';
import { controlRight, type Stretch } from '../../domain/forms/control';
import { organisationsFor, type Bindings, type Organisation, type Place } from '../../domain/seats';
import { isFor, type Decision, type Task } from '../../domain/task';
import { levels, parseSeat, seatText, type Level, type Seat, type SeatText } from '../../policy/keys';
import { linyi } from '../../policy/linyi';
import { policySnapshot } from '../../policy/snapshot';
import { ActDesk } from '../../workflows/acts';
import type { ActRequest } from '../../workflows/messages';
import { TaskDesk } from '../../workflows/task-desk';
import type { Workplace } from '../../workflows/workplace';

// The desk alone, without an engine: what it awaits never happens, what it validates does.
jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  condition: () => new Promise(() => undefined),
}));

const HOME: Place = {
  community: 'c1',
  city: '371300',
  county: '371302',
  subdistrict: '371302-s1',
  neighbourhood: '371302-n1',
};
/** Another area of each level: another city, another county, the next subdistrict, the next neighbourhood. */
const AWAY: Place = {
  community: 'c2',
  city: '371400',
  county: '371311',
  subdistrict: '371302-s2',
  neighbourhood: '371302-n2',
};
const SEATS: readonly SeatText[] = linyi.seats;
const seatOf = (text: SeatText): Seat => parseSeat(text) as Seat;

function areaOf(level: Level, place: Place): string {
  if (level === 'county' || level === 'subdistrict' || level === 'neighbourhood') return place[level];
  return place.city;
}

/** Everybody: an organisation for each seat, here and in another area; of companies, the bound one and another. */
const everybody: Organisation[] = (['home', 'away'] as const).flatMap((where) =>
  SEATS.map((text): Organisation => {
    const { body, level } = seatOf(text);
    const area = areaOf(level, where === 'home' ? HOME : AWAY);
    return { id: `${text} ${where}`, name: '样例', bodies: [body], level, area };
  }),
);
const bindings: Bindings = Object.fromEntries(
  everybody
    .filter(({ level, id }) => level === 'market' && id.endsWith('home'))
    .map(({ bodies: [body], id }) => [body, id]),
);
const holders = (seat: Seat): string[] => organisationsFor(seat, [HOME], everybody, bindings);

/** What a decision comes to that has got past the question who it is from. */
const LET_IN = 'signature-invalid';
const letIn = (): never => {
  throw Object.assign(new Error(), { type: LET_IN });
};

const policy = policySnapshot(linyi);
const place = {
  stopped: false,
  suspended: false,
  calendar: { years: {} },
  standstills: [],
  policy,
  current: (rule: unknown) => rule,
  defaultDue: policy.periods.default,
  today: () => '2027-03-01',
  paperRecorder: () => undefined,
  stagesOf: () => [],
  holds: (organisation: string, seat: Seat) => holders(seat).includes(organisation),
  authority: { checkDecision: letIn, checkAct: letIn },
  keeper: { touch: () => undefined, tell: () => 1 },
} as unknown as Workplace;

const outcome = (attempt: () => unknown): string => {
  try {
    attempt();
    return 'accepted';
  } catch (error) {
    const { type, code, message } = error as { type?: string; code?: string; message: string };
    return type ?? code ?? message;
  }
};

describe('P1.4: a task is for its seat, and for nobody else', () => {
  const kinds = Object.values(taskKinds).map((kind) => [kind.kind, kind] as const);

  test.each(kinds)('%s', (_, kind) => {
    for (const text of SEATS) {
      const seat = seatOf(text);
      const desk = new TaskDesk(place, { workflowId: 'project/x/step/1', step: kind.step, round: 1 });
      const [holder = ''] = holders(seat);
      const assigned = outcome(() => desk.assignTo(holder, kind, { seat, context: {} as never }));
      if (!isFor(kind, seat)) {
        expect([text, assigned]).toEqual([text, `${kind.kind} is not for ${text}`]);
        continue;
      }
      expect(holders(seat)).toEqual([`${text} home`]);
      const [task] = desk.all() as [Task];
      for (const { id } of everybody) {
        const expected = id === holder ? LET_IN : 'not-your-seat';
        const byDesk = outcome(() => desk.validate(decisionBy(task, id), 'u'));
        const byApi = outcome(() => officeFor(callerOf(id, kind.role ?? 'handler'), task));
        expect([text, id, byDesk, byApi]).toEqual([
          text,
          id,
          expected,
          id === holder ? 'accepted' : 'not-your-seat',
        ]);
      }
    }
  });

  test('what only a signatory may do, no handler does, nor a signatory of another office', () => {
    const task = { organisation: 'housing@city home', role: 'signatory' } as const;
    const own = callerOf('housing@city home', 'handler', 'signatory');
    const other = callerOf('finance@city home', 'signatory');
    const both: Caller = {
      ...own,
      organisations: [...own.organisations, ...other.organisations],
      seats: [
        { organisation: 'housing@city home', role: 'handler' },
        { organisation: 'finance@city home', role: 'signatory' },
      ],
    };
    expect(outcome(() => officeFor(own, task))).toBe('accepted');
    for (const caller of [callerOf('housing@city home', 'handler'), other, both]) {
      expect(outcome(() => officeFor(caller, task))).toBe('not-your-seat');
    }
  });

  test('every kind says whom it is for, in words of the policy', () => {
    for (const [name, { seats }] of kinds) {
      expect([name, seats.length > 0]).toEqual([name, true]);
      for (const one of seats) {
        const level = one.startsWith('*@') ? one.slice(2) : undefined;
        expect([
          name,
          one,
          level ? levels.includes(level as Level) : SEATS.includes(one as SeatText),
        ]).toEqual([name, one, true]);
      }
    }
  });

  test('whoever must consent by the policy, or decides on paper, can be asked', () => {
    const { 'control-consent': consent, 'paper-confirmation': paper } = taskKinds;
    const consenting = linyi.controlRights.flatMap((right) => right.consent);
    expect(consenting.filter((text) => !consent || !isFor(consent, seatOf(text)))).toEqual([]);
    const onPaper = linyi.paperSeats.map(({ seat }) => seat);
    expect(onPaper.filter((text) => !paper || !isFor(paper, seatOf(text)))).toEqual([]);
  });
});

describe('P1.4: an act is begun from its seats, and from no other', () => {
  const STRETCHES: Stretch[] = [
    'before-submission',
    'before-joint-document',
    'before-contracts',
    'after-contracts',
  ];
  const byPolicy = (
    [
      ['suspension', 'suspend'],
      ['resumption', 'resume'],
      ['withdrawal', 'withdraw'],
      ['cancellation', 'cancel'],
      ['residents-vote', 'residents-vote'],
    ] as const
  ).flatMap(([act, right]) =>
    STRETCHES.map(
      (stretch) => [`${act} ${stretch}`, act, controlRight(policy, right, stretch)?.seats ?? []] as const,
    ),
  );
  const own = Object.values(actKinds)
    .filter(({ seats }) => seats.length > 0)
    .map(({ act, seats }) => [act, act, seats] as const);

  test.each([...own, ...byPolicy])('%s', (_, act, seats: readonly Seat[]) => {
    const kind = actKinds[act];
    if (!kind) throw new Error(act);
    const desk = new ActDesk(place, 'project/x');
    desk.accept(
      kind,
      () => ({}) as never,
      () => undefined,
      { seats: () => seats },
    );
    const right = seats.map((seat) => `${seatText(seat)} home`);
    for (const { id } of everybody) {
      const request = {
        act,
        form: {},
        by: { user: 'u', organisation: id },
        bodyHash: '',
      } as unknown as ActRequest;
      expect([id, outcome(() => desk.validate(request, 'u'))]).toEqual([
        id,
        right.includes(id) ? LET_IN : 'not-your-seat',
      ]);
    }
  });
});

function decisionBy(task: Task, organisation: string): Decision {
  return { taskId: task.id, form: {}, by: { user: 'u', organisation }, bodyHash: '' } as unknown as Decision;
}

function callerOf(id: string, ...roles: Role[]): Caller {
  const organisations = everybody.filter((one) => one.id === id);
  return { user: 'u', username: 'u', roles, organisations, mustChangePassword: false };
}
