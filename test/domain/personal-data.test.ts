import fc from 'fast-check';
import { actKinds, taskKinds } from '../../domain/forms';
import {
  holdsPersonalNumber,
  maskedContact,
  maskedName,
  personalDataRefusals,
} from '../../domain/personal-data';

// Made up (样例): nobody's numbers.
const MOBILE = '13800001234';
const IDENTITY = '371302190002301234';

describe('a telephone or identity number', () => {
  test.each([
    MOBILE,
    `请联系${MOBILE}。`,
    '138 0000 1234',
    '138-0000-1234',
    '+86 13800001234',
    '１３８００００１２３４',
    IDENTITY,
    '37130219000230123X',
    '371302 19000230 123x',
    `样例某（${IDENTITY}）`,
  ])('%s is found', (text) => expect(holdsPersonalNumber(text)).toBe(true));

  test.each([
    '临建发〔2027〕12号',
    '371302-2028-0042',
    '2028-03-15至2028-04-15',
    '0539-8000000',
    '投资13800001234567元',
    '91371302MA3C00000X',
    'SDGP371302000202800001',
    '3f2504e0-4f89-41d3-9a0c-013800001234',
    'a13800001234'.padEnd(64, 'b'),
    '',
  ])('%s is none', (text) => expect(holdsPersonalNumber(text)).toBe(false));

  test('is refused wherever in a form it stands, with its path, and nothing else of the form is', () => {
    const form = {
      answers: [{ answer: '已说明' }, { answer: `已致电 ${MOBILE}` }],
      place: IDENTITY,
      n: 13_800_001_234,
    };
    const found = personalDataRefusals(form, '', 'P2.1.3');
    expect(found.map(({ path, clause }) => [path, clause])).toEqual([
      ['answers.1.answer', 'P2.1.3'],
      ['place', 'P2.1.3'],
    ]);
    expect(JSON.stringify(found)).not.toMatch(/1380000|37130219/);
  });
});

test('P5.1.2: no kind of task and no act takes a telephone number in a text', () => {
  const all = { ...taskKinds, ...actKinds } as unknown as Record<
    string,
    { rules?: (...args: unknown[]) => unknown[] }
  >;
  for (const [name, kind] of Object.entries(all)) {
    expect([name, kind.rules?.({ remarks: MOBILE }, {}, {})]).toEqual([
      name,
      [expect.objectContaining({ path: 'remarks' })],
    ]);
  }
});

describe('what is shown of personal data', () => {
  test.each([
    ['样例', '样*'],
    ['样例甲', '样**'],
    ['样', '样*'],
    ['样例甲乙丙', '样**'],
    [' 样例 ', '样*'],
  ])('of the name %s only %s', (name, shown) => expect(maskedName(name)).toBe(shown));

  test.each([
    [MOBILE, '138****1234'],
    ['138 0000 1234', '138****1234'],
    [IDENTITY, '3713**********1234'],
    ['0539-8000000', '0****'],
    ['weixin-sample', 'w****'],
    [`样例 ${MOBILE} 晚上`, '样****'],
  ])('of the contact %s only %s', (contact, shown) => expect(maskedContact(contact)).toBe(shown));

  test('never more than eight characters of a contact and one of a name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        expect([...maskedContact(text)].filter((one) => one !== '*').length).toBeLessThanOrEqual(8);
        expect([...maskedName(text)].filter((one) => one !== '*').length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
