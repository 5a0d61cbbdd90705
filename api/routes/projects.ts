import { z } from 'zod';
import { Problem } from '../../domain/problems';
import { MOST_COMMUNITIES } from '../../domain/project';
import { asIntake, intakeForm, intakeRefusals } from '../../domain/intake';
import { steps } from '../../policy/keys';
import { workflowIds } from '../../workflows/messages';
import type { Context } from '../context';
import {
  areaCode,
  booleanParam,
  identifier,
  line,
  pageSchema,
  paging,
  projectId,
  publicLine,
  year,
  yearParam,
} from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import { projectSeenBy, reachOf, seenProjects, type Caller, type SeenProject } from '../permissions';
import { beginProject } from '../projects/begin';
import { projectEventsSeen } from '../projects/events';
import { peopleNamedIn } from '../tasks/people';
import { projectDetail, projectStatuses, projectSummary } from './project-schemas';
import { projectDetailOf, projectSummaryOf } from './project-views';
import { eventOf } from './task-views';
import { eventView, peopleView } from './views';

const params = z.object({ id: projectId });

const beginning = z.strictObject({
  communityIds: z
    .array(identifier)
    .min(1)
    .max(MOST_COMMUNITIES)
    .refine(allDifferent, { message: '小区重复 / listed twice' }),
  year,
  name: publicLine(100).optional(),
  pilot: z.boolean().optional().meta({ description: '省级试点或 4+N 试点（P4.3.2）' }),
});

/** Projects: begin one, take one in, list, look at, and read the record. */
export function projectOperations(context: Context): AnyOperation[] {
  const { store, client, engineUi } = context;

  function engineUrlOf(id: string): string | undefined {
    if (engineUi === undefined) return undefined;
    const workflow = encodeURIComponent(workflowIds.project(id));
    return `${engineUi}/namespaces/${client.options.namespace}/workflows/${workflow}`;
  }

  async function detail(caller: Caller, { project, sight }: SeenProject) {
    const { projectId } = project;
    const own = sight === 'own-part' ? { organisations: reachOf(caller).parties } : {};
    const [open, rounds] = await Promise.all([
      store.tasks.list({ ...own, projectId, status: 'open', limit: 200 }),
      store.steps.ofProject(projectId),
    ]);
    const engineUrl = caller.roles.includes('system-administrator') ? engineUrlOf(projectId) : undefined;
    return { ...projectDetailOf(project, open.items, rounds, sight), ...(engineUrl ? { engineUrl } : {}) };
  }

  /** Whoever has begun a project is answered with it. */
  async function begun(caller: Caller, id: string) {
    const project = await store.projects.find(id);
    if (!project) throw new Problem('engine-unavailable');
    const body = await detail(caller, { project, sight: 'everything' });
    return { status: 201, headers: { Location: body.links.self }, body };
  }

  return [
    operation({
      method: 'post',
      path: '/projects',
      name: 'beginProject',
      tag: 'projects',
      summary: '发起项目（县区或街道经办）',
      access: 'project:create',
      body: beginning,
      idempotent: true,
      answers: { 201: { description: '已发起', schema: projectDetail } },
      problems: ['already-exists', 'rule-violated'],
      handle: async ({ caller, body, idempotencyKey }) =>
        once(
          store,
          { user: caller.user, key: idempotencyKey, target: 'POST /projects', body },
          async (attempt) => begun(caller, await beginProject(context, caller, body, attempt)),
        ),
    }),
    operation({
      method: 'post',
      path: '/projects/intake',
      name: 'takeInProject',
      tag: 'projects',
      summary: '接入已在纸面上进行的项目（县区住建经办，市住建确认）',
      access: 'project:intake',
      body: beginning.extend(intakeForm.shape),
      idempotent: true,
      answers: { 201: { description: '已接入，待市住建确认', schema: projectDetail } },
      problems: ['already-exists', 'rule-violated'],
      handle: async ({ caller, body, idempotencyKey }) =>
        once(
          store,
          { user: caller.user, key: idempotencyKey, target: 'POST /projects/intake', body },
          async (attempt) => {
            const { communityIds, year: planYear, name, pilot, ...form } = body;
            const { today } = await context.world.moment();
            const refusals = intakeRefusals(form, communityIds, today);
            if (refusals.length > 0) throw Problem.refused(refusals);
            const intake = asIntake(form);
            const id = await beginProject(
              context,
              caller,
              { communityIds, year: planYear, name, pilot, intake },
              attempt,
            );
            return begun(caller, id);
          },
        ),
    }),
    operation({
      method: 'get',
      path: '/projects',
      name: 'listProjects',
      tag: 'projects',
      summary: '项目列表',
      access: 'projects:read',
      query: z.strictObject({
        county: areaCode.optional(),
        step: z.enum(steps).optional(),
        year: yearParam.optional(),
        status: z.enum(projectStatuses).optional(),
        q: line(60).optional().meta({ description: '名称或编号的一部分' }),
        ...paging,
      }),
      answers: { 200: { description: '项目', schema: pageSchema(projectSummary) } },
      handle: async ({ caller, query }) => {
        const page = await store.projects.list({ ...query, seen: await seenProjects(store, caller) });
        const due = await store.tasks.nextDue(page.items.map((one) => one.projectId));
        const items = page.items.map((one) => projectSummaryOf(one, due.get(one.projectId)));
        return { status: 200, body: { ...page, items } };
      },
    }),
    operation({
      method: 'get',
      path: '/projects/{id}',
      name: 'getProject',
      tag: 'projects',
      summary: '项目详情',
      access: 'projects:read',
      params,
      answers: { 200: { description: '项目', schema: projectDetail } },
      handle: async ({ caller, params: { id } }) => ({
        status: 200,
        body: await detail(caller, await projectSeenBy(store, caller, id)),
      }),
    }),
    operation({
      method: 'get',
      path: '/projects/{id}/events',
      name: 'listProjectEvents',
      tag: 'projects',
      summary: '项目全程记录：谁、以何席位、何时、做了什么、为何',
      access: 'projects:read',
      params,
      query: z.strictObject({
        latestFirst: booleanParam.optional().meta({ description: '最近的在前' }),
        ...paging,
      }),
      answers: {
        200: {
          description: '记录',
          schema: pageSchema(eventView).extend({
            people: peopleView.meta({ description: '人员：编号对应的姓名或用户名；只对可查看全部内容者' }),
          }),
        },
      },
      handle: async ({ caller, params: { id }, query }) => {
        const seen = await projectSeenBy(store, caller, id);
        const page = await projectEventsSeen(store, caller, seen, query);
        const items = page.items.map(eventOf);
        const people = seen.sight === 'everything' ? await peopleNamedIn(store, items) : {};
        return { status: 200, body: { ...page, items, people } };
      },
    }),
  ];
}

function allDifferent(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length;
}
