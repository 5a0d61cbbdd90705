import { z } from 'zod';
import { actKinds, taskKinds } from '../../domain/forms';
import type { Context } from '../context';
import { identifier } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';

const MOST = 200;
const kindView = z.object({
  kind: z.string(),
  of: z.enum(['task', 'act']).meta({ description: '待办，或可发起的事项' }),
  title: z.string(),
  titleEn: z.string(),
  clause: z.string(),
});

/** What stands in records by a key, as officers call it: offices, tasks, acts. */
export function nameOperations({ store }: Pick<Context, 'store'>): AnyOperation[] {
  const kinds = [
    ...Object.entries(taskKinds).map(([kind, row]) => ({ kind, of: 'task' as const, ...named(row) })),
    ...Object.entries(actKinds).map(([kind, row]) => ({ kind, of: 'act' as const, ...named(row) })),
  ];

  return [
    operation({
      method: 'get',
      path: '/organisations/names',
      name: 'nameOrganisations',
      tag: 'administration',
      summary: '单位名称：按编号，一次不超过 200 个',
      access: 'reference:read',
      query: z.strictObject({
        ids: z
          .string()
          .transform((text) => text.split(','))
          .pipe(z.array(identifier).max(MOST))
          .meta({ override: { type: 'string', description: '编号，以逗号分隔' } }),
      }),
      answers: {
        200: {
          description: '编号对应的名称；没有的不列',
          schema: z.object({ names: z.record(z.string(), z.string()) }),
        },
      },
      handle: async ({ query: { ids } }) => {
        const rows = await store.organisations.findAll(ids);
        return { status: 200, body: { names: Object.fromEntries(rows.map(({ id, name }) => [id, name])) } };
      },
    }),
    operation({
      method: 'get',
      path: '/kinds',
      name: 'listKinds',
      tag: 'policy',
      summary: '事项：待办和可发起事项的名称与条款',
      access: 'reference:read',
      answers: { 200: { description: '事项', schema: z.object({ items: z.array(kindView) }) } },
      handle: async () => ({ status: 200, body: { items: kinds } }),
    }),
  ];
}

function named({ title, titleEn, clause }: { title: string; titleEn: string; clause: string }) {
  return { title, titleEn, clause };
}
