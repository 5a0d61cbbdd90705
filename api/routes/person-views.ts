import { z } from 'zod';
import { officeRoles } from '../../policy/keys';
import { instant } from '../http/fields';
import { actorView } from './views';

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
