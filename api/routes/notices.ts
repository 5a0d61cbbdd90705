import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { OBJECTION_SUBJECTS, type ObjectionSubject } from '../../domain/notice';
import { Problem } from '../../domain/problems';
import { refusal } from '../../domain/refusal';
import type { ObjectionRow } from '../../store/objections';
import { VisitorGuard } from '../auth/visitor-guard';
import type { Context } from '../context';
import { areaCode, booleanParam, instant, line, pageSchema, paging } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import { findNotice, isLate, postedNotice, type PostedNotice } from '../notices/notice';
import { coversAny } from '../permissions';

const noticeId = z
  .string()
  .regex(/^[0-9]{6}(-[a-z]{2,8})?-[0-9]{4}-[0-9]{4,6}-[0-9]{1,3}$/)
  .meta({ example: '371302-2028-0042-1' });
const receiptId = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const params = z.object({ id: noticeId });

const subject = z.enum(Object.keys(OBJECTION_SUBJECTS) as [ObjectionSubject, ...ObjectionSubject[]]).meta({
  description: Object.entries(OBJECTION_SUBJECTS)
    .map((pair) => pair.join(' '))
    .join('，'),
});

const newObjection = z.strictObject({
  subject,
  text: line(2000),
  community: z.string().max(64).optional().meta({ description: '小区编号' }),
  name: line(40).optional().meta({ description: '可不填；不公开' }),
  contact: line(80).optional().meta({ description: '可不填；不公开' }),
});

const answerView = z.object({ text: z.string(), changesPlan: z.boolean(), at: instant });
const objectionView = z
  .object({
    receipt: z.string(),
    subject: z.string(),
    receivedAt: instant,
    late: z.boolean().meta({ description: '公示期满后收到：留存，不影响程序' }),
    answer: answerView.optional(),
  })
  .meta({ id: 'Objection' });

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
  const guard = new VisitorGuard(store);

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
      params,
      answers: { 200: { description: '公示', schema: noticeView } },
      handle: async ({ params: { id } }) => ({
        status: 200,
        body: viewOf(await findNotice(store, id), world.now()),
      }),
    }),
    operation({
      method: 'post',
      path: '/notices/{id}/objections',
      name: 'object',
      tag: 'notices',
      summary: '提出意见（公开）；凭回执查询答复',
      access: 'public',
      params,
      body: newObjection,
      idempotent: true,
      answers: {
        201: {
          description: '已收到',
          schema: z.object({ receipt: z.string(), receivedAt: instant, late: z.boolean() }),
        },
      },
      problems: ['rule-violated', 'too-many-requests'],
      handle: async ({ params: { id }, body, request, idempotencyKey: key }) => {
        await guard.maySend(request.ip);
        const notice = await findNotice(store, id);
        const { community } = body;
        if (community !== undefined && !notice.facts.communities.some((one) => one.id === community)) {
          throw Problem.refused([
            refusal('该小区不在本公示内', 'The community is not part of this notice', {
              path: 'community',
              clause: 'P2.1.3',
            }),
          ]);
        }
        return once(store, { user: `public ${id}`, key, target: `objection ${id}`, body }, async () => {
          const now = world.now();
          const { subject: group, ...given } = body;
          const row = {
            _id: randomBytes(16).toString('base64url'),
            projectId: notice.projectId,
            round: notice.round,
            group,
            ...given,
            via: 'online',
            receivedAt: new Date(now).toISOString(),
          };
          await store.objections.model.collection.insertOne(JSON.parse(JSON.stringify(row)) as never);
          const { _id: receipt, receivedAt } = row;
          return {
            status: 201,
            headers: { Location: `/api/v1/notices/${id}/objections/${receipt}` },
            body: { receipt, receivedAt, late: isLate(notice, now) },
          };
        });
      },
    }),
    operation({
      method: 'get',
      path: '/notices/{id}/objections',
      name: 'listObjections',
      tag: 'notices',
      summary: '收到的意见（本项目所在街道、县区、市），不含姓名和联系方式',
      access: 'objections:read',
      params,
      answers: {
        200: {
          description: '意见',
          schema: z.object({
            items: z.array(objectionView.omit({ receipt: true }).extend({ text: z.string() })),
          }),
        },
      },
      handle: async ({ caller, params: { id } }) => {
        const notice = await findNotice(store, id);
        const project = await store.projects.find(notice.projectId);
        const places = await store.communities.findAll(project?.communities ?? []);
        if (
          !coversAny(
            caller,
            places.map(({ place }) => place),
          )
        )
          throw new Problem('not-your-seat');
        const rows = await store.objections.ofNotice(notice);
        const items = rows.map((row) => {
          const { receipt: _receipt, ...shown } = objectionOf(row, notice);
          return { ...shown, text: row.text };
        });
        return { status: 200, body: { items } };
      },
    }),
    operation({
      method: 'get',
      path: '/notices/{id}/objections/{receipt}',
      name: 'getObjection',
      tag: 'notices',
      summary: '凭回执查询意见的答复（公开）',
      access: 'public',
      params: params.extend({ receipt: receiptId }),
      answers: { 200: { description: '意见', schema: objectionView } },
      handle: async ({ params: { id, receipt } }) => {
        const [notice, row] = await Promise.all([findNotice(store, id), store.objections.find(receipt)]);
        if (!row || row.projectId !== notice.projectId || row.round !== notice.round)
          throw new Problem('not-found');
        return { status: 200, body: objectionOf(row, notice) };
      },
    }),
  ];
}

function objectionOf(row: ObjectionRow, notice: PostedNotice) {
  return {
    receipt: row._id,
    subject: row.group,
    receivedAt: row.receivedAt,
    late: isLate(notice, Date.parse(row.receivedAt)),
    answer: row.answer,
  };
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
