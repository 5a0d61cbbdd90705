import { z } from 'zod';
import type { Actor } from '../../domain/actor';
import { hasSubmitted, heldFrom, isAwaitedDelegate, notYet } from '../../domain/holding';
import { Problem } from '../../domain/problems';
import type { Task } from '../../domain/task';
import type { Page } from '../../store/cursor';
import type { TaskFilter } from '../../store/tasks';
import type { Context } from '../context';
import { completionBody } from '../forms/envelope';
import { completionExample, completionSchema } from '../forms/json-schema';
import { booleanParam, line, pageSchema, paging, projectId, taskIdParam } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import {
  actorToDecide,
  officeIn,
  officesOf,
  readsTask,
  seesAllTasks,
  stoodInForAt,
  type Caller,
} from '../permissions';
import { actsOffered } from '../tasks/acts';
import { completeTask, findTask, kindOf } from '../tasks/completion';
import { peopleNamedIn } from '../tasks/people';
import { returnOffered } from '../tasks/return';
import { rowsOf, signOffOf, viewOf } from './task-views';
import { peopleView, stage, taskDetail, taskRowView, taskView } from './views';

const params = z.object({ id: taskIdParam });

/** The inbox, one task, and its completion. */
export function taskOperations(context: Context): AnyOperation[] {
  const { store, world, now } = context;

  const wordsOf = async (part: string) => ({ part, projects: await store.projects.named(part) });
  const answer = async (caller: Caller, page: Page<Task>) => {
    const items = await rowsOf(context, caller, page.items);
    return { status: 200, body: { ...page, items, people: await peopleNamedIn(store, items) } };
  };

  return [
    operation({
      method: 'get',
      path: '/tasks',
      name: 'listTasks',
      tag: 'tasks',
      summary: '待办列表，按到期先后',
      description:
        '`mine`: the seats I hold; without it also what I may record from paper for another office, and of a project that I see as a whole everybody’s. Administrators hold no seat: their list is empty, but for the one who audits.',
      access: 'inbox:read',
      query: z.strictObject({
        status: z.enum(['open', 'completed', 'closed']).optional(),
        mine: booleanParam.optional(),
        kind: z
          .string()
          .regex(/^[a-z][a-z-]{1,59}$/)
          .optional(),
        step: stage.optional(),
        projectId: projectId.optional(),
        q: line(60).optional().meta({ description: '事项名称、项目编号或项目名称的一部分' }),
        decidedByMe: booleanParam.optional().meta({ description: '已办：本人办结的，最近的在前' }),
        submittedByMe: booleanParam.optional().meta({ description: '本人提交、由他人办理的' }),
        overdue: booleanParam.optional(),
        ...paging,
      }),
      answers: {
        200: { description: '待办', schema: pageSchema(taskRowView).extend({ people: peopleView }) },
      },
      handle: async ({ caller, query }) => {
        const { mine, q, decidedByMe, submittedByMe, ...asked } = query;
        const filter: TaskFilter = q === undefined ? asked : { ...asked, text: await wordsOf(q) };
        if (decidedByMe) return answer(caller, await store.tasks.decidedBy(caller.user, filter));
        if (submittedByMe) {
          return answer(caller, await store.tasks.list({ ...filter, submittedBy: caller.user }));
        }
        const own = mine || !(await seesAllTasks(store, caller, query.projectId));
        const page = await store.tasks.list({
          ...filter,
          ...(own ? { organisations: officesOf(caller), orPaperBy: !mine } : {}),
          ...(mine ? { notFor: caller.user } : {}),
        });
        return answer(caller, page);
      },
    }),
    operation({
      method: 'get',
      path: '/tasks/{id}',
      name: 'getTask',
      tag: 'tasks',
      summary: '一项待办，附表单与样例',
      access: 'tasks:read',
      params,
      answers: { 200: { description: '待办', schema: taskDetail } },
      problems: ['not-found'],
      handle: async ({ caller, params: { id } }) => {
        const task = await findTask(context, id);
        const office = officeIn(caller, task);
        if (office === undefined && !(await readsTask(store, caller, task)))
          throw new Problem('not-your-seat');
        const kind = kindOf(task);
        const fromPaper = office !== undefined && office !== task.organisation;
        const example =
          office !== undefined && task.status === 'open' && !task.paperPending && mayDecide(task, caller)
            ? completionExample(kind, task, await world.moment(), fromPaper)
            : undefined;
        const form = completionSchema(kind, task, fromPaper);
        const [row] = await rowsOf(context, caller, [task]);
        const { titleEn, clause } = kind;
        const offered = await actsOffered({ store, now }, caller, task);
        const acts = [...offered.acts, ...(await returnOffered({ store, world }, caller, task))];
        const shown = {
          ...viewOf(task),
          standInFor: stoodInForAt(caller, task),
          ...(office !== undefined && task.signOff ? { signOff: signOffOf(task.signOff) } : {}),
        };
        return {
          status: 200,
          body: {
            ...shown,
            people: await peopleNamedIn(store, shown),
            projectName: row?.projectName,
            left: row?.left,
            titleEn,
            clause,
            form,
            example,
            ...offered,
            acts,
          },
        };
      },
    }),
    operation({
      method: 'post',
      path: '/tasks/{id}/completion',
      name: 'completeTask',
      tag: 'tasks',
      summary: '办理一项待办',
      description: 'On 200 the decision is durable in engine and record, and visible to every later read.',
      access: 'tasks:decide',
      params,
      body: completionBody,
      idempotent: true,
      answers: { 200: { description: '已办结', schema: z.object({ task: taskView }) } },
      problems: ['task-not-open', 'wrong-step', 'rule-violated', 'needs-repair'],
      handle: async ({ caller, params: { id }, body, language, idempotencyKey: key }) => {
        const task = await completeTask(context, { caller, id, body, language, key });
        return { status: 200, body: { task: viewOf(task) } };
      },
    }),
  ];
}

/** Whether it waits for this very person now: an example that would be refused is none. */
function mayDecide(task: Task, caller: Caller): boolean {
  const by = deciding(caller, task);
  if (!by || heldFrom(task, by) !== undefined || hasSubmitted(task, by)) return false;
  return isAwaitedDelegate(task, by) || notYet(task) === undefined;
}

function deciding(caller: Caller, task: Task): Actor | undefined {
  try {
    return actorToDecide(caller, task);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
