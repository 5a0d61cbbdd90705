import { linyi } from '../../policy/linyi';
import { parsePolicy, PolicyRefused, type Policy } from '../../policy/schema';

function pathsOf(change: Partial<Record<keyof Policy | 'unknown', unknown>>): (string | undefined)[] {
  try {
    parsePolicy({ ...linyi, ...change });
  } catch (error) {
    if (error instanceof PolicyRefused) return error.refusals.map(({ path }) => path);
    throw error;
  }
  return [];
}

test('P-A2: a list that lacks an item, or has one twice, is refused', () => {
  expect(pathsOf({ items: linyi.items.slice(1) })).toEqual(['items']);
  expect(pathsOf({ items: [...linyi.items, linyi.items[0]] })).toEqual(['items']);
});

test('P1.2: an item in another class than annex 2 gives it is refused', () => {
  expect(
    pathsOf({ items: linyi.items.map((item) => (item.no === 20 ? { ...item, class: 'basic' } : item)) }),
  ).toEqual(['items.19.class']);
});

test('P5.1.2: a consulted body without a seat is refused', () => {
  expect(pathsOf({ seats: linyi.seats.filter((seat) => seat !== 'fire-rescue@county') })).toEqual([
    'items.11.consulted',
  ]);
});

test('P2.1.2: an operator without a seat is refused', () => {
  const seats = linyi.seats.filter((seat) => seat !== 'gas@operator');
  expect(pathsOf({ seats })).toEqual(['items.3.operators']);
});

test('P1.4: a seat of a body at a level where it does not exist is refused', () => {
  expect(pathsOf({ seats: [...linyi.seats, 'subdistrict@city'] })).toEqual([`seats.${linyi.seats.length}`]);
  expect(pathsOf({ seats: [...linyi.seats, 'nobody@city'] })).toEqual([`seats.${linyi.seats.length}`]);
});

test('P1.4: who may record from paper, return or control must be a listed seat', () => {
  const seats = linyi.seats.filter((seat) => seat !== 'government@city');
  expect(pathsOf({ seats })).toContain('paperSeats.0.seat');
});

test('an area that a mapping names must exist', () => {
  const seatMappings = linyi.seatMappings.map((mapping, i) =>
    i === 0 ? { ...mapping, area: '379999' } : mapping,
  );
  expect(pathsOf({ seatMappings })).toEqual(['seatMappings.0']);
});

test('the same area, source or financing mode twice is refused', () => {
  expect(pathsOf({ areas: [...linyi.areas, linyi.areas[1]] })).toEqual(['areas']);
  expect(pathsOf({ modes: [...linyi.modes, linyi.modes[0]] })).toEqual(['modes']);
  expect(pathsOf({ sources: linyi.sources.slice(0, -1) })).toEqual(['sources']);
});

test('every act of control must belong to somebody', () => {
  expect(pathsOf({ controlRights: linyi.controlRights.filter(({ act }) => act !== 'suspend') })).toEqual([
    'controlRights',
  ]);
});

test('unknown fields, wrong types and impossible dates are refused with their path', () => {
  expect(pathsOf({ unknown: 1 })).toEqual(['']);
  expect(pathsOf({ version: 7 })).toEqual(['version']);
  expect(pathsOf({ document: { ...linyi.document, date: '2020-02-30' } })).toEqual(['document.date']);
  expect(pathsOf({ dates: { ...linyi.dates, submissionClose: '09-31' } })).toEqual(['dates.submissionClose']);
  expect(
    pathsOf({ periods: { ...linyi.periods, default: { ...linyi.periods.default, length: { weeks: 2 } } } }),
  ).toEqual(['periods.default.length']);
});

test('P3.5: a further financing mode is added by configuration alone', () => {
  const own = {
    key: 'rent-to-renovate',
    name: '以租养改模式',
    nameEn: 'renovation paid by rents',
    clause: 'P3.5',
    selfBalancing: true,
    members: 'none',
    needsOneOf: ['society-capital'],
  };
  expect(parsePolicy({ ...linyi, modes: [...linyi.modes, own] }).modes.at(-1)).toEqual(own);
});

describe('P1.4: sign-off inside an organisation', () => {
  const stages = ['handler', 'section-chief', 'signatory'];

  test('of a body or one of its seats, in all or some steps, from the handler to the signatory', () => {
    expect(pathsOf({ signOff: [{ for: 'housing', stages }] })).toEqual([]);
    const some = { for: 'finance@county', steps: ['scheme-review'], stages: ['handler', 'signatory'] };
    expect(pathsOf({ signOff: [some] })).toEqual([]);
  });

  test('stages out of order, doubled or without a signatory are refused, and seats that are not listed', () => {
    for (const wrong of [
      ['signatory'],
      ['handler'],
      ['signatory', 'handler'],
      ['handler', 'section-chief'],
      [],
    ]) {
      expect(pathsOf({ signOff: [{ for: 'housing', stages: wrong }] })).toEqual(['signOff.0.stages']);
    }
    expect(pathsOf({ signOff: [{ for: 'finance@market', stages }] })).toEqual(['signOff.0.for.0']);
  });

  test('a seat that decides on paper has no stages', () => {
    expect(pathsOf({ signOff: [{ for: 'government@city', stages }] })).toEqual(['signOff.0.for']);
    expect(pathsOf({ signOff: [{ for: 'power', stages }] })).toEqual(['signOff.0.for']);
  });
});
