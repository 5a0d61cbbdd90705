import { z } from 'zod';
import type { Context } from '../context';
import { operation, type AnyOperation } from '../http/operation';

/** What a page must know before anybody is logged in. */
export function entranceOperations({ mode, oidc }: Context): AnyOperation[] {
  return [
    operation({
      method: 'get',
      path: '/entrances',
      name: 'entrances',
      tag: 'sessions',
      summary: '登录方式',
      access: 'public',
      answers: {
        200: {
          description: '登录方式',
          schema: z.object({
            mode: z.enum(['live', 'rehearsal']),
            oidc: z.string().optional().meta({ description: '统一身份认证的登录地址，配置后才有' }),
          }),
        },
      },
      handle: async () => ({
        status: 200,
        body: { mode, ...(oidc === undefined ? {} : { oidc: '/auth/oidc/login' }) },
      }),
    }),
  ];
}
