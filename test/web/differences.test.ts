import { differences } from '../../web/src/task/differences';

/** Where something differs, by names and rows' own keys. */
const found = (was: unknown, is: unknown): unknown[] =>
  differences(was, is).map(({ path, ...rest }) => ({
    at: path.map((part) => (typeof part === 'string' ? part : Object.values(part.row)[0])).join('.'),
    ...rest,
  }));

test('only what differs is told, however deep, and the policy of the moment is not compared', () => {
  const was = { budgetFen: 1, place: { name: '南门', posted: true }, policy: { version: 1 } };
  expect(found(was, { ...was, policy: { version: 2 } })).toEqual([]);
  expect(found(was, { ...was, budgetFen: 2, place: { name: '北门', posted: true } })).toEqual([
    { at: 'budgetFen', was: 1, is: 2 },
    { at: 'place.name', was: '南门', is: '北门' },
  ]);
});

test('a row of a list is compared with its like, wherever it stands now', () => {
  const [city, county, residents] = [
    { source: 'city', amountFen: 1 },
    { source: 'county', amountFen: 2 },
    { source: 'residents', amountFen: 3 },
  ];
  expect(found({ funding: [city, county] }, { funding: [county, city] })).toEqual([]);
  expect(found({ funding: [city, county] }, { funding: [residents, { ...county, amountFen: 5 }] })).toEqual([
    { at: 'funding.city', was: city, is: undefined },
    { at: 'funding.county.amountFen', was: 2, is: 5 },
    { at: 'funding.residents', was: undefined, is: residents },
  ]);
});

test('rows without a key of their own are compared by their place, and lists of words as a whole', () => {
  expect(found([{ n: 1 }, { n: 1 }], [{ n: 1 }, { n: 2 }])).toEqual([{ at: '2.n', was: 1, is: 2 }]);
  expect(found({ items: ['供水'] }, { items: ['供水', '供电'] })).toEqual([
    { at: 'items', was: ['供水'], is: ['供水', '供电'] },
  ]);
});
