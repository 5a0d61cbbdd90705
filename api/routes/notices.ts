import { z } from 'zod';
import { sendFile } from '../attachments/send';
import type { Context } from '../context';
import { areaCode, booleanParam, identifier, pageSchema, paging } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { noticeDocument, noticeDocuments } from '../notices/documents';
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

const noticeDetail = noticeView
  .extend({ documents: z.array(z.string()).meta({ description: '张贴时的照片等文件，公开' }) })
  .meta({ id: 'NoticeDetail' });

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
      answers: { 200: { description: '公示', schema: noticeDetail } },
      handle: async ({ params: { id } }) => {
        const notice = await findNotice(store, id);
        const hrefs = (await noticeDocuments(store, notice)).map(
          (document) => `/api/v1/notices/${id}/documents/${document}`,
        );
        return { status: 200, body: { ...viewOf(notice, world.now()), documents: hrefs } };
      },
    }),
    operation({
      method: 'get',
      path: '/notices/{id}/documents/{document}',
      name: 'downloadNoticeDocument',
      tag: 'notices',
      summary: '张贴公示的照片等文件（公开）',
      access: 'public',
      params: noticeParams.extend({ document: identifier }),
      slow: true,
      answers: {
        200: { description: '文件', contentType: '*/*', schema: z.string() },
      },
      handle: async ({ params: { id, document }, request, response }) => {
        const file = await noticeDocument(store, await findNotice(store, id), document);
        sendFile(context, file, { request, response });
        return undefined;
      },
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
