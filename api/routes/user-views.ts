import { z } from 'zod';
import { instant } from '../http/fields';
import { ROLES } from '../permissions';
import { seat, systemRole } from '../users/rights';

/** What the security administrator is answered of users. */

export const userView = z
  .object({
    id: z.string(),
    username: z.string(),
    displayName: z.string().optional(),
    email: z.string().optional().meta({ description: '仅安全管理员可见' }),
    seats: z.array(seat),
    systemRole: systemRole.optional(),
    identityProvider: z.string().optional().meta({ description: '在此登录的统一身份认证' }),
    roles: z.array(z.enum(ROLES)),
    mustChangePassword: z.boolean(),
    disabled: z.boolean(),
    sample: z.boolean(),
    createdAt: instant,
  })
  .meta({ id: 'User' });

export const imported = z
  .object({
    created: z.int(),
    users: z.array(
      z.object({
        line: z.int(),
        id: z.string(),
        username: z.string(),
        password: z.string().meta({ description: '初始密码，只显示这一次；首次登录须改' }),
      }),
    ),
  })
  .meta({ id: 'ImportedUsers' });
