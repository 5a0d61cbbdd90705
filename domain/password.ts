import { refusal, type Refusal } from './refusal';

/**
 * What a password must be, beside at least twelve characters (the forms say that): not what a guesser tries first.
 * No rules of composition: they make passwords that people write down and guessers know.
 */
const BASIS = 'GB/T 22239-2019 8.1.4.1 身份鉴别';

/** How many of a user's own passwords, the present one included, a new one must differ from. */
export const REMEMBERED_PASSWORDS = 5;

/** Beginnings of lists of leaked passwords: words around which digits and signs are put. */
const WORDS: ReadonlySet<string> = new Set(
  (
    'password passwort passwords passphrase pass admin administrator root system superuser manager guest test tester testing ' +
    'user username login welcome letmein changeme default temp temporary secret master server database oracle ' +
    'abc abcd abcde abcdef abcdefg aaa qqq www asd asdf asdfg asdfgh asdfghjkl zxc zxcv zxcvb zxcvbn zxcvbnm qaz ' +
    'qazwsx qazwsxedc wsx qwe qwer qwert qwerty qwertyui qwertyuiop qweasd qweasdzxc zaqwsx iloveyou loveyou love ' +
    'sunshine princess monkey dragon football baseball superman batman michael charlie jordan shadow hello freedom ' +
    'whatever trustno computer internet google apple huawei xiaomi microsoft windows linux china beijing shanghai ' +
    'shandong linyi linyishi woaini woaiwo woaiwojia woaiwoziji wodemima mima mimamima nihao zhongguo xiaoqu laojiu ' +
    'laojiuxiaoqu jiugai gaizao zhujian zhujianju zhengfu taobao tencent weixin wangyi baidu alibaba dearbook a s d q z'
  ).split(' '),
);

/** Neighbours on a keyboard and in the order of things; also read backwards. */
const RUNS: readonly string[] = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '1q2w3e4r5t6y7u8i9o0p',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '!@#$%^&*()_+',
];
const SHORTEST_RUN = 4;
/** After its runs and repetitions have been taken out, this many characters must be left to guess. */
const FEWEST_LEFT = 5;
/** A date or a number beside common words hides nothing. */
const MOST_DIGITS = 8;

/** @param password at least twelve characters, as its form asks */
export function passwordRefusals(password: string, username: string): Refusal[] {
  const plain = password.toLowerCase();
  const name = username.toLowerCase();
  if (plain.includes(name) || (name.length >= 4 && plain.includes([...name].reverse().join('')))) {
    return [refused('口令不得包含用户名', 'The password contains the user name')];
  }
  if (isGuessedFirst(plain)) {
    return [
      refused(
        '口令过于常见，请避免常用词、连续或重复的字符',
        'The password is a common one: avoid usual words, rows of keys and repetitions',
      ),
    ];
  }
  return [];
}

/** A new password that was the user's own before. */
export function reusedPassword(): Refusal {
  return refused(
    `不得使用最近 ${REMEMBERED_PASSWORDS} 次用过的口令`,
    `One of your last ${REMEMBERED_PASSWORDS} passwords`,
  );
}

function refused(zh: string, en: string): Refusal {
  return refusal(zh, en, { path: 'password', basis: BASIS });
}

function isGuessedFirst(plain: string): boolean {
  const core = withoutRuns(withoutRepetition(plain));
  if (core.length < FEWEST_LEFT) return true;
  const text = unmasked(core);
  const words = text.split(/[^a-z]+/).filter((word) => word !== '');
  const digits = text.replaceAll(/[^0-9]/g, '');
  return words.length > 0 && words.every(isKnown) && digits.length <= MOST_DIGITS;
}

/** A common word, or two or three of them written together. */
function isKnown(word: string): boolean {
  if (WORDS.has(word)) return true;
  for (let cut = 3; cut <= word.length - 3; cut += 1) {
    if (WORDS.has(word.slice(0, cut)) && isKnown(word.slice(cut))) return true;
  }
  return false;
}

const MASKS: Readonly<Record<string, string>> = { '@': 'a', $: 's', '0': 'o', '1': 'l', '3': 'e', '4': 'a' };

/** p@ssw0rd is password. Signs and digits at the ends are not letters in disguise. */
function unmasked(text: string): string {
  return text.replaceAll(/(?<=[a-z@$])[@$0134](?=[a-z@$])/g, (mask) => MASKS[mask] ?? mask);
}

/** `abcabcabcabc` is `abc`, `aaaab` is `ab`. */
function withoutRepetition(text: string): string {
  return text.replaceAll(/(.{1,6}?)\1{2,}/gu, '$1').replaceAll(/^(.{3,})\1$/gu, '$1');
}

/** Takes out every stretch of four or more that goes along a row, forwards or backwards. */
function withoutRuns(text: string): string {
  let left = '';
  for (let at = 0; at < text.length;) {
    const length = runAt(text, at);
    if (length < SHORTEST_RUN) left += text[at];
    at += length < SHORTEST_RUN ? 1 : length;
  }
  return left;
}

function runAt(text: string, at: number): number {
  let longest = 0;
  for (const row of RUNS) {
    for (const line of [row, [...row].reverse().join('')]) {
      let length = SHORTEST_RUN;
      while (at + length <= text.length && line.includes(text.slice(at, at + length))) length += 1;
      longest = Math.max(longest, length - 1);
    }
  }
  return longest;
}
