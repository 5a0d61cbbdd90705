import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { civilDate as dayOf } from '../../domain/calendar';
import { taskKinds } from '../../domain/forms';
import { userId } from '../../domain/forms/task-acts/fields';
import { ofStandIn } from '../../domain/notification/beside-tasks';
import { holdsPersonalNumber } from '../../domain/personal-data';
import { Problem } from '../../domain/problems';
import { standInRefusals, type StandIn } from '../../domain/stand-in';
import type { StandInRow } from '../../store/stand-ins';
import type { Context } from '../context';
import { withoutAbsent } from '../http/absent';
import { civilDate, identifier, line, NO_NUMBERS } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import type { Caller } from '../permissions';
import { peopleNamedIn } from '../tasks/people';
import { standInView } from './person-views';
import { peopleView } from './views';

const params = z.object({ id: z.uuid() });

const named = {
  standIn: userId('代理人'),
  organisation: identifier.optional().meta({ description: '在哪个单位；只在一个单位任职的可不填' }),
  from: civilDate,
  until: civilDate.meta({ description: '最后一日；至多一年' }),
  kinds: z
    .array(z.string().regex(/^[a-z][a-z-]{1,59}$/))
    .min(1)
    .max(50)
    .optional()
    .meta({ description: '只代理这些种类的待办；不填为全部' }),
  reason: line(200)
    .refine((text) => !holdsPersonalNumber(text), NO_NUMBERS)
    .optional(),
};

const list = z.object({ items: z.array(standInView), people: peopleView });

type Named = Omit<StandIn, 'organisation' | 'kinds'> & {
  readonly organisation?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly reason?: string | undefined;
};

/**
 * 代理: a person names who stands in for them, or the security administrator does for somebody who cannot be asked. Who is
 * named decides under their own name, and the record says for whom.
 */
export function standInOperations(context: Context): AnyOperation[] {
  const { store, authenticator, now } = context;
  const today = (): string => dayOf(now());
  const at = (): string => new Date(now()).toISOString();

  async function name(caller: Caller, { organisation, ...asked }: Named): Promise<StandInRow> {
    const [user, standIn] = await Promise.all([asked.user, asked.standIn].map((id) => store.users.find(id)));
    const own = new Set(user?.seats.map((seat) => seat.organisation));
    const where = organisation ?? (own.size === 1 ? [...own][0] : undefined) ?? '';
    const isOf = (id: string, office: string): boolean =>
      [user, standIn].some(
        (row) => row?._id === id && !row.disabled && row.seats.some((seat) => seat.organisation === office),
      );
    const refusals = standInRefusals({ ...withoutAbsent(asked), organisation: where } as StandIn, today(), {
      isOf,
      isKind: (kind) => taskKinds[kind] !== undefined,
    });
    if (refusals.length > 0) throw Problem.refused(refusals);
    const row = {
      _id: randomUUID(),
      ...withoutAbsent(asked),
      organisation: where,
      namedBy: caller.user,
      namedAt: at(),
    } as StandInRow;
    await note(caller, 'named', row);
    await store.standIns.add(row);
    const { _id: id, ...rest } = row;
    await store.notifications.add([ofStandIn({ id, ...rest })]);
    authenticator.forgetAll();
    return row;
  }

  async function end(caller: Caller, row: StandInRow): Promise<StandInRow> {
    await note(caller, 'ended', row);
    await store.standIns.end(row._id, caller.user, at());
    authenticator.forgetAll();
    return (await store.standIns.find(row._id)) ?? row;
  }

  async function note(caller: Caller, what: string, row: StandInRow): Promise<void> {
    const { user, standIn, organisation, from, until, reason } = row;
    const of = `${what} ${standIn} for ${user}, ${from} – ${until}`;
    const why = reason === undefined ? {} : { reason };
    await store.accessLog.note({ kind: 'stand-in', user: caller.user, organisation, of, count: 1, ...why });
  }

  async function find(id: string): Promise<StandInRow> {
    const row = await store.standIns.find(id);
    if (!row) throw new Problem('not-found');
    return row;
  }

  const viewOf = ({ _id, ...row }: StandInRow): z.infer<typeof standInView> => ({
    id: _id,
    ...row,
    kinds: row.kinds === undefined ? undefined : [...row.kinds],
    holds: row.ended === undefined && row.from <= today() && today() <= row.until,
    over: row.ended !== undefined || row.until < today(),
  });

  return [
    operation({
      method: 'get',
      path: '/me/stand-ins',
      name: 'listMyStandIns',
      tag: 'tasks',
      summary: '本人的代理人，以及本人代理谁',
      access: 'stand-ins:own',
      answers: {
        200: {
          description: '代理，止日晚的在前',
          schema: z.object({
            named: z.array(standInView),
            standingInFor: z.array(standInView),
            people: peopleView,
          }),
        },
      },
      handle: async ({ caller: { user } }) => {
        const [mine, others] = await Promise.all([
          store.standIns.list({ user }),
          store.standIns.list({ standIn: user }),
        ]);
        const shown = { named: mine.map(viewOf), standingInFor: others.map(viewOf) };
        return { status: 200, body: { ...shown, people: await peopleNamedIn(store, shown) } };
      },
    }),
    operation({
      method: 'post',
      path: '/me/stand-ins',
      name: 'nameMyStandIn',
      tag: 'tasks',
      summary: '指定代理人',
      description: 'For a period of civil days. A stand-in’s stand-in is not followed.',
      access: 'stand-ins:own',
      body: z.strictObject(named),
      idempotent: true,
      answers: { 201: { description: '已指定', schema: standInView } },
      problems: ['rule-violated'],
      handle: async ({ caller, body, idempotencyKey: key }) =>
        once(store, { user: caller.user, key, target: 'POST /me/stand-ins', body }, async () => ({
          status: 201,
          body: viewOf(await name(caller, { ...body, user: caller.user })),
        })),
    }),
    operation({
      method: 'post',
      path: '/me/stand-ins/{id}/end',
      name: 'endMyStandIn',
      tag: 'tasks',
      summary: '提前终止代理；代理人亦可辞去',
      access: 'stand-ins:own',
      params,
      answers: { 200: { description: '已终止', schema: standInView } },
      problems: ['not-found'],
      handle: async ({ caller, params: { id } }) => {
        const row = await find(id);
        if (![row.user, row.standIn].includes(caller.user)) throw new Problem('not-found');
        return { status: 200, body: viewOf(await end(caller, row)) };
      },
    }),
    operation({
      method: 'get',
      path: '/stand-ins',
      name: 'listStandIns',
      tag: 'administration',
      summary: '代理，止日晚的在前，至多 200 条',
      access: 'stand-ins:read',
      query: z.strictObject({
        user: identifier.optional(),
        standIn: identifier.optional(),
        organisation: identifier.optional(),
      }),
      answers: { 200: { description: '代理', schema: list } },
      handle: async ({ query }) => {
        const items = (await store.standIns.list(query)).map(viewOf);
        return { status: 200, body: { items, people: await peopleNamedIn(store, items) } };
      },
    }),
    operation({
      method: 'post',
      path: '/stand-ins',
      name: 'nameStandIn',
      tag: 'administration',
      summary: '为不在岗人员指定代理人',
      access: 'stand-ins:write',
      body: z.strictObject({ user: userId('被代理人'), ...named, reason: named.reason.unwrap() }),
      idempotent: true,
      answers: { 201: { description: '已指定', schema: standInView } },
      problems: ['rule-violated'],
      handle: async ({ caller, body, idempotencyKey: key }) =>
        once(store, { user: caller.user, key, target: 'POST /stand-ins', body }, async () => ({
          status: 201,
          body: viewOf(await name(caller, body)),
        })),
    }),
    operation({
      method: 'post',
      path: '/stand-ins/{id}/end',
      name: 'endStandIn',
      tag: 'administration',
      summary: '终止代理',
      access: 'stand-ins:write',
      params,
      answers: { 200: { description: '已终止', schema: standInView } },
      problems: ['not-found'],
      handle: async ({ caller, params: { id } }) => ({
        status: 200,
        body: viewOf(await end(caller, await find(id))),
      }),
    }),
  ];
}
