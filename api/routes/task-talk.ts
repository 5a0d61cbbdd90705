import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { organisationId, prose, yesNo } from '../../domain/forms/fields';
import { userId } from '../../domain/forms/task-acts/fields';
import { ofAnswer, ofCopy, ofQuestion } from '../../domain/notification/beside-tasks';
import { holdsPersonalNumber } from '../../domain/personal-data';
import { Problem } from '../../domain/problems';
import { refusal } from '../../domain/refusal';
import type { Task } from '../../domain/task';
import type { TaskCommentRow } from '../../store/task-comments';
import type { TaskCopyRow } from '../../store/task-copies';
import type { Context } from '../context';
import { booleanParam, instant, NO_NUMBERS, pageSchema, paging, taskIdParam } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import { isAllowed, officeIn, officesOf, readsTask, type Caller } from '../permissions';
import { peopleNamedIn } from '../tasks/people';
import { peopleNamed, personRefusals } from '../tasks/persons';
import { copyView } from './person-views';
import { rowsOf } from './task-views';
import { actorView, peopleView, taskRowView } from './views';

const params = z.object({ id: taskIdParam });
const said = (title: string, max: number) =>
  prose(title, max).refine((text) => !holdsPersonalNumber(text), NO_NUMBERS);

const commentView = z
  .object({
    id: z.string(),
    kind: z.enum(['comment', 'question', 'answer']),
    answerTo: z.string().optional(),
    text: z.string(),
    by: actorView,
    at: instant,
  })
  .meta({ id: 'TaskComment' });

const copyRowView = copyView.extend({ about: taskRowView.optional() }).meta({ id: 'TaskCopyRow' });

/** Comments, questions and copies of a task: read and said beside it, never part of its workflow. */
export function taskTalkOperations(context: Context): AnyOperation[] {
  const { store, now } = context;
  const at = (): string => new Date(now()).toISOString();

  /** @throws Problem `not-found`, `not-your-seat` */
  async function readable(id: string, caller: Caller): Promise<Task> {
    const task = await store.tasks.find(id);
    if (!task) throw new Problem('not-found');
    if (!(await readsTask(store, caller, task))) throw new Problem('not-your-seat');
    return task;
  }

  const speaker = (caller: Caller, task: Task) => ({
    user: caller.user,
    organisation: officeIn(caller, task) ?? officesOf(caller)[0] ?? '',
  });

  /** A question and its answer; what is merely said, nobody is told of. */
  async function heardOf(task: Task, { _id: id, ...comment }: TaskCommentRow, asked?: TaskCommentRow) {
    const said = { id, ...comment };
    if (asked) return ofAnswer(task, said, asked.by);
    if (comment.kind !== 'question') return undefined;
    const copies = await store.taskCopies.ofTask(task.id);
    return ofQuestion(
      task,
      said,
      copies.map(({ organisation }) => organisation),
    );
  }

  return [
    operation({
      method: 'post',
      path: '/tasks/{id}/comment',
      name: 'commentOnTask',
      tag: 'tasks',
      summary: '沟通：就待办留言、提问、答复',
      description: 'Whoever reads the task reads and says. Nothing is decided by it.',
      access: 'tasks:decide',
      params,
      body: z.strictObject({
        text: said('内容', 4000),
        question: yesNo('提问').optional(),
        answerTo: z.uuid().optional().meta({ description: 'The question that this answers' }),
      }),
      idempotent: true,
      answers: { 201: { description: '已记', schema: z.object({ comment: commentView }) } },
      problems: ['not-found', 'rule-violated'],
      handle: async ({ caller, params: { id }, body, idempotencyKey: key }) =>
        once(store, { user: caller.user, key, target: `POST /tasks/${id}/comment`, body }, async () => {
          const task = await readable(id, caller);
          const { text, question, answerTo } = body;
          const asked = answerTo === undefined ? undefined : await store.taskComments.find(answerTo);
          if (answerTo !== undefined && (asked?.task !== id || asked.kind !== 'question')) {
            const none = refusal('没有这个提问', 'There is no such question', { path: 'answerTo' });
            throw Problem.refused([none]);
          }
          const comment: TaskCommentRow = {
            _id: randomUUID(),
            task: id,
            number: await store.counters.next(`comments/${id}`),
            kind: answerTo !== undefined ? 'answer' : question ? 'question' : 'comment',
            ...(answerTo === undefined ? {} : { answerTo }),
            text,
            by: speaker(caller, task),
            at: at(),
          };
          await store.taskComments.add(comment);
          const heard = await heardOf(task, comment, asked);
          if (heard) await store.notifications.add([heard]);
          return { status: 201, body: { comment: viewOfComment(comment) } };
        }),
    }),
    operation({
      method: 'get',
      path: '/tasks/{id}/comments',
      name: 'listTaskComments',
      tag: 'tasks',
      summary: '待办的沟通记录，按先后',
      access: 'tasks:read',
      params,
      query: z.strictObject(paging),
      answers: {
        200: { description: '沟通记录', schema: pageSchema(commentView).extend({ people: peopleView }) },
      },
      problems: ['not-found'],
      handle: async ({ caller, params: { id }, query }) => {
        await readable(id, caller);
        const { items, ...rest } = await store.taskComments.ofTask(id, query);
        const people = await peopleNamedIn(store, items);
        return { status: 200, body: { items: items.map(viewOfComment), people, ...rest } };
      },
    }),
    operation({
      method: 'post',
      path: '/tasks/{id}/copy',
      name: 'copyTask',
      tag: 'tasks',
      summary: '抄送待办',
      description: 'The organisation that must do it gives it to others to read.',
      access: 'tasks:decide',
      params,
      body: z.strictObject({
        organisation: organisationId('抄送'),
        user: userId('抄送给').optional(),
        note: said('附言', 1000).optional(),
      }),
      idempotent: true,
      answers: { 201: { description: '已抄送', schema: z.object({ copy: copyView }) } },
      problems: ['not-found', 'rule-violated'],
      handle: async ({ caller, params: { id }, body, idempotencyKey: key }) =>
        once(store, { user: caller.user, key, target: `POST /tasks/${id}/copy`, body }, async () => {
          const task = await readable(id, caller);
          if (officeIn(caller, task) === undefined) throw new Problem('not-your-seat');
          const { organisation, user, note } = body;
          const refusals = [
            ...((await store.organisations.find(organisation)) ? [] : [NO_ORGANISATION]),
            ...personRefusals(await peopleNamed(store, body), task, 'copy', body),
          ];
          if (refusals.length > 0) throw Problem.refused(refusals);
          const copy = await store.taskCopies.add({
            task: id,
            organisation,
            ...(user === undefined ? {} : { user }),
            ...(note === undefined ? {} : { note }),
            by: speaker(caller, task),
            at: at(),
          });
          await store.notifications.add([ofCopy(task, copy)]);
          return { status: 201, body: { copy: viewOfCopy(copy) } };
        }),
    }),
    operation({
      method: 'get',
      path: '/tasks/{id}/copies',
      name: 'listTaskCopies',
      tag: 'tasks',
      summary: '待办抄送给谁、谁已阅',
      access: 'tasks:read',
      params,
      answers: {
        200: {
          description: '抄送',
          schema: z.object({
            items: z.array(copyView),
            unread: z.boolean().meta({ description: '其中有抄送给我、我尚未阅的' }),
            mayCopy: z.boolean().meta({ description: '我可以抄送' }),
            people: peopleView,
          }),
        },
      },
      problems: ['not-found'],
      handle: async ({ caller, params: { id } }) => {
        const task = await readable(id, caller);
        const [rows, unread] = await Promise.all([
          store.taskCopies.ofTask(id),
          store.taskCopies.isFor(id, readerOf(caller), true),
        ]);
        const items = rows.map(viewOfCopy);
        const mayCopy = isAllowed('tasks:decide', caller) && officeIn(caller, task) !== undefined;
        return { status: 200, body: { items, unread, mayCopy, people: await peopleNamedIn(store, items) } };
      },
    }),
    operation({
      method: 'get',
      path: '/copies',
      name: 'listCopies',
      tag: 'tasks',
      summary: '抄送给我的待办，最近的在前',
      access: 'inbox:read',
      query: z.strictObject({ unread: booleanParam.optional() }),
      answers: {
        200: { description: '抄送', schema: z.object({ items: z.array(copyRowView), people: peopleView }) },
      },
      handle: async ({ caller, query: { unread } }) => {
        const copies = await store.taskCopies.to(readerOf(caller), unread);
        const tasks = await rowsOf(
          context,
          caller,
          await store.tasks.findAll(copies.map(({ task }) => task)),
        );
        const items = copies.map((copy) => {
          const about = tasks.find(({ id }) => id === copy.task);
          return { ...viewOfCopy(copy), ...(about ? { about } : {}) };
        });
        return { status: 200, body: { items, people: await peopleNamedIn(store, items) } };
      },
    }),
    operation({
      method: 'post',
      path: '/tasks/{id}/reading',
      name: 'readTaskCopy',
      tag: 'tasks',
      summary: '抄送件标为已阅',
      access: 'tasks:decide',
      params,
      answers: { 204: { description: '已阅' } },
      problems: ['not-found'],
      handle: async ({ caller, params: { id } }) => {
        if (!(await store.taskCopies.read(id, readerOf(caller), at()))) throw new Problem('not-found');
        return { status: 204 };
      },
    }),
  ];
}

const NO_ORGANISATION = refusal('没有此单位', 'There is no such organisation', { path: 'organisation' });

function readerOf(caller: Caller) {
  return { user: caller.user, organisations: officesOf(caller) };
}

function viewOfComment({ _id, task: _t, number: _n, ...rest }: TaskCommentRow): z.infer<typeof commentView> {
  return { id: _id, ...rest };
}

function viewOfCopy({ _id, ...rest }: TaskCopyRow): z.infer<typeof copyView> {
  return { ...rest, reads: [...rest.reads] };
}
