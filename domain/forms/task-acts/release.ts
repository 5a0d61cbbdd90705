import { z } from 'zod';
import { principalOf } from '../../actor';
import { SECOND_PERSON } from '../../desk-rules';
import { refusal } from '../../refusal';
import { defineTaskAct, violated } from '../../task-act';
import type { Task } from '../../task';
import { prose } from '../fields';

/** 释放: whoever has it gives it back; somebody who signs for the organisation takes it back, with reason. */
export const release = defineTaskAct({
  act: 'release',
  event: 'task-released',
  title: '释放',
  titleEn: 'Release',
  clause: 'P1.4',
  form: z.strictObject({ reason: prose('原因', 2000).optional() }),
  may: (task) => {
    if (task.paperPending) return violated(SECOND_PERSON);
    return task.holder === undefined ? violated(NOBODY) : undefined;
  },
  // Who signs for an organisation, only the API knows: it lets nobody else through, and signs.
  rules: ({ reason }, task, by) =>
    task.holder === principalOf(by) || reason !== undefined
      ? []
      : [refusal('收回他人领取的待办须说明原因', 'Give the reason for taking it back', { path: 'reason' })],
  example: () => ({ reason: '样例：人员外出' }),
  apply: (task) => released(task),
});

const NOBODY = { zh: '该待办尚无人领取', en: 'Nobody has it' };

/** Open to everybody of the organisation again; an unanswered delegation ends with it. */
export function released(task: Task): Task {
  const { holder: _h, delegation: _d, ...rest } = task;
  return rest;
}
