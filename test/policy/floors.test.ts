import * as fc from 'fast-check';
import type { Period } from '../../domain/calendar';
import { periodKeys, ratioKeys, type PeriodKey, type RatioKey } from '../../policy/keys';
import { legalPeriods, legalRatios, type Fraction } from '../../policy/law';
import { linyi } from '../../policy/linyi';
import { parsePolicy, PolicyRefused, type Policy } from '../../policy/schema';

function refusalsOf(
  input: unknown,
): readonly { path?: string; clause?: string; basis?: string; message: string }[] {
  try {
    parsePolicy(input);
  } catch (error) {
    if (error instanceof PolicyRefused) return error.refusals;
    throw error;
  }
  return [];
}

function withPeriod(key: PeriodKey, change: Partial<Policy['periods'][PeriodKey]>): unknown {
  return { ...linyi, periods: { ...linyi.periods, [key]: { ...linyi.periods[key], ...change } } };
}

function withRatio(key: RatioKey, value: Fraction): unknown {
  return { ...linyi, ratios: { ...linyi.ratios, [key]: { ...linyi.ratios[key], value } } };
}

const shift = (period: Period, by: number): Period =>
  Object.fromEntries(
    Object.entries(period).map(([unit, n]) => [unit, (n as number) + by]),
  ) as unknown as Period;

test('P2.1.3: a notice of four working days is refused, with the clause and the basis named', () => {
  expect(refusalsOf(withPeriod('public-notice', { length: { workingDays: 4 } }))).toEqual([
    expect.objectContaining({
      path: 'periods.public-notice.length',
      clause: 'P2.1.3',
      basis: '临政办字〔2020〕81号 二(一)3',
    }),
  ]);
});

test('P2.1.3: a notice of seven working days is stricter and accepted', () => {
  expect(refusalsOf(withPeriod('public-notice', { length: { workingDays: 7 } }))).toEqual([]);
});

test('P2.1.3: a notice of seven calendar days is refused: it may hold fewer than five working days', () => {
  expect(refusalsOf(withPeriod('public-notice', { length: { days: 7 } }))).toHaveLength(1);
});

test('a file cannot lower its own floor, nor turn a minimum into a maximum', () => {
  const lowered = refusalsOf(
    withPeriod('public-notice', { floor: { workingDays: 1 }, length: { workingDays: 2 } }),
  );
  expect(lowered.map(({ path }) => path)).toEqual([
    'periods.public-notice.length',
    'periods.public-notice.floor',
  ]);
  expect(refusalsOf(withPeriod('public-notice', { bound: 'maximum' })).map(({ path }) => path)).toEqual([
    'periods.public-notice.bound',
  ]);
});

test.each(periodKeys.filter((key) => legalPeriods[key].floor))(
  '%s: one unit below the floor is refused',
  (key) => {
    const floor = legalPeriods[key].floor as Period;
    const refused = refusalsOf(withPeriod(key, { length: shift(floor, -1) }));
    expect(refused).toEqual([
      expect.objectContaining({ clause: legalPeriods[key].clause, basis: legalPeriods[key].basis }),
    ]);
    expect(refusalsOf(withPeriod(key, { length: shift(floor, 1) }))).toEqual([]);
  },
);

test.each(periodKeys.filter((key) => legalPeriods[key].ceiling))(
  '%s: one unit above the ceiling is refused',
  (key) => {
    const ceiling = legalPeriods[key].ceiling as Period;
    const refused = refusalsOf(withPeriod(key, { length: shift(ceiling, 1) }));
    expect(refused).toEqual([
      expect.objectContaining({ clause: legalPeriods[key].clause, basis: legalPeriods[key].basis }),
    ]);
    expect(refusalsOf(withPeriod(key, { length: shift(ceiling, -1) }))).toEqual([]);
  },
);

test('a share is refused exactly when it is laxer than the law allows', () => {
  const fraction = fc
    .integer({ min: 1, max: 60 })
    .chain((denominator) =>
      fc.integer({ min: 0, max: denominator }).map((numerator) => ({ numerator, denominator })),
    );
  fc.assert(
    fc.property(fc.constantFrom(...ratioKeys), fraction, (key, value) => {
      const { floor, ceiling, clause } = legalRatios[key];
      const real = value.numerator / value.denominator;
      const lax =
        (floor !== undefined && real < floor.numerator / floor.denominator - 1e-9) ||
        (ceiling !== undefined && real > ceiling.numerator / ceiling.denominator + 1e-9);
      const refused = refusalsOf(withRatio(key, value));
      expect(refused.length > 0).toBe(lax);
      for (const one of refused) expect(one.clause).toBe(clause);
    }),
  );
});

test('P2.3.3: tendering may be required below 4 million yuan, not only above it', () => {
  const withWorks = (fen: number) => ({
    ...linyi,
    amounts: { ...linyi.amounts, 'tender-works': { ...linyi.amounts['tender-works'], fen } },
  });
  expect(refusalsOf(withWorks(400_000_001))).toEqual([
    expect.objectContaining({ path: 'amounts.tender-works.fen', clause: 'P2.3.3' }),
  ]);
  expect(refusalsOf(withWorks(300_000_000))).toEqual([]);
});

test('P2.1.4: a close after 30 September is refused, an earlier one accepted', () => {
  const closing = (submissionClose: string) => ({ ...linyi, dates: { ...linyi.dates, submissionClose } });
  expect(refusalsOf(closing('10-08'))).toEqual([
    expect.objectContaining({ path: 'dates.submissionClose', clause: 'P2.1.4' }),
  ]);
  expect(refusalsOf(closing('09-20'))).toEqual([]);
});

test('P2.4.3: settlement bands that take longer than the law at any amount are refused', () => {
  const banded = (settlementBands: unknown) => refusalsOf({ ...linyi, settlementBands });
  expect(banded([{ upTo: 600_000_000, days: 20 }, { upTo: 2_000_000_000, days: 30 }, { days: 45 }])).toEqual(
    [],
  );
  expect(banded([{ days: 30 }])).toEqual([
    expect.objectContaining({ path: 'settlementBands', clause: 'P2.4.3' }),
  ]);
  expect(banded([{ upTo: 500_000_000, days: 20 }])).toHaveLength(1);
  expect(
    banded([{ upTo: 500_000_000, days: 20 }, { upTo: 400_000_000, days: 20 }, { days: 20 }]),
  ).toHaveLength(1);
});
