import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Store } from '../../store/connect';
import type { OrganisationRow } from '../../store/organisations';
import type { FieldError } from '../http/invalid';
import type { Language } from '../http/language';
import { at, entriesOf, linesOf, listedTwice, severalIn, type Line, type TableShape } from '../tables/csv';
import type { Examined } from '../tables/import';
import { userFields, userRefusals } from './rights';

/** Users as a table: one line a person, with the offices and the part in each. */

const HEADINGS = {
  username: ['用户名', '账号', 'username'],
  displayName: ['姓名', 'displayName'],
  email: ['邮箱', '电子邮箱', 'email'],
  seats: ['单位', '单位编号', 'organisation'],
  roles: ['角色', 'role'],
  systemRole: ['管理员', 'systemRole'],
} as const;

const ROLES: Readonly<Record<string, string>> = {
  经办: 'handler',
  科室负责人: 'section-chief',
  签发: 'signatory',
};
const SYSTEM_ROLES: Readonly<Record<string, string>> = {
  系统管理员: 'system',
  安全管理员: 'security',
  审计管理员: 'audit',
};

export const USER_TABLE: TableShape = {
  headings: HEADINGS,
  ignored: ['序号', '备注'],
  // Each password is hashed slowly, by design.
  mostRows: 500,
  expected: {
    username: {
      zh: '应为字母、数字、点、下划线或连字符，3–64 位',
      en: 'Letters, digits, dot, underscore, hyphen; 3–64',
    },
    email: { zh: '应为一个电子邮箱地址', en: 'One e-mail address' },
    seats: {
      zh: '单位或角色不对：单位填名称或编号，角色为经办、科室负责人、签发',
      en: 'Organisations by name or number; roles 经办, 科室负责人, 签发',
    },
    systemRole: { zh: '应为系统管理员、安全管理员或审计管理员', en: '系统管理员, 安全管理员 or 审计管理员' },
  },
  valueOf(column, cell) {
    if (column === 'seats') return severalIn(cell);
    if (column === 'roles') return severalIn(cell).map((name) => ROLES[name] ?? name);
    return column === 'systemRole' ? (SYSTEM_ROLES[cell] ?? cell) : cell;
  },
};

const entry = z.strictObject(userFields);
export type UserEntry = z.infer<typeof entry>;

/**
 * Holds a table against every rule. Nobody who is there already is changed by a table.
 * @throws InvalidRequest for what is no such table
 */
export async function examineUsers(
  text: string,
  { store, language }: { store: Store; language: Language },
): Promise<Examined & { listed: { line: number; entry: UserEntry }[] }> {
  const rows = await store.organisations.model.find({}, { name: 1 }).lean<OrganisationRow[]>();
  const seated = linesOf(text, USER_TABLE).map((line) => withSeats(line, rows));
  const { listed, errors } = entriesOf(seated, entry, { ...USER_TABLE, language });
  const known = new Set(rows.map(({ _id }) => _id));
  const taken = await store.users.model
    .find({ username: { $in: listed.map(({ entry: { username } }) => username) } }, { username: 1 })
    .lean<{ username: string }[]>();
  const names = new Set(taken.map(({ username }) => username));
  const twice = { path: 'username', message: { zh: '用户名重复', en: 'Listed twice' } };
  return {
    listed,
    rows: listed.map(({ line, entry: { username } }) => ({ line, name: username, outcome: 'created' })),
    errors: [
      ...seated.flatMap(({ errors: own }) => own),
      // The part somebody has in an office stands in a column of its own.
      ...errors.map((one) => ({ ...one, path: one.path.replace(/seats\.\d+\.role$/, 'roles') })),
      ...listedTwice(listed, ({ username }) => username, twice),
      ...listed.flatMap(({ line, entry: { username } }) =>
        names.has(username) ? [at(line, { path: 'username', message: TAKEN })] : [],
      ),
    ],
    refusals: listed.flatMap(({ line, entry: user }) =>
      userRefusals(rightsOf(user), known).map((one) => at(line, one)),
    ),
  };
}

/** As the store keeps them. */
export function rightsOf({ seats, systemRole: role }: Pick<UserEntry, 'seats' | 'systemRole'>) {
  return { seats, ...(role === undefined ? {} : { systemRole: role }) };
}

const TAKEN = { zh: '用户名已被使用', en: 'The user name is taken' };
const UNEVEN = {
  zh: '角色应只有一个（各单位相同），或与单位一一对应',
  en: 'Give one role for all organisations, or one for each',
};

/** 单位“甲；乙”和角色“经办；签发”，一一对应 → seats; an organisation by its number or its name. */
function withSeats(
  { line, raw }: Line,
  rows: readonly Pick<OrganisationRow, '_id' | 'name'>[],
): Line & { errors: FieldError[] } {
  const { seats: offices = [], roles = [], ...rest } = raw as { seats?: string[]; roles?: string[] };
  const uneven = roles.length > 1 && roles.length !== offices.length;
  const numberOf = (office: string): string => {
    const called = rows.filter(({ name }) => name === office);
    return called.length === 1 ? (called[0]?._id ?? office) : office;
  };
  const seats = offices.map((office, index) => ({
    organisation: numberOf(office),
    role: roles[index] ?? roles[0],
  }));
  const errors = uneven ? [at(line, { path: 'roles', message: UNEVEN })] : [];
  return { line, raw: { ...rest, seats }, errors };
}

/** Without look-alikes: it is read from paper once. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 16;

/** A first password, some 90 bits; it must be changed at log-in. */
export function initialPassword(): string {
  return Array.from({ length: LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}
