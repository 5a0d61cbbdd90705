import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { OBJECTION_SUBJECTS, type ObjectionSubject } from '../../domain/notice';
import { personalDataRefusals } from '../../domain/personal-data';
import { Problem } from '../../domain/problems';
import { refusal } from '../../domain/refusal';
import type { ObjectionRow } from '../../store/objections';
import { VisitorGuard } from '../auth/visitor-guard';
import type { Context } from '../context';
import { instant, line } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import { findNotice, isLate, noticeParams, type PostedNotice } from '../notices/notice';
import { coversAny, type Caller } from '../permissions';

const receiptId = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const reference = z
  .string()
  .regex(/^[0-9a-f]{16}$/)
  .meta({ description: '意见序号，不是回执', example: '0123456789abcdef' });

const subject = z.enum(Object.keys(OBJECTION_SUBJECTS) as [ObjectionSubject, ...ObjectionSubject[]]).meta({
  description: Object.entries(OBJECTION_SUBJECTS)
    .map((pair) => pair.join(' '))
    .join('，'),
});

const newObjection = z.strictObject({
  subject,
  text: line(2000).meta({ description: '请勿写电话号码、身份证号码' }),
  community: z.string().max(64).optional().meta({ description: '小区编号' }),
  name: line(40).optional().meta({ description: '可不填；加密保存，不公开' }),
  contact: line(80).optional().meta({ description: '可不填；加密保存，不公开' }),
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

const author = { name: z.string().optional(), contact: z.string().optional() };
const readObjectionView = objectionView
  .omit({ receipt: true })
  .extend({ ref: reference, text: z.string(), ...author })
  .meta({ id: 'ReadObjection' });

/**
 * Objections to a notice (P2.1.3). Whoever objects may say who they are: that is sealed, masked in every answer, and
 * opened only for the office that must answer, by name of the objection, with a reason and an entry in the access log
 * (个人信息保护法 6, 51).
 */
export function objectionOperations(context: Context): AnyOperation[] {
  const { store, world, fieldSeal } = context;
  const guard = new VisitorGuard(store);

  return [
    operation({
      method: 'post',
      path: '/notices/{id}/objections',
      name: 'object',
      tag: 'notices',
      summary: '提出意见（公开）；凭回执查询答复',
      access: 'public',
      params: noticeParams,
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
        refuseWhatIsNotFor(notice, body);
        // The key is in what is hashed: nobody finds a telephone number by trying all of them against the hash.
        const target = `objection ${id} ${key ?? ''}`;
        return once(store, { user: `public ${id}`, key, target, body }, async () => {
          const now = world.now();
          const { subject: group, text, community, ...given } = body;
          const row: ObjectionRow = {
            _id: randomBytes(16).toString('base64url'),
            projectId: notice.projectId,
            round: notice.round,
            group,
            text,
            ...(community === undefined ? {} : { community }),
            via: 'online',
            receivedAt: new Date(now).toISOString(),
          };
          await store.objections.add(row, given, fieldSeal);
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
      summary: '收到的意见（本项目所在街道、县区、市；审计管理员），姓名和联系方式已脱敏',
      access: 'objections:read',
      params: noticeParams,
      answers: { 200: { description: '意见', schema: z.object({ items: z.array(readObjectionView) }) } },
      handle: async ({ caller, params: { id } }) => {
        const notice = await findNotice(store, id);
        await requireOffice(caller, notice);
        const items = (await store.objections.ofNotice(notice, fieldSeal)).map(
          ({ row, author: who, ref }) => {
            const { receipt: _receipt, ...shown } = viewOf(row, notice);
            return { ...shown, ref, text: row.text, ...who };
          },
        );
        return { status: 200, body: { items } };
      },
    }),
    operation({
      method: 'post',
      path: '/notices/{id}/objection-authors',
      name: 'readObjectionAuthors',
      tag: 'notices',
      summary: '查看提意见人的姓名和联系方式（负责答复的街道；说明理由，记入查阅日志）',
      description:
        '每次查看写入查阅日志，保存 400 天，审计管理员可查。/ Every use is written to the access log.',
      access: 'objections:authors',
      params: noticeParams,
      body: z.strictObject({
        refs: z.array(reference).min(1).max(50),
        reason: line(200).min(4).meta({ description: '查看理由', example: '样例：电话回访答复情况' }),
      }),
      answers: {
        200: {
          description: '姓名和联系方式；无法解密的为空',
          schema: z.object({ items: z.array(z.object({ ref: reference, ...author })) }),
        },
      },
      problems: ['rule-violated'],
      handle: async ({ caller, params: { id }, body: { refs, reason }, request }) => {
        const found = personalDataRefusals(reason, 'reason', 'P2.1.3');
        if (found.length > 0) throw Problem.refused(found);
        const notice = await findNotice(store, id);
        const organisation = await requireOffice(
          { ...caller, organisations: caller.organisations.filter(({ level }) => level === 'subdistrict') },
          notice,
        );
        const items = await store.objections.authors(notice, refs, fieldSeal);
        await store.accessLog.note({
          kind: 'objection-authors',
          user: caller.user,
          ...(organisation === undefined ? {} : { organisation }),
          of: id,
          refs: items.map(({ ref }) => ref),
          count: items.length,
          reason,
          requestId: String(request.id),
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
      params: noticeParams.extend({ receipt: receiptId }),
      answers: { 200: { description: '意见', schema: objectionView } },
      handle: async ({ params: { id, receipt } }) => {
        const [notice, row] = await Promise.all([findNotice(store, id), store.objections.find(receipt)]);
        if (!row || row.projectId !== notice.projectId || row.round !== notice.round)
          throw new Problem('not-found');
        return { status: 200, body: viewOf(row, notice) };
      },
    }),
  ];

  /**
   * The organisation through which the caller has to do with the place of the notice.
   * @returns nothing for whoever audits
   * @throws Problem `not-your-seat`
   */
  async function requireOffice(caller: Caller, notice: PostedNotice): Promise<string | undefined> {
    if (caller.roles.includes('audit-administrator')) return undefined;
    const project = await store.projects.find(notice.projectId);
    const places = (await store.communities.findAll(project?.communities ?? [])).map(({ place }) => place);
    const office = caller.organisations.find((one) => coversAny({ ...caller, organisations: [one] }, places));
    if (!office) throw new Problem('not-your-seat');
    return office.id;
  }
}

/** @throws Problem `rule-violated` */
function refuseWhatIsNotFor(notice: PostedNotice, { community, text }: z.infer<typeof newObjection>): void {
  const elsewhere = community !== undefined && !notice.facts.communities.some((one) => one.id === community);
  const found = [
    ...personalDataRefusals(text, 'text', 'P2.1.3'),
    ...(elsewhere
      ? [
          refusal('该小区不在本公示内', 'The community is not part of this notice', {
            path: 'community',
            clause: 'P2.1.3',
          }),
        ]
      : []),
  ];
  if (found.length > 0) throw Problem.refused(found);
}

function viewOf(row: ObjectionRow, notice: PostedNotice) {
  return {
    receipt: row._id,
    subject: row.group,
    receivedAt: row.receivedAt,
    late: isLate(notice, Date.parse(row.receivedAt)),
    answer: row.answer,
  };
}
