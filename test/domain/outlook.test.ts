import { forecast, type ForecastBasis, type Running } from '../../domain/outlook/forecast';
import { OUTCOMES } from '../../domain/outlook/outcomes';
import { holidayCalendar } from '../../policy/holidays';
import { steps } from '../../policy/keys';
import { linyi } from '../../policy/linyi';

const basis: ForecastBasis = {
  calendar: holidayCalendar,
  today: '2026-03-02',
  periods: linyi.periods,
  closes: {},
};
const running = (change: Partial<Running> & Pick<Running, 'step'>): Running => ({
  openedOn: '2026-03-02',
  provisional: false,
  suspended: false,
  ...change,
});
const untilOf = (found: ReturnType<typeof forecast>) =>
  Object.fromEntries(found.map(({ step, until }) => [step, until]));

test('every step but the first is where an ordinary outcome leads, and every way ends with the project', () => {
  const reached = new Set(Object.values(OUTCOMES).flatMap(([first]) => first.steps ?? []));
  // Only what nobody has shown yet is shown; so the notice is not skipped.
  expect(steps.filter((step) => !reached.has(step))).toEqual(['needs-collection']);
  const ends = steps.filter((step) => OUTCOMES[step][0].end !== undefined);
  expect(ends).toEqual(['final-accounts', 'archiving', 'property-management']);
});

test('P2.1.3: the steps that are left follow each other with the policy’s periods, in working days', () => {
  const found = forecast([running({ step: 'public-notice' })], basis);
  expect(untilOf(found)).toMatchObject({
    // Five working days of notice, and five to answer.
    'public-notice': '2026-03-16',
    'county-submission': '2026-03-30',
    // Qingming lies between.
    'joint-review': '2026-04-28',
  });
  expect(found[0]).toMatchObject({
    state: 'running',
    periods: [{ key: 'public-notice' }, { key: 'objection-answer' }],
  });
  expect(found.map(({ step }) => step)).not.toContain('preliminary-plan');
});

test('a running step is not over before what is due in it, nor before today', () => {
  const until = (change: Partial<Running>, today = '2026-03-02') =>
    forecast([running({ step: 'archiving', openedOn: '2025-06-02', ...change })], { ...basis, today })[0]
      ?.until;
  expect(until({ dueOn: '2026-04-01' })).toBe('2026-04-01');
  expect(until({ dueOn: '2025-12-01' })).toBe('2026-03-02');
});

test('P2.1.4: nothing is reviewed before the day on which the year’s submissions close', () => {
  const closes = { 'county-submission': '2026-09-30', 'joint-review': '2026-11-30' };
  const found = forecast([running({ step: 'county-submission' })], { ...basis, closes });
  expect(untilOf(found)).toMatchObject({ 'county-submission': '2026-09-30', 'joint-review': '2026-11-30' });
});

test('how long the works take is said in no policy: from there on lengths are known and dates are not', () => {
  const found = forecast([running({ step: 'tendering' })], basis);
  const construction = found.find(({ step }) => step === 'construction');
  expect(construction).toMatchObject({ workAsAgreed: true, state: 'expected' });
  expect(construction?.from).toBe(untilOf(found)['tendering']);
  expect(untilOf(found)).toMatchObject({ construction: undefined, archiving: undefined });
  expect(found.find(({ step }) => step === 'archiving')?.periods).toMatchObject([{ length: { months: 3 } }]);
});

test('after acceptance three steps run side by side, and property management after the handover', () => {
  const found = forecast([running({ step: 'completion-acceptance' })], basis);
  const from = Object.fromEntries(found.map((one) => [one.step, one.from]));
  const accepted = untilOf(found)['completion-acceptance'];
  expect(from).toMatchObject({ 'final-accounts': accepted, archiving: accepted, handover: accepted });
  expect(from['property-management']).toBe(untilOf(found)['handover']);
});

test('while a project is suspended nobody says until when; a year without holidays makes it provisional', () => {
  const stopped = forecast([running({ step: 'handover', suspended: true })], basis);
  expect(untilOf(stopped)).toEqual({ handover: undefined, 'property-management': undefined });
  const later = forecast([running({ step: 'handover', openedOn: '2027-03-01' })], {
    ...basis,
    today: '2027-03-01',
  });
  expect(later.map(({ provisional }) => provisional)).toEqual([true, true]);
});
