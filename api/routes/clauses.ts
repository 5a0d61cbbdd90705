import { z } from 'zod';
import { clausesOf } from '../../policy/clauses';
import type { Context } from '../context';
import { operation, type AnyOperation } from '../http/operation';

const clauseView = z
  .object({
    id: z.string().meta({ example: 'P2.1.3' }),
    place: z.string().meta({ description: '在文件中的位置', example: '二(一)3' }),
    title: z.string(),
    titleEn: z.string(),
    text: z.string().meta({ description: '文件原文' }),
    law: z
      .array(z.object({ title: z.string(), basis: z.string() }))
      .meta({ description: '由此而来的期限、比例和限额及其依据' }),
  })
  .meta({ id: 'Clause' });

/** They change with the program only. */
const HEADERS = { 'Cache-Control': 'public, max-age=86400' };

/** What stands behind each field, rule and refusal; the document is public. */
export function clauseOperations({ policy }: Pick<Context, 'policy'>): AnyOperation[] {
  return [
    operation({
      method: 'get',
      path: '/clauses',
      name: 'listClauses',
      tag: 'policy',
      summary: '条款：政策原文和法律依据',
      access: 'public',
      answers: {
        200: {
          description: '条款',
          schema: z.object({
            document: z.object({ title: z.string(), number: z.string() }),
            items: z.array(clauseView),
          }),
        },
      },
      handle: async () => {
        const { title, number } = policy.document;
        return {
          status: 200,
          headers: HEADERS,
          body: { document: { title, number }, items: clausesOf(policy.id) },
        };
      },
    }),
  ];
}
