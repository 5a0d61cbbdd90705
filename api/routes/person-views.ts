import { z } from 'zod';
import { officeRoles } from '../../policy/keys';
import { instant } from '../http/fields';
import { actorView, notificationKind } from './views';

/** Shapes of what is between persons, beside tasks and their forms. */

export const colleagueView = z
  .object({
    user: z.string(),
    name: z.string().meta({ description: '姓名，未登记的为用户名' }),
    organisation: z.string(),
    roles: z.array(z.enum(officeRoles)),
  })
  .meta({ id: 'Colleague' });

export const copyView = z
  .object({
    task: z.string(),
    organisation: z.string(),
    user: z.string().optional(),
    note: z.string().optional(),
    by: actorView,
    at: instant,
    reads: z.array(z.object({ user: z.string(), at: instant })).meta({ description: '已阅' }),
  })
  .meta({ id: 'TaskCopy' });

export const standInView = z
  .object({
    id: z.string(),
    user: z.string().meta({ description: '被代理人' }),
    standIn: z.string().meta({ description: '代理人' }),
    organisation: z.string(),
    from: z.string(),
    until: z.string(),
    kinds: z.array(z.string()).optional(),
    reason: z.string().optional(),
    holds: z.boolean().meta({ description: '今日有效' }),
    over: z.boolean().meta({ description: '已到期，或已终止' }),
    namedBy: z.string(),
    namedAt: instant,
    ended: z.object({ by: z.string(), at: instant }).optional(),
  })
  .meta({ id: 'StandIn' });

export const messageView = z
  .object({
    id: z.string(),
    kind: notificationKind,
    at: instant,
    subject: z.string(),
    text: z.string(),
    taskId: z.string().optional(),
    projectId: z.string().optional(),
    readAt: instant.optional(),
  })
  .meta({ id: 'Message' });
