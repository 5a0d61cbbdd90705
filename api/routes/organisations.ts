import { z } from 'zod';
import { Problem } from '../../domain/problems';
import { refusal, type Refusal } from '../../domain/refusal';
import { bodies, levels } from '../../policy/keys';
import type { Policy } from '../../policy/schema';
import type { OrganisationRow } from '../../store/organisations';
import type { Context } from '../context';
import { tellBriefingChanged } from '../engine/tell';
import { withoutAbsent } from '../http/absent';
import { areaCode, identifier, line, pageSchema, paging } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import { organisationView } from './organisation-views';

const params = z.object({ id: identifier });

const newOrganisation = z.strictObject({
  name: line(80),
  bodies: z.array(z.enum(bodies)).min(1).max(10),
  level: z.enum(levels),
  area: areaCode,
  serves: z.array(areaCode).max(50).optional().meta({ description: '专营单位、参建单位另外服务的区域' }),
});
type Seats = Pick<OrganisationRow, 'bodies' | 'level' | 'area'> & {
  readonly serves?: readonly string[] | undefined;
};

const change = newOrganisation.extend({ disabled: z.boolean() }).partial();

/** Who holds seats. A change is told to every open workflow, which finds its seats anew. */
export function organisationOperations(context: Context): AnyOperation[] {
  const { store, world, authenticator } = context;

  async function find(id: string): Promise<OrganisationRow> {
    const row = await store.organisations.model.findById(id).lean<OrganisationRow>();
    if (!row) throw new Problem('not-found');
    return row;
  }

  async function changed(): Promise<void> {
    authenticator.forgetAll();
    await tellBriefingChanged(context);
  }

  async function check(one: Seats): Promise<void> {
    const refusals = seatRefusals(one, await world.policy());
    if (refusals.length > 0) throw Problem.refused(refusals);
  }

  return [
    operation({
      method: 'get',
      path: '/organisations',
      name: 'listOrganisations',
      tag: 'administration',
      summary: '单位',
      access: 'reference:read',
      query: z.strictObject({
        area: areaCode.optional(),
        level: z.enum(levels).optional(),
        body: z.enum(bodies).optional(),
        ...paging,
      }),
      answers: { 200: { description: '单位', schema: pageSchema(organisationView) } },
      handle: async ({ query }) => {
        const page = await store.organisations.list(query);
        return { status: 200, body: { ...page, items: page.items.map(viewOf) } };
      },
    }),
    operation({
      method: 'get',
      path: '/organisations/{id}',
      name: 'getOrganisation',
      tag: 'administration',
      summary: '一个单位',
      access: 'reference:read',
      params,
      answers: { 200: { description: '单位', schema: organisationView } },
      handle: async ({ params: { id } }) => ({ status: 200, body: viewOf(await find(id)) }),
    }),
    operation({
      method: 'post',
      path: '/organisations',
      name: 'addOrganisation',
      tag: 'administration',
      summary: '登记单位及其席位',
      access: 'organisations:write',
      body: newOrganisation,
      idempotent: true,
      slow: true,
      answers: { 201: { description: '已登记', schema: organisationView } },
      problems: ['rule-violated'],
      handle: async ({ caller, body, idempotencyKey: key }) =>
        once(store, { user: caller.user, key, target: 'POST /organisations', body }, async (attempt) => {
          await check(body);
          const id = idOf(attempt.memo) ?? `org-${await store.counters.next('organisation')}`;
          await attempt.note({ id });
          const row = { _id: id, ...body } as OrganisationRow;
          await store.organisations.model.replaceOne({ _id: id }, row, { upsert: true });
          await changed();
          return { status: 201, headers: { Location: `/api/v1/organisations/${id}` }, body: viewOf(row) };
        }),
    }),
    operation({
      method: 'patch',
      path: '/organisations/{id}',
      name: 'changeOrganisation',
      tag: 'administration',
      summary: '更正单位、席位或停用',
      access: 'organisations:write',
      params,
      body: change,
      slow: true,
      answers: { 200: { description: '已更正', schema: organisationView } },
      problems: ['rule-violated'],
      handle: async ({ params: { id }, body }) => {
        const before = await find(id);
        await check({ ...before, ...withoutAbsent(body) });
        await store.organisations.model.updateOne({ _id: id }, { $set: withoutAbsent(body) });
        await changed();
        return { status: 200, body: viewOf(await find(id)) };
      },
    }),
  ];
}

/** A body exists at certain levels, and an area is one of the city's or lies in one. */
function seatRefusals({ bodies: held, level, area, serves = [] }: Seats, policy: Policy): Refusal[] {
  const wrongBodies = held.flatMap((body, index) =>
    policy.bodies.some(({ key, levels: at }) => key === body && at.includes(level))
      ? []
      : [
          refusal(`${level} 一级没有 ${body} 这一席位`, `There is no seat of ${body} at level ${level}`, {
            path: `bodies.${index}`,
            clause: 'P1.4',
          }),
        ],
  );
  const known = (code: string) =>
    policy.areas.some((one) => code === one.code || code.startsWith(`${one.code}-`));
  const wrongAreas = [area, ...serves].flatMap((code, index) =>
    known(code)
      ? []
      : [
          refusal(`${code} 不在本市范围`, `${code} is no area of this city`, {
            path: index === 0 ? 'area' : `serves.${index - 1}`,
            clause: 'P1.4',
          }),
        ],
  );
  return [...wrongBodies, ...wrongAreas];
}

function viewOf({ _id, ...row }: OrganisationRow) {
  return { id: _id, ...row };
}

function idOf(memo: unknown): string | undefined {
  return typeof memo === 'object' && memo !== null && 'id' in memo ? String(memo.id) : undefined;
}
