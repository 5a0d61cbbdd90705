import { z } from 'zod';
import { actKinds } from '../../domain/forms';
import { Problem } from '../../domain/problems';
import { workflowIds } from '../../workflows/messages';
import type { Context } from '../context';
import { actExample, actSchema } from '../forms/json-schema';
import { projectId, yearParam } from '../http/fields';
import { operation, type AnyOperation, type Call } from '../http/operation';
import { mayBegin, projectSeenBy } from '../permissions';
import { actSeats } from '../projects/act-seats';
import { beginAct, openActs } from '../projects/acts';
import { actView } from './project-schemas';
import { eventOf } from './task-views';
import { eventView } from './views';

/** Acts by the last part of their path: what is posted there, is begun. */
const ACT_BY_PATH = {
  suspension: ['suspension', '暂停项目'],
  resumption: ['resumption', '恢复项目'],
  withdrawal: ['withdrawal', '撤回项目'],
  cancellation: ['cancellation', '取消项目（合同签订后）'],
  return: ['return', '退回到较早步骤'],
  'residents-vote': ['residents-vote', '登记居民表决终止项目'],
  findings: ['finding', '提出检查问题'],
  changes: ['change', '申请工程变更'],
  payments: ['payment', '申请付款'],
  repair: ['repair', '应急修复（系统管理员提出，市住建签发人审批）'],
} as const;

const pathOf = new Map<string, string>(Object.entries(ACT_BY_PATH).map(([path, [act]]) => [act, path]));

/** Acts without a path of their own. */
/** Begun where they belong: a plan's, a policy's. */
const ELSEWHERE = ['late-admission', 'policy-move'];
const otherActs = Object.keys(actKinds).filter((act) => !pathOf.has(act) && !ELSEWHERE.includes(act));

type BeginCall = Pick<
  Call<unknown, unknown, Record<string, unknown>>,
  'caller' | 'body' | 'language' | 'idempotencyKey'
>;

const params = z.object({ id: projectId });
const form = z
  .looseObject({ reason: z.string().optional() })
  .meta({ id: 'Act', description: 'The fields of the act’s `form`: GET /projects/{id}/acts' });
const begun = z.object({ event: eventView });

/** What people begin of themselves: controls of a project, findings, changes, payments, late admissions. */
export function actOperations(context: Context): AnyOperation[] {
  const { store, world } = context;

  const shared = {
    method: 'post',
    tag: 'acts',
    description: 'Who may, and when, follows from the policy and where the project stands.',
    access: 'acts:begin',
    body: form,
    idempotent: true,
    answers: { 201: { description: '已受理，所需待办已产生', schema: begun } },
    problems: ['wrong-step', 'rule-violated', 'needs-repair'],
  } as const;

  async function begin(act: string, id: string, { caller, body, language, idempotencyKey }: BeginCall) {
    const event = await beginAct(context, {
      act,
      target: id,
      caller,
      form: body,
      key: idempotencyKey,
      language,
      find: async () => {
        const project = await store.projects.find(id);
        if (!project) throw new Problem('not-found');
        return (await openActs(context, project)).find((one) => one.act === act);
      },
    });
    return { status: 201, body: { event: eventOf(event) } };
  }

  const acts = Object.entries(ACT_BY_PATH).map(([path, [act, summary]]) =>
    operation({
      ...shared,
      path: `/projects/{id}/${path}`,
      ...(act === 'repair' ? ({ access: 'project:repair' } as const) : {}),
      name: `begin-${act}`,
      summary,
      params,
      handle: (call) => begin(act, call.params.id, call),
    }),
  );

  return [
    operation({
      method: 'get',
      path: '/projects/{id}/acts',
      name: 'listActs',
      tag: 'acts',
      summary: '当前可以发起的事项，附表单与样例',
      access: 'projects:read',
      params,
      answers: { 200: { description: '事项', schema: z.object({ items: z.array(actView) }) } },
      handle: async ({ caller, params: { id } }) => {
        const { project, sight } = await projectSeenBy(store, caller, id);
        const [open, moment, policy] = await Promise.all([
          openActs(context, project),
          world.moment(),
          world.policy(),
        ]);
        const items = open.flatMap(({ act, context: of }) => {
          const kind = actKinds[act];
          if (!kind || ELSEWHERE.includes(act)) return [];
          if (sight !== 'everything' && !mayBegin(caller, kind)) return [];
          const path = pathOf.get(act) ?? `acts/${act}`;
          const { title, titleEn, clause } = kind;
          const href = `/api/v1/projects/${id}/${path}`;
          return [
            {
              act,
              title,
              titleEn,
              clause,
              yours: mayBegin(caller, { ...kind, seats: actSeats(act, kind, project, policy) }),
              href,
              form: actSchema(kind, of),
              example: actExample(kind, of, moment),
            },
          ];
        });
        return { status: 200, body: { items } };
      },
    }),
    ...acts,
    operation({
      ...shared,
      path: '/projects/{id}/acts/{act}',
      name: 'beginAct',
      summary: '发起其他事项：书面意见、招标澄清、决算延期等',
      params: params.extend({ act: z.enum(otherActs) }),
      handle: (call) => begin(call.params.act, call.params.id, call),
    }),
    operation({
      method: 'post',
      path: '/plans/{year}/late-admissions',
      name: 'admitLate',
      tag: 'acts',
      summary: '逾期补报（市住建，至审查结束）',
      access: 'acts:begin',
      params: z.object({ year: yearParam }),
      body: z.looseObject({ projectId, reason: z.string().max(4000) }).meta({ id: 'LateAdmission' }),
      idempotent: true,
      answers: { 201: { description: '已补报', schema: begun } },
      problems: ['wrong-step', 'rule-violated', 'needs-repair'],
      handle: async ({ caller, params: { year }, body, language, idempotencyKey: key }) => {
        const event = await beginAct(context, {
          act: 'late-admission',
          target: String(year),
          caller,
          form: body,
          key,
          language,
          find: async () => {
            const project = await store.projects.find(body.projectId);
            if (!project) throw new Problem('not-found');
            const submission = await store.submissions.find(year, project.county);
            const open = submission?.acts?.find((one) => one.act === 'late-admission');
            return open && { ...open, workflowId: workflowIds.submission(year, project.county) };
          },
        });
        return { status: 201, body: { event: eventOf(event) } };
      },
    }),
  ];
}
