import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../domain/problems';
import { refusal } from '../../domain/refusal';
import { placeOfEmail, type UserRow } from '../../store/users';
import type { Context } from '../context';
import { rolesOf } from '../auth/authenticator';
import { newPasswordFields } from '../auth/passwords';
import { withoutAbsent } from '../http/absent';
import { emailAddress, identifier, line, pageSchema, paging } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import { type Caller } from '../permissions';
import { newUserRow } from '../users/new-user';
import { seat, systemRole, userFields, userRefusals } from '../users/rights';
import { newPassword } from './own-password';
import { userView } from './user-views';

const params = z.object({ id: identifier });

const newUser = z.strictObject({
  ...userFields,
  password: newPassword.meta({ description: '初始密码，首次登录须改' }),
});

const change = z
  .strictObject({
    displayName: line(40),
    email: emailAddress.nullable(),
    password: newPassword,
    seats: z.array(seat).max(20),
    systemRole: systemRole.nullable(),
    disabled: z.boolean(),
  })
  .partial();

/** Who logs in, and in which seats. */
export function userOperations(context: Context): AnyOperation[] {
  const { store, authenticator, loginGuard, fieldSeal } = context;

  async function find(id: string): Promise<UserRow> {
    const row = await store.users.find(id);
    if (!row) throw new Problem('not-found');
    return row;
  }

  async function check(user: Pick<UserRow, 'seats' | 'systemRole'>): Promise<void> {
    const known = await store.organisations.findAll(user.seats.map(({ organisation }) => organisation));
    const refusals = userRefusals(user, new Set(known.map(({ id }) => id)));
    if (refusals.length > 0) throw Problem.refused(refusals);
  }

  /** Audit sees who there is, not how to reach them. */
  function shownTo(caller: Caller, row: UserRow) {
    const sealed = caller.roles.includes('security-administrator') ? row.email : undefined;
    return { ...viewOf(row), email: sealed && fieldSeal.open(sealed, placeOfEmail(row._id)) };
  }

  /** Officers have names too: who has looked at them is written down. */
  async function seen(user: string, of: string, count: number): Promise<void> {
    await store.accessLog.tally({ kind: 'users', user, of, count });
  }

  return [
    operation({
      method: 'get',
      path: '/users',
      name: 'listUsers',
      tag: 'administration',
      summary: '用户',
      access: 'users:read',
      query: z.strictObject({ organisation: identifier.optional(), ...paging }),
      answers: { 200: { description: '用户', schema: pageSchema(userView) } },
      handle: async ({ caller, query }) => {
        const page = await store.users.list(query);
        await seen(caller.user, query.organisation ?? 'all', page.items.length);
        return { status: 200, body: { ...page, items: page.items.map((row) => shownTo(caller, row)) } };
      },
    }),
    operation({
      method: 'get',
      path: '/users/{id}',
      name: 'getUser',
      tag: 'administration',
      summary: '一个用户',
      access: 'users:read',
      params,
      answers: { 200: { description: '用户', schema: userView } },
      handle: async ({ caller, params: { id } }) => {
        const user = await find(id);
        await seen(caller.user, id, 1);
        return { status: 200, body: shownTo(caller, user) };
      },
    }),
    operation({
      method: 'post',
      path: '/users',
      name: 'addUser',
      tag: 'administration',
      summary: '登记用户；首次登录须改密码',
      access: 'users:create',
      body: newUser,
      idempotent: true,
      answers: { 201: { description: '已登记', schema: userView } },
      problems: ['already-exists', 'rule-violated'],
      handle: async ({ caller, body, idempotencyKey: key }) => {
        // The key remembers what the request was; a password is remembered by nothing but its own hash.
        const { password, systemRole: role, displayName, email, ...request } = body;
        const remembered = { ...request, role, displayName };
        return once(store, { user: caller.user, key, target: 'POST /users', body: remembered }, async () => {
          const { username, seats } = request;
          const of = { seats, ...(role === undefined ? {} : { systemRole: role }) };
          await check(of);
          const id = randomUUID();
          const entry = { username, displayName, email, ...of };
          const row = await newUserRow(context, id, entry, password);
          if (!(await store.users.add(row))) {
            throw new Problem('already-exists', { zh: '用户名已被使用', en: 'The user name is taken' });
          }
          return { status: 201, headers: { Location: `/api/v1/users/${row._id}` }, body: viewOf(row) };
        });
      },
    }),
    operation({
      method: 'patch',
      path: '/users/{id}',
      name: 'changeUser',
      tag: 'administration',
      summary: '更正席位、停用或重设密码',
      description:
        'A new password unlocks a name that was locked after failed log-ins; the user must change it.',
      access: 'users:change',
      params,
      body: change,
      answers: { 200: { description: '已更正', schema: userView } },
      problems: ['not-your-seat', 'rule-violated'],
      handle: async ({ caller, params: { id }, body }) => {
        if (id === caller.user) {
          throw new Problem('not-your-seat', {
            zh: '不能更改本人的权限，请由另一管理员办理',
            en: 'Nobody changes their own rights; ask another administrator',
          });
        }
        const { systemRole: before, ...user } = await find(id);
        const { password, email, systemRole: role = before, ...fields } = body;
        const { email: sealed, ...others } = user;
        const address = email === undefined ? sealed : email && fieldSeal.seal(email, placeOfEmail(id));
        const changed = { ...others, ...(address ? { email: address } : {}), ...withoutAbsent(fields) };
        if (user.oidc) refuseProviders(body);
        else await check({ seats: changed.seats, ...(role ? { systemRole: role } : {}) });
        const next = {
          ...changed,
          ...(role ? { systemRole: role } : {}),
          ...(password === undefined
            ? {}
            : { ...(await newPasswordFields(user, password)), mustChangePassword: true }),
        };
        await store.users.model.replaceOne({ _id: id }, next);
        if (password !== undefined) await loginGuard.unlock(next.username);
        if (password !== undefined || next.disabled) await store.sessions.endAll(id);
        authenticator.forgetAll();
        return { status: 200, body: shownTo(caller, await find(id)) };
      },
    }),
  ];
}

/** What the identity provider says of a user is changed there: here it would last until the next log-in. */
function refuseProviders(body: z.infer<typeof change>): void {
  const refusals = (['password', 'seats', 'systemRole'] as const)
    .filter((path) => body[path] !== undefined)
    .map((path) =>
      refusal('该用户的口令与席位由统一身份认证管理，请在该处更改', 'The identity provider keeps this user', {
        path,
      }),
    );
  if (refusals.length > 0) throw Problem.refused(refusals);
}

function viewOf(row: UserRow) {
  const { _id, username, displayName, seats, systemRole: role, mustChangePassword, disabled, sample } = row;
  return {
    id: _id,
    username,
    displayName,
    seats: seats.map((one) => ({ ...one })),
    systemRole: role,
    identityProvider: row.oidc?.issuer,
    roles: rolesOf(row),
    mustChangePassword,
    disabled,
    sample,
    createdAt: row.createdAt.toISOString(),
  };
}
