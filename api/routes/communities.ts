import { z } from 'zod';
import { eligibilityRefusals } from '../../domain/eligibility';
import { Problem } from '../../domain/problems';
import type { PolicySnapshot } from '../../policy/snapshot';
import type { CommunityRow } from '../../store/communities';
import { COMMUNITY_TABLE, communitiesOf } from '../communities/csv';
import { communityChange, communityView, factsOf, newCommunity, placing } from '../communities/facts';
import { Register } from '../communities/register';
import type { Context } from '../context';
import { areaCode, booleanParam, identifier, line, pageSchema, paging } from '../http/fields';
import type { Language } from '../http/language';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import { seenCommunities, seesCommunity, type Caller } from '../permissions';
import { dryRun, dryRunParam, entered, importing, requireFaultless, tableIn } from '../tables/import';

const params = z.object({ id: identifier });

/** The register of communities (P2.1.0). */
export function communityOperations(context: Context): AnyOperation[] {
  const { store, world } = context;
  const register = new Register(context);

  async function find(id: string): Promise<CommunityRow> {
    const row = await store.communities.find(id);
    if (!row) throw new Problem('not-found');
    return row;
  }

  async function seenBy(caller: Caller, id: string): Promise<CommunityRow> {
    const row = await find(id);
    if (!(await seesCommunity(store, caller, row))) throw new Problem('not-found');
    return row;
  }

  return [
    operation({
      method: 'get',
      path: '/communities',
      name: 'listCommunities',
      tag: 'communities',
      summary: '小区登记表',
      access: 'register:read',
      query: z.strictObject({
        county: areaCode.optional(),
        subdistrict: areaCode.optional(),
        neighbourhood: areaCode.optional(),
        q: line(60).optional(),
        free: booleanParam.optional().meta({ description: '不在未结项目中的' }),
        ...paging,
      }),
      answers: { 200: { description: '小区', schema: pageSchema(communityView) } },
      handle: async ({ caller, query, language }) => {
        const seen = await seenCommunities(store, caller);
        const [page, policy] = await Promise.all([
          store.communities.list({ ...query, seen }),
          world.snapshot(),
        ]);
        const items = page.items.map((row) => viewOf(row, policy, language));
        return { status: 200, body: { ...page, items } };
      },
    }),
    operation({
      method: 'post',
      path: '/communities',
      name: 'registerCommunity',
      tag: 'communities',
      summary: '登记小区',
      access: 'register:write',
      body: newCommunity,
      idempotent: true,
      answers: { 201: { description: '已登记', schema: communityView } },
      problems: ['already-exists', 'rule-violated'],
      handle: async ({ caller, body, language, idempotencyKey: key }) =>
        once(store, { user: caller.user, key, target: 'POST /communities', body }, async () => {
          await register.requireOffice(caller, [body]);
          const [refusals = []] = await register.placeRefusals([body]);
          if (refusals.length > 0) throw Problem.refused(refusals);
          const row = await register.add(body);
          const view = viewOf(row, await world.snapshot(), language);
          return { status: 201, headers: { Location: `/api/v1/communities/${row._id}` }, body: view };
        }),
    }),
    operation({
      method: 'post',
      path: '/communities/import',
      name: 'importCommunities',
      tag: 'communities',
      summary: '导入小区（CSV，UTF-8），全部成功或全部不变',
      description:
        '列：小区名称、地址、县区、街道、居委会、户数、楼栋数、建筑面积(㎡)、建成日期或建成年份、土地权属（国有/集体）、位置（城市/县城/其他）、拆除新建（是/否）、存在问题（以；分隔，没有写“无”）。空白为未知。县区、街道、居委会可由查询参数统一给出。已登记的小区按表更新。',
      access: 'register:write',
      query: z.strictObject({ ...z.object(placing).partial().shape, ...dryRunParam }),
      ...importing(entered),
      problems: ['rule-violated'],
      handle: async ({ caller, query, language, request, idempotencyKey: key }) => {
        const text = await tableIn(request);
        const { dryRun: isTrial, ...where } = query;
        const examine = async () => {
          const { listed, errors } = communitiesOf(text, where, language);
          await register.requireOffice(
            caller,
            listed.map(({ entry }) => entry),
          );
          return { listed, ...(await register.examine(listed, errors)) };
        };
        if (isTrial) return { status: 200, body: await dryRun(examine, COMMUNITY_TABLE, language) };
        const body = { query: where, text };
        return once(store, { user: caller.user, key, target: 'POST /communities/import', body }, async () => {
          const examined = await examine();
          requireFaultless(examined);
          return { status: 200, body: await register.addAll(examined.listed.map(({ entry }) => entry)) };
        });
      },
    }),
    operation({
      method: 'get',
      path: '/communities/{id}',
      name: 'getCommunity',
      tag: 'communities',
      summary: '一个小区，附能否立项的理由',
      access: 'register:read',
      params,
      answers: { 200: { description: '小区', schema: communityView } },
      handle: async ({ caller, params: { id }, language }) => ({
        status: 200,
        body: viewOf(await seenBy(caller, id), await world.snapshot(), language),
      }),
    }),
    operation({
      method: 'patch',
      path: '/communities/{id}',
      name: 'changeCommunity',
      tag: 'communities',
      summary: '补登或更正小区信息；null 表示未知',
      access: 'register:write',
      params,
      body: communityChange,
      answers: { 200: { description: '已更正', schema: communityView } },
      problems: ['already-exists'],
      handle: async ({ caller, params: { id }, body, language }) => {
        const { place } = await seenBy(caller, id);
        await register.requireOffice(caller, [place]);
        const entries = Object.entries(body);
        const forgotten = entries.filter(([, value]) => value === null).map(([key]) => [key, 1]);
        const changed = entries.filter(([, value]) => value !== null && value !== undefined);
        await store.communities.model.updateOne(
          { _id: id },
          {
            $set: { ...Object.fromEntries(changed), updatedAt: new Date() },
            ...(forgotten.length > 0 ? { $unset: Object.fromEntries(forgotten) as Record<string, 1> } : {}),
          },
        );
        return { status: 200, body: viewOf(await find(id), await world.snapshot(), language) };
      },
    }),
  ];
}

function viewOf(row: CommunityRow, policy: PolicySnapshot, language: Language) {
  const refusals = eligibilityRefusals(row, policy);
  return {
    id: row._id,
    ...factsOf(row),
    ...row.place,
    openProject: row.openProject,
    sample: row.sample,
    eligible: refusals.length === 0,
    refusals: refusals.map(({ path, message, messageEn, clause, basis }) => ({
      path,
      message: language === 'en' ? messageEn : message,
      clause,
      basis,
    })),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
