import { z } from 'zod';
import type { Context } from '../context';
import { areaCode, booleanParam, pageSchema, paging } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import {
  findNotice,
  isLate,
  noticeId,
  noticeParams,
  postedNotice,
  type PostedNotice,
} from '../notices/notice';
import { objectionOperations } from './objections';

const money = z.int().meta({ description: '分' });
const noticeView = z
  .object({
    id: noticeId,
    projectId: z.string(),
    round: z.int(),
    county: z.string().optional(),
    open: z.boolean().meta({ description: '在公示期内' }),
    phase: z.enum(['posting', 'posted', 'answering', 'closed']),
    postedOn: z.string().optional(),
    lastDay: z.string().optional(),
    provisional: z.boolean(),
    mode: z.string(),
    budgetFen: money,
    objections: z.int().optional(),
    communities: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        items: z.array(z.string()),
        budgetFen: money,
        funding: z.array(z.object({ name: z.string(), amountFen: money })),
        newBuildings: z.array(z.string()),
        place: z.string().optional(),
        postedOn: z.string().optional(),
        lastDay: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'Notice' });

/** Public notices: open to everybody, without a log-in, and without anybody's name (个人信息保护法 25). */
export function noticeOperations(context: Context): AnyOperation[] {
  const { store, world } = context;

  return [
    operation({
      method: 'get',
      path: '/notices',
      name: 'listNotices',
      tag: 'notices',
      summary: '公示列表（公开）',
      access: 'public',
      query: z.strictObject({ county: areaCode.optional(), open: booleanParam.optional(), ...paging }),
      answers: { 200: { description: '公示', schema: pageSchema(noticeView) } },
      handle: async ({ query: { open, ...query } }) => {
        const page = await store.steps.list({ ...query, step: 'public-notice', running: open });
        const items = page.items
          .flatMap((row) => postedNotice(row) ?? [])
          .map((one) => viewOf(one, world.now()));
        return { status: 200, body: { ...page, items } };
      },
    }),
    operation({
      method: 'get',
      path: '/notices/{id}',
      name: 'getNotice',
      tag: 'notices',
      summary: '一份公示（公开）',
      access: 'public',
      params: noticeParams,
      answers: { 200: { description: '公示', schema: noticeView } },
      handle: async ({ params: { id } }) => ({
        status: 200,
        body: viewOf(await findNotice(store, id), world.now()),
      }),
    }),
    ...objectionOperations(context),
  ];
}

/** Field by field: nothing that a step may one day add to its facts gets out by itself. */
function viewOf(notice: PostedNotice, now: number) {
  const { facts, row } = notice;
  const { phase, postedOn, lastDay, provisional, mode, budgetFen, objections } = facts;
  const running = row.status === 'running' || row.status === 'suspended';
  return {
    id: notice.id,
    projectId: notice.projectId,
    round: notice.round,
    county: row.county,
    open: running && (phase === 'posting' || phase === 'posted') && !isLate(notice, now),
    phase,
    postedOn,
    lastDay,
    provisional,
    mode,
    budgetFen,
    objections,
    communities: facts.communities.map((one) => ({
      id: one.id,
      name: one.name,
      items: [...one.items],
      budgetFen: one.budgetFen,
      funding: one.funding.map(({ name, amountFen }) => ({ name, amountFen })),
      newBuildings: [...one.newBuildings],
      place: one.place,
      postedOn: one.postedOn,
      lastDay: one.lastDay,
    })),
  };
}
