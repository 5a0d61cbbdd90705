import { z } from 'zod';
import type { Context } from '../context';
import { pageSchema, paging } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { peopleNamedIn } from '../tasks/people';
import { accessView } from './keeping-views';
import { peopleView } from './views';

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
      answers: {
        200: {
          description: '查阅记录，最近的在前',
          schema: pageSchema(accessView).extend({ people: peopleView }),
        },
      },
      handle: async ({ query }) => {
        const page = await store.accessLog.list(query);
        const items = page.items.map(({ _id, at, ...row }) => ({ at: at.toISOString(), ...row }));
        return { status: 200, body: { ...page, items, people: await peopleNamedIn(store, items) } };
      },
    }),
  ];
}
