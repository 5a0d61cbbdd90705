import { z } from 'zod';
import { refusal, type Refusal } from '../../refusal';
import { signOffElsewhere } from '../../sign-off';
import { defineTaskAct, notTheirsToGive } from '../../task-act';
import { organisationId, prose } from '../fields';
import { otherPerson, userId } from './fields';
import { released } from './release';

const form = z.strictObject({
  organisation: organisationId('转给单位').optional().meta({ description: '本单位以外持有同一岗位的单位' }),
  user: userId('转给').optional(),
  reason: prose('原因', 2000),
});

/** 转办: to another person of the organisation, or to another organisation that holds the same seat. */
export const transfer = defineTaskAct({
  act: 'transfer',
  event: 'task-transferred',
  title: '转办',
  titleEn: 'Transfer',
  clause: 'P1.4',
  form,
  may: notTheirsToGive,
  rules: (to, task, by, scene): Refusal[] => {
    const { organisation = task.organisation, user } = to;
    if (user !== undefined) return [...otherPerson(user, task, by), ...elsewhere(organisation)];
    return organisation === task.organisation ? [NOBODY_NAMED] : elsewhere(organisation);

    function elsewhere(named: string): Refusal[] {
      return named === task.organisation || scene.others.includes(named) ? [] : [NOT_ITS_SEAT];
    }
  },
  example: (_task, { colleague }) =>
    colleague === undefined ? undefined : { user: colleague, reason: '样例：分工调整' },
  apply: (task, { organisation = task.organisation, user }) => ({
    ...released(organisation === task.organisation ? task : signOffElsewhere(task)),
    organisation,
    ...(user === undefined ? {} : { holder: user }),
  }),
});

const NOBODY_NAMED = refusal('请指定转给何人或何单位', 'Name the person or the organisation', {
  path: 'user',
});

const NOT_ITS_SEAT = refusal(
  '该单位不持有此岗位，或已有同一待办',
  'That organisation does not hold this seat, or has such a task of its own',
  { path: 'organisation', clause: 'P1.4' },
);
