import { z } from 'zod';
import { workingDaysRun, type Calendar } from '../../domain/calendar';
import type { Moment } from '../../domain/task';
import type { Policy } from '../../policy/schema';
import { sendFile } from '../attachments/send';
import type { Context } from '../context';
import { areaCode, booleanParam, identifier, pageSchema, paging } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { noticeDocument, noticeFiles } from '../notices/documents';
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
    countyName: z.string().optional(),
    open: z.boolean().meta({ description: '在公示期内' }),
    phase: z.enum(['posting', 'posted', 'answering', 'closed']),
    postedOn: z.string().optional(),
    lastDay: z.string().optional(),
    provisional: z.boolean(),
    left: z
      .object({ workingDays: z.int(), days: z.int() })
      .optional()
      .meta({ description: '距公示截止日；在公示期内才有' }),
    mode: z.string(),
    modeName: z.string().optional(),
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
  .extend({
    documents: z.array(z.string()).meta({ description: '张贴时的照片等文件，公开' }),
    pictures: z
      .array(
        z.object({
          community: z.string().optional(),
          what: z.string().meta({ description: '部位' }),
          before: z.string().optional(),
          after: z.string().optional(),
        }),
      )
      .meta({ description: '改造前照片和改造后效果图，公开' }),
  })
  .meta({ id: 'NoticeDetail' });

/** Public notices: open to everybody, without a log-in, and without anybody's name (个人信息保护法 25). */
export function noticeOperations(context: Context): AnyOperation[] {
  const { store, world } = context;

  async function surroundingsNow(): Promise<Surroundings> {
    const [moment, policy] = await Promise.all([world.moment(), world.policy()]);
    return { ...moment, policy };
  }

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
        const surroundings = await surroundingsNow();
        const items = page.items
          .flatMap((row) => postedNotice(row) ?? [])
          .map((one) => viewOf(one, surroundings));
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
        const { documents, pictures } = await noticeFiles(store, notice);
        const hrefOf = (document: string): string => `/api/v1/notices/${id}/documents/${document}`;
        const shown = pictures.map(({ before, after, ...one }) => ({
          ...one,
          ...(before === undefined ? {} : { before: hrefOf(before) }),
          ...(after === undefined ? {} : { after: hrefOf(after) }),
        }));
        const surroundings = await surroundingsNow();
        const body = { ...viewOf(notice, surroundings), documents: documents.map(hrefOf), pictures: shown };
        return { status: 200, body };
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

interface Surroundings extends Moment {
  readonly policy: Pick<Policy, 'areas' | 'modes'>;
}

const DAY_MS = 86_400_000;

/** Its last day included: on that day 0 are left. */
function leftOf(lastDay: string, today: string, calendar: Calendar): { workingDays: number; days: number } {
  const days = Math.max(0, Math.round((Date.parse(lastDay) - Date.parse(today)) / DAY_MS));
  return { workingDays: days === 0 ? 0 : workingDaysRun(calendar, today, lastDay), days };
}

/** Field by field: nothing that a step may one day add to its facts gets out by itself. */
function viewOf(notice: PostedNotice, { now, today, calendar, policy }: Surroundings) {
  const { facts, row } = notice;
  const { phase, postedOn, lastDay, provisional, mode, budgetFen, objections } = facts;
  const running = row.status === 'running' || row.status === 'suspended';
  const open = running && (phase === 'posting' || phase === 'posted') && !isLate(notice, now);
  return {
    id: notice.id,
    projectId: notice.projectId,
    round: notice.round,
    county: row.county,
    countyName: policy.areas.find(({ code }) => code === row.county)?.name,
    open,
    ...(open && lastDay !== undefined ? { left: leftOf(lastDay, today, calendar) } : {}),
    phase,
    postedOn,
    lastDay,
    provisional,
    mode,
    modeName: policy.modes.find(({ key }) => key === mode)?.name,
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
