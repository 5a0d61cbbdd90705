import { z } from 'zod';
import { personsOf, type Actor } from '../../actor';
import { refusal, type Refusal } from '../../refusal';
import type { Task } from '../../task';

/** A user, by id: never a name, it enters the record. */
export const userId = (title: string) =>
  z
    .string()
    .regex(/^[a-zA-Z0-9-]{2,64}$/, { message: '应为用户编号' })
    .meta({ title: `${title}（用户）` });

/** Somebody else than who asks and in whose stead they do, and nobody who submitted what is to be decided. */
export function otherPerson(
  user: string,
  task: Pick<Task, 'notBy'>,
  by: Pick<Actor, 'user' | 'for'>,
): Refusal[] {
  if (personsOf(by).includes(user))
    return [refusal('不能指定本人', 'It must be somebody else than you', { path: 'user' })];
  if (!task.notBy.includes(user)) return [];
  return [submitted('user')];
}

/** Nobody decides on, or signs with others, what they themselves submitted. */
export function submitted(path: string): Refusal {
  return refusal('该人员是本事项的提交人，不能办理', 'They submitted what is to be decided', {
    path,
    clause: 'P1.4',
  });
}
