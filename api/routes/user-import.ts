import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../domain/problems';
import type { Context } from '../context';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import { dryRun, dryRunParam, importing, requireFaultless, tableIn } from '../tables/import';
import { newUserRow } from '../users/new-user';
import { examineUsers, initialPassword, USER_TABLE, type UserEntry } from '../users/table';
import { imported } from './user-views';

type Imported = z.infer<typeof imported>;

/** Passwords are hashed so many at a time: each takes 19 MiB. */
const AT_ONCE = 4;

const placeOfPassword = (id: string): string => `users/${id}/initial-password`;

/** Many users of one table, each with a first password that is told once. */
export function userImportOperations(context: Context): AnyOperation[] {
  const { store, fieldSeal } = context;

  async function writeAll(listed: readonly { line: number; entry: UserEntry }[]): Promise<Imported> {
    const users = listed.map(({ line, entry: { username } }) => {
      return { line, id: randomUUID(), username, password: initialPassword() };
    });
    const rows: Awaited<ReturnType<typeof newUserRow>>[] = [];
    for (let from = 0; from < listed.length; from += AT_ONCE) {
      const some = listed.slice(from, from + AT_ONCE).map(({ entry }, index) => {
        const { id = '', password = '' } = users[from + index] ?? {};
        return newUserRow(context, id, entry, password);
      });
      rows.push(...(await Promise.all(some)));
    }
    await store.connection.transaction((session) =>
      store.users.model.insertMany(rows, { session, ordered: true }).then(() => undefined),
    );
    return { created: users.length, users };
  }

  const each = (answer: Imported, change: (id: string, password: string) => string): Imported => ({
    ...answer,
    users: answer.users.map((user) => ({ ...user, password: change(user.id, user.password) })),
  });

  return [
    operation({
      method: 'post',
      path: '/users/import',
      name: 'importUsers',
      tag: 'administration',
      summary: '导入用户（CSV，UTF-8），全部成功或全部不变；初始密码只显示一次',
      description:
        '列：用户名、姓名、邮箱、单位（名称或编号，以；分隔）、角色（经办/科室负责人/签发；一个，或与单位一一对应）、管理员（系统管理员/安全管理员/审计管理员）。已登记的用户不由导入更改。',
      access: 'users:create',
      query: z.strictObject(dryRunParam),
      slow: true,
      ...importing(imported),
      problems: ['already-exists', 'rule-violated'],
      handle: async ({ caller, query, language, request, idempotencyKey: key }) => {
        const text = await tableIn(request);
        const examine = () => examineUsers(text, { store, language });
        if (query.dryRun) return { status: 200, body: await dryRun(examine, USER_TABLE, language) };
        const target = 'POST /users/import';
        // The first answer is remembered for a day; the passwords in it only sealed.
        const answer = await once(store, { user: caller.user, key, target, body: { text } }, async () => {
          const examined = await examine();
          requireFaultless(examined);
          const done = await writeAll(examined.listed).catch((error: unknown) => {
            if (!isDuplicate(error)) throw error;
            throw new Problem('already-exists', { zh: '用户名已被使用', en: 'A user name is taken' });
          });
          const sealed = each(done, (id, password) => fieldSeal.seal(password, placeOfPassword(id)));
          return { status: 200, body: sealed };
        });
        const opened = each(answer.body as Imported, (id, sealed) => {
          const password = fieldSeal.open(sealed, placeOfPassword(id));
          if (password === undefined) throw new Problem('idempotency-key-reused');
          return password;
        });
        return { ...answer, body: opened };
      },
    }),
  ];
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 11000;
}
