import { z } from 'zod';
import type { Context } from '../context';
import { instant, pageSchema, paging } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';

const accessView = z
  .object({
    at: instant,
    kind: z.enum(['objection-authors', 'payloads-decoded', 'payloads-encoded']).meta({
      description: 'objection-authors 查看提意见人，payloads-decoded 查看流程内容，payloads-encoded 加密内容',
    }),
    user: z.string(),
    organisation: z.string().optional(),
    of: z.string().meta({ description: '公示或命名空间' }),
    refs: z.array(z.string()).optional(),
    count: z.int(),
    reason: z.string().optional(),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Access' });

/** Who has read what not everybody may read (个人信息保护法 54): for whoever audits. Nobody changes it. */
export function accessLogOperations({ store }: Context): AnyOperation[] {
  return [
    operation({
      method: 'get',
      path: '/access-log',
      name: 'listAccesses',
      tag: 'audit',
      summary: '查阅日志：谁在何时因何查看了个人信息或流程内容',
      access: 'access-log:read',
      query: z.strictObject({ user: z.string().max(64).optional(), ...paging }),
      answers: { 200: { description: '查阅记录，最近的在前', schema: pageSchema(accessView) } },
      handle: async ({ query }) => {
        const page = await store.accessLog.list(query);
        const items = page.items.map(({ _id, at, ...row }) => ({ at: at.toISOString(), ...row }));
        return { status: 200, body: { ...page, items } };
      },
    }),
  ];
}
