import type { CivilDate } from '../calendar';
import { awaitedUser } from '../holding';
import type { Task } from '../task';
import type { Matter, Notification } from './notification';

/** What people must hear that no event of the record tells: copies, questions and stand-ins live beside the workflows. */

/** A task as messages name it. */
function matterOf(task: Task): Matter {
  const { projectId, planYear, county, step, round, id, title, due } = task;
  return {
    ...(projectId === undefined ? {} : { projectId }),
    ...(planYear === undefined ? {} : { planYear }),
    ...(county === undefined ? {} : { county }),
    step,
    round,
    task: { id, title, ...(due ? { due: due.date } : {}) },
  };
}

/** 抄送: whoever was given the task to read; once, however often it is sent. */
export function ofCopy(
  task: Task,
  { organisation, user, at }: { organisation: string; user?: string; at: string },
): Notification {
  return {
    id: ['copied', task.id, organisation, ...(user === undefined ? [] : [user])].join('.'),
    kind: 'task-copied',
    at,
    to: user === undefined ? { organisations: [organisation] } : { users: [user], organisation },
    about: matterOf(task),
  };
}

interface Said {
  readonly id: string;
  readonly at: string;
  readonly by: { readonly user: string; readonly organisation: string };
}

/**
 * 沟通: a question concerns whoever has the task; one of their own whoever else was given it to read. What was asked stands
 * in the system, not in the message.
 * @param copied organisations that have a copy
 */
export function ofQuestion(task: Task, { id, at, by }: Said, copied: readonly string[]): Notification {
  const own = by.organisation === task.organisation;
  const user = awaitedUser(task);
  return {
    id: `said.${id}`,
    kind: 'task-asked',
    at,
    to: {
      organisations: [...new Set([task.organisation, ...(own ? copied : [])])],
      notUsers: [by.user],
      ...(user === undefined || own ? {} : { user }),
    },
    about: matterOf(task),
  };
}

/** The answer concerns whoever has asked. */
export function ofAnswer(task: Task, { id, at }: Said, asked: Said['by']): Notification {
  const { user, organisation } = asked;
  return {
    id: `said.${id}`,
    kind: 'task-asked',
    at,
    to: { users: [user], organisation },
    about: matterOf(task),
  };
}

/** 代理: who is named, and who is stood in for where somebody else has named them. */
export function ofStandIn(named: {
  readonly id: string;
  readonly user: string;
  readonly standIn: string;
  readonly organisation: string;
  readonly from: CivilDate;
  readonly until: CivilDate;
  readonly namedBy: string;
  readonly namedAt: string;
}): Notification {
  const { id, user, standIn, organisation, from, until, namedBy, namedAt } = named;
  return {
    id: `stand-in.${id}`,
    kind: 'stand-in-named',
    at: namedAt,
    to: { users: [standIn, ...(user === namedBy ? [] : [user])], organisation },
    about: { standIn: { from, until } },
  };
}
