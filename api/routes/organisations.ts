import { z } from 'zod';
import { Problem } from '../../domain/problems';
import { bodies, levels } from '../../policy/keys';
import type { OrganisationRow } from '../../store/organisations';
import type { Context } from '../context';
import { tellBriefingChanged } from '../engine/tell';
import { withoutAbsent } from '../http/absent';
import { areaCode, identifier, pageSchema, paging } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import { newOrganisation, seatRefusals } from '../organisations/seats';
import { examineOrganisations, organisationTable, type Planned } from '../organisations/table';
import { dryRun, dryRunParam, entered, importing, requireFaultless, tableIn } from '../tables/import';
import { organisationView } from './organisation-views';

const params = z.object({ id: identifier });

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

  async function check(one: Parameters<typeof seatRefusals>[0]): Promise<void> {
    const refusals = seatRefusals(one, await world.policy());
    if (refusals.length > 0) throw Problem.refused(refusals);
  }

  /** All of a table or none of it; ids in its order. */
  async function writeAll(planned: readonly Planned[]): Promise<string[]> {
    const ids: string[] = [];
    for (const { known } of planned) ids.push(known ?? `org-${await store.counters.next('organisation')}`);
    await store.connection.transaction(async (session) => {
      const writes = planned.map(({ entry: { id: _id, ...row } }, index) => ({
        updateOne: { filter: { _id: ids[index] ?? '' }, update: { $set: withoutAbsent(row) }, upsert: true },
      }));
      await store.organisations.model.bulkWrite(writes as never, { session });
    });
    return ids;
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
      method: 'post',
      path: '/organisations/import',
      name: 'importOrganisations',
      tag: 'administration',
      summary: '导入单位（CSV，UTF-8），全部成功或全部不变',
      description:
        '列：单位名称、层级（市级/县区级/街道/社区/专营单位/参建单位）、区域（名称或代码）、席位（机构名称或代码，以；分隔）、服务区域（专营、参建单位，以；分隔）、编号（更正已登记的单位时填）。层级、区域、名称均相同的为同一单位，按表更正。',
      access: 'organisations:write',
      query: z.strictObject(dryRunParam),
      slow: true,
      ...importing(entered),
      problems: ['rule-violated'],
      handle: async ({ caller, query, language, request, idempotencyKey: key }) => {
        const text = await tableIn(request);
        const policy = await world.policy();
        const examine = () => examineOrganisations(text, { store, policy, language });
        if (query.dryRun)
          return { status: 200, body: await dryRun(examine, organisationTable(policy), language) };
        const target = 'POST /organisations/import';
        return once(store, { user: caller.user, key, target, body: { text } }, async () => {
          const examined = await examine();
          requireFaultless(examined);
          const ids = await writeAll(examined.planned);
          await changed();
          const updated = examined.planned.filter(({ known }) => known !== undefined).length;
          return { status: 200, body: { created: ids.length - updated, updated, ids } };
        });
      },
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

function viewOf({ _id, ...row }: OrganisationRow) {
  return { id: _id, ...row };
}

function idOf(memo: unknown): string | undefined {
  return typeof memo === 'object' && memo !== null && 'id' in memo ? String(memo.id) : undefined;
}
