/**
 * The shape of a city's policy file, and the types that all others use.
 *
 * `parsePolicy` is the only way to a `Policy`: it checks shape, floors of law and that every reference
 * points somewhere, and throws `PolicyRefused` with all refusals at once.
 */
import { z } from 'zod';
import { isCivilDate, type Period } from '../domain/calendar';
import { assemblyRules, type Assembly } from '../domain/assembly';
import { samePersonRules } from '../domain/same-person';
import type { Escalation, SuperiorSeat } from '../domain/alarms';
import type { Refusal } from '../domain/refusal';
import type { WorkingHours } from '../domain/working-hours';
import * as keys from './keys';
import { floorRefusals } from './floors';
import { referenceRefusals } from './references';
import type { Bound, Confidence, Fraction } from './law';

export * from './keys';

const text = (max: number) => z.string().trim().min(1).max(max);
const count = z.int().nonnegative();
const fen = z.int().nonnegative();
const civilDate = z.string().refine(isCivilDate, { message: '日期不存在' });
const monthDay = z.string().refine((value) => isCivilDate(`2023-${value}`), { message: '应为 MM-DD' });

const body = z.enum(keys.bodies);
const step = z.enum(keys.steps);
const source = z.enum(keys.sources);
const confidence = z.enum(['T', 'S', 'M']) satisfies z.ZodType<Confidence>;
const bound = z.enum(['minimum', 'maximum']) satisfies z.ZodType<Bound>;

/** `body@level` */
const seat = z.string().refine((value): value is keys.SeatText => keys.parseSeat(value) !== undefined, {
  message: '席位应写作 机构@层级',
});

const period = z.union([
  z.strictObject({ workingDays: count.max(400) }),
  z.strictObject({ days: count.max(1000) }),
  z.strictObject({ months: count.max(60) }),
]) satisfies z.ZodType<Period>;

const fraction = z.strictObject({
  numerator: count,
  denominator: z.int().positive(),
}) satisfies z.ZodType<Fraction>;

const legalSource = { title: text(60), basis: text(200), clause: text(12).optional(), confidence };

const policyPeriod = z.strictObject({
  length: period,
  bound,
  floor: period.optional(),
  ceiling: period.optional(),
  ...legalSource,
});

const policyRatio = z.strictObject({
  value: fraction,
  bound,
  compare: z.enum(['at-least', 'more-than', 'at-most']),
  floor: fraction.optional(),
  ceiling: fraction.optional(),
  ...legalSource,
});

const policyAmount = z.strictObject({ fen, ceiling: fen, ...legalSource });

/** How the answers of several seats become one: `domain/assembly`. */
const assembly = z
  .strictObject({
    rule: z.enum(assemblyRules),
    ratio: fraction.optional(),
    strictly: z.boolean().optional(),
    weights: z.partialRecord(seat, z.int().positive().max(1000)).optional(),
    vetoes: z.array(seat).min(1).optional(),
    hear: z.enum(['everybody', 'until-certain']).optional(),
    samePerson: z.enum(samePersonRules).optional(),
  })
  .refine(
    ({ rule, ratio, strictly, weights }) => (rule === 'vote' ? ratio : !(ratio ?? strictly ?? weights)),
    {
      message: '票签应有比例 ratio；其他方式没有比例和权重',
    },
  ) satisfies z.ZodType<Assembly>;

/** From the handler to the signatory, nobody twice. */
function isInOrder(stages: readonly keys.OfficeRole[]): boolean {
  const places = stages.map((role) => keys.officeRoles.indexOf(role));
  const upwards = places.every((place, i) => i === 0 || place > (places[i - 1] ?? place));
  return upwards && stages[0] === 'handler' && stages.length > 1 && stages.at(-1) === 'signatory';
}

const area = z.strictObject({
  /** Division code, or a key of ours where the area has no code (`ownKey`). */
  code: z.string().regex(/^\d{6}(-[a-z]{2,8})?$/),
  name: text(40),
  kind: z.enum(['city', 'county', 'development-zone', 'management-committee']),
  /** True if the code is no official division code but a key of this file. */
  ownKey: z.boolean(),
});

const item = z.strictObject({
  no: z.int().min(1).max(36),
  class: z.enum(keys.itemClasses),
  name: text(40),
  standard: text(200),
  /** Bodies asked for an opinion in scheme review; they have no veto. */
  consulted: z.array(body),
  /** Operators whose network the item concerns. */
  operators: z.array(z.enum(keys.utilities)),
});

const fundingSource = z.strictObject({
  key: source,
  name: text(30),
  nameEn: text(60),
  /** Paid from a public budget: county finance confirms it. */
  fiscal: z.boolean(),
  /** Money that must be repaid or earns: only where the project has income of its own (P4.3.1). */
  needsIncome: z.boolean(),
  /** Each entry names who gives, and that giver confirms. */
  namesGiver: z.boolean(),
  /** Owners must have decided before the county submits (民法典 278). */
  ownersMatter: z.enum(keys.ownersMatters).optional(),
});

const financingMode = z.strictObject({
  key: z.string().regex(/^[a-z][a-z0-9-]{2,39}$/),
  name: text(30),
  nameEn: text(60),
  clause: text(12),
  /** Income over the period must cover what other sources do not. */
  selfBalancing: z.boolean(),
  /** Whether other projects are tied in, next to the community or elsewhere. */
  members: z.enum(['none', 'adjacent', 'distant']),
  /** At least one source of this mode must be among the funding; empty: no condition. */
  needsOneOf: z.array(source),
});

const requiredDocument = z.strictObject({
  step,
  key: z.string().regex(/^[a-z][a-z0-9-]{2,49}$/),
  name: text(40),
  nameEn: text(80),
  when: z.enum(keys.documentConditions),
  /** Group of GB/T 50328 in the sealed archive. */
  group: z.enum(['preparation', 'supervision', 'construction', 'as-built', 'acceptance']),
  basis: text(80),
});

const group = z.strictObject({
  chair: z.array(text(40)),
  deputies: z.array(text(40)),
  members: z.array(z.strictObject({ name: text(40), body: body.optional() })),
  office: seat,
  workingGroups: z
    .array(
      z.strictObject({
        key: z.enum(['coordination', 'project-approval', 'financing', 'utility-facilities', 'publicity']),
        name: text(20),
        lead: seat,
        members: z.array(seat),
      }),
    )
    .length(5),
});

const controlRight = z.strictObject({
  act: z.enum(keys.controls),
  /** Absent: at any time. */
  during: z.array(z.enum(keys.stretches)).min(1).optional(),
  seats: z.array(seat).min(1),
  /** All of these must consent before it takes effect. */
  consent: z.array(seat),
  basis: text(120),
});

const clockTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, { message: '应为 HH:MM' });
const workingHours = z
  .strictObject({ from: clockTime, until: clockTime })
  .refine(({ from, until }) => from < until, {
    message: '止时应晚于起时',
    path: ['until'],
  }) satisfies z.ZodType<WorkingHours>;

/** A seat, or `*@level`: the seat of whichever body at that level. */
const seatOfLevel = z
  .string()
  .refine(
    (value): value is SuperiorSeat =>
      keys.parseSeat(value) !== undefined || keys.levels.some((level) => value === `*@${level}`),
    { message: '应写作 机构@层级 或 *@层级' },
  );

const escalation = z.strictObject({
  /** Working days after the due date. */
  afterWorkingDays: z.int().min(1).max(60),
  /** The first that fits and that somebody holds; `*@city`: the same body there. */
  superiors: z
    .array(z.strictObject({ of: seatOfLevel, superior: seatOfLevel }))
    .min(1)
    .max(60),
}) satisfies z.ZodType<Escalation>;

export const policySchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]{1,30}$/),
  version: z.string().regex(/^\d{4}\.\d{1,3}$/),
  title: text(80),
  document: z.strictObject({ title: text(80), number: text(40), date: civilDate }),
  city: z.strictObject({ code: z.string().regex(/^\d{6}$/), name: text(20) }),
  bodies: z.array(
    z.strictObject({
      key: body,
      name: text(20),
      nameEn: text(60),
      levels: z.array(z.enum(keys.levels)).min(1),
    }),
  ),
  areas: z.array(area).min(2),
  /** Every seat that a step may ask for. */
  seats: z.array(seat),
  /** Where an area lacks a body, the seat is held elsewhere, explicitly. */
  seatMappings: z.array(
    z.strictObject({ area: z.string(), seat, heldBy: seat, heldIn: z.string(), note: text(80) }),
  ),
  /** Seats that decide on paper, and who may record the decision (代录). */
  paperSeats: z.array(z.strictObject({ seat, recordedBy: z.array(seat).min(1) })),
  eligibility: z.strictObject({
    completedBy: civilDate,
    landOwnership: z.array(z.enum(['state', 'collective'])).min(1),
    locations: z.array(z.enum(['city', 'county-town', 'other'])).min(1),
  }),
  /** P1.3; `completedBefore` is exclusive: a community completed before that year. */
  goals: z.array(z.strictObject({ completedBefore: z.int(), share: fraction, by: civilDate })).min(1),
  items: z.array(item),
  sources: z.array(fundingSource),
  modes: z.array(financingMode).min(1),
  periods: z.record(z.enum(keys.periodKeys), policyPeriod),
  settlementBands: z.array(z.strictObject({ upTo: fen.optional(), days: z.int().positive() })).min(1),
  ratios: z.record(z.enum(keys.ratioKeys), policyRatio),
  amounts: z.record(z.enum(keys.amountKeys), policyAmount),
  /** Which of the two majorities of 民法典 278 each matter needs. */
  ownersMatters: z.record(z.enum(keys.ownersMatters), z.enum(['owners-ordinary', 'owners-special'])),
  dates: z.strictObject({
    /** The county submits until 24:00 of this day; never moved for a day off (P2.1.4). */
    submissionClose: monthDay,
    /** Joint review ends at 24:00 of this day. */
    reviewClose: monthDay,
  }),
  reminders: z.strictObject({
    /** Calendar days before the close of declaration. */
    declaration: z.array(z.int().positive()).min(1),
    /** Working days before a task's due date; 0 on its day, negative after it. */
    task: z.array(z.int().min(-60).max(60)).max(10),
    /** Nobody is reminded at another time, nor on a day off; at the beginning of the day without. */
    workingHours: workingHours.optional(),
    /** How often a task may be urged on one day (催办); twice by default. */
    urgesADay: z.int().min(1).max(20).optional(),
  }),
  /** Joint decisions that are not all-of; within what the law leaves to the city. */
  assemblies: z.partialRecord(z.enum(keys.jointDecisions), assembly).optional(),
  /** The same person in several tasks: `domain/same-person`. */
  samePerson: z
    .strictObject({
      /** In two seats of one joint decision, where `assemblies` does not say; each task is decided by itself without. */
      jointly: z.enum(samePersonRules).optional(),
      /** In these steps nobody does the task that follows the one they have done. */
      consecutive: z
        .array(z.enum([...keys.steps, 'annual-plan', 'control']))
        .min(1)
        .optional(),
    })
    .optional(),
  /** 升级: who learns of a task that stays undone. Nothing here lets a task decide itself, and no key does. */
  escalation: escalation.optional(),
  /** 经办、审核、签发: whose decisions pass several people; of a body or one of its seats, in all or some steps. */
  signOff: z
    .array(
      z.strictObject({
        for: z.union([seat, body]),
        steps: z
          .array(z.enum([...keys.steps, 'annual-plan', 'control']))
          .min(1)
          .optional(),
        stages: z.array(z.enum(keys.officeRoles)).refine(isInOrder, {
          message: '应由经办 handler 起，至签发 signatory 止，依次不重复',
        }),
      }),
    )
    .optional(),
  documents: z.array(requiredDocument),
  leadingGroup: group,
  returnRights: z.array(
    z.strictObject({ from: z.array(step).min(1), to: z.array(step).min(1), seats: z.array(seat).min(1) }),
  ),
  controlRights: z.array(controlRight),
});

/** What a city has decided, checked. */
export type Policy = z.infer<typeof policySchema>;
/** What a city's file is written as; the same shape. */
export type PolicyFile = z.input<typeof policySchema>;

export type PolicyPeriod = Policy['periods'][keys.PeriodKey];
export type PolicyRatio = Policy['ratios'][keys.RatioKey];
export type FinancingMode = Policy['modes'][number];
export type ReturnRight = Policy['returnRights'][number];
export type ControlRight = Policy['controlRights'][number];
export type PolicyArea = Policy['areas'][number];

/** Thrown when a policy file is malformed, laxer than the law's frame, or refers to what it lacks. */
export class PolicyRefused extends Error {
  constructor(readonly refusals: readonly Refusal[]) {
    super(
      `policy refused: ${refusals
        .map((r) =>
          [r.path, r.messageEn, r.clause && `[${r.clause}]`, r.basis && `(${r.basis})`]
            .filter(Boolean)
            .join(' '),
        )
        .join('; ')}`,
    );
    this.name = 'PolicyRefused';
  }
}

/**
 * The policy of a city's file, checked in full.
 * @throws PolicyRefused with every reason: path, clause and basis.
 */
export function parsePolicy(input: unknown): Policy {
  const shape = policySchema.safeParse(input);
  if (!shape.success) {
    throw new PolicyRefused(
      shape.error.issues.map((issue) => ({
        path: issue.path.join('.'),
        message: `政策文件此处不合格式：${issue.message}`,
        messageEn: `malformed: ${issue.message}`,
      })),
    );
  }
  const refusals = [...floorRefusals(shape.data), ...referenceRefusals(shape.data)];
  if (refusals.length > 0) throw new PolicyRefused(refusals);
  return shape.data;
}
