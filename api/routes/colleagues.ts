import { z } from 'zod';
import type { Context } from '../context';
import { operation, type AnyOperation } from '../http/operation';
import { officesOf } from '../permissions';
import { colleagueView } from './person-views';

/** Whom one can name: as a stand-in, as a reader of a task. Nobody's but one's own organisations' people. */
export function colleagueOperations({ store }: Pick<Context, 'store'>): AnyOperation[] {
  return [
    operation({
      method: 'get',
      path: '/me/colleagues',
      name: 'listColleagues',
      tag: 'tasks',
      summary: '本单位其他在用人员，按单位',
      access: 'colleagues:read',
      answers: { 200: { description: '人员', schema: z.object({ items: z.array(colleagueView) }) } },
      handle: async ({ caller }) => {
        const offices = officesOf(caller);
        const others = (await store.users.inOffice(offices)).filter(({ _id }) => _id !== caller.user);
        const items = offices.flatMap((organisation) =>
          others
            .map(({ _id: user, displayName, username, seats }) => ({
              user,
              name: displayName ?? username,
              organisation,
              roles: seats.filter((seat) => seat.organisation === organisation).map(({ role }) => role),
            }))
            .filter(({ roles }) => roles.length > 0)
            .sort((one, other) => one.name.localeCompare(other.name, 'zh')),
        );
        return { status: 200, body: { items } };
      },
    }),
  ];
}
