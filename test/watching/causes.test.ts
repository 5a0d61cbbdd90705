import { defaultPayloadConverter } from '@temporalio/common';
import { causesIn, withCauses } from '../../watching/causes';

const cause = (n: number): string => `00-${n.toString(16).padStart(32, '0')}-00000000000000ff-01`;
const sent = (value: unknown) => ({ traceparents: defaultPayloadConverter.toPayload(value) });

test('what is put into headers is found there again, beside what was there', () => {
  const headers = withCauses({ other: defaultPayloadConverter.toPayload(1) }, [cause(1), cause(2)]);
  expect(causesIn(headers)).toEqual([cause(1), cause(2)]);
  expect(Object.keys(headers)).toEqual(['other', 'traceparents']);
});

test('where nobody traces the headers are the very same', () => {
  const headers = {};
  expect(withCauses(headers, [])).toBe(headers);
});

test('more than eight are not carried, whoever sends them', () => {
  const many = Array.from({ length: 20 }, (_, n) => cause(n));
  expect(causesIn(withCauses({}, many))).toHaveLength(8);
  expect(causesIn(sent(many))).toHaveLength(8);
});

test.each([
  ['nothing', undefined],
  ['no list', sent(cause(1))],
  ['something else in the list', sent([7, null, { a: 1 }, 'x', `${cause(1)}x`, '01-0-0-0'])],
  [
    'no JSON',
    { traceparents: { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{') } },
  ],
  [
    'an unknown encoding',
    { traceparents: { metadata: { encoding: Buffer.from('x') }, data: Buffer.from('y') } },
  ],
  ['an empty payload', { traceparents: {} }],
])('a header that anybody may have sent, holding %s, is no cause and no error', (_what, headers) => {
  expect(causesIn(headers)).toEqual([]);
});
