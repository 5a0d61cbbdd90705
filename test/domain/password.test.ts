import fc from 'fast-check';
import { passwordRefusals } from '../../domain/password';

describe('P1.4: a password that a guesser tries first is refused:', () => {
  test.each([
    'Password1234',
    'P@ssw0rd2026',
    'p@ssw0rd!!!!',
    'Admin@123456',
    'admin1234567890',
    'administrator',
    'Administrator2026!',
    'welcome12345',
    'qwertyuiop12',
    '1qaz2wsx3edc',
    '1q2w3e4r5t6y',
    'zaq12wsxcde3',
    'asdfghjkl123',
    '123456789012',
    '210987654321',
    'aaaaaaaaaaaa',
    'abcabcabcabc',
    '111111222222',
    'passwordpassword',
    'woaini1314520',
    'woaini520520',
    'iloveyou1234',
    'abcdefghijkl',
    'letmein123456',
    'Linyi@123456',
    'zhujianju2026',
    'abcd1234abcd1234',
    'qwer1234!@#$',
  ])('%s', (password) => {
    expect(passwordRefusals(password, 'li.na')).toHaveLength(1);
  });

  test.each([
    ['li.na', 'xx-li.na-2749-yy'],
    ['LiNa', 'myLINAisgreat9'],
    ['zhangwei', 'iewgnahz-7391-q'],
  ])('the user name %s in %s', (username, password) => {
    expect(passwordRefusals(password, username)[0]?.message).toBe('口令不得包含用户名');
  });
});

describe('a password that is long and of one’s own is accepted:', () => {
  test.each([
    'a long enough password',
    'another long password',
    'twelve or more',
    'correct horse battery staple',
    '春眠不觉晓处处闻啼鸟夜来风雨',
    'Teapot-kettle-81-rain',
    'xK7#pQ2vL9mZ',
  ])('%s', (password) => {
    expect(passwordRefusals(password, 'li.na')).toEqual([]);
  });

  test('whatever 24 random characters are', () => {
    const letters = [...'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'];
    const random = fc.array(fc.constantFrom(...letters), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(
        random.filter((all) => new Set(all).size > 12),
        (all) => {
          expect(passwordRefusals(all.join(''), 'administrator')).toEqual([]);
        },
      ),
    );
  });
});

test('no text makes the rules slow', () => {
  const before = performance.now();
  for (const text of ['a'.repeat(256), 'ab'.repeat(128), '1qaz'.repeat(64), 'pass'.repeat(64)])
    passwordRefusals(text, 'li.na');
  expect(performance.now() - before).toBeLessThan(500);
});
