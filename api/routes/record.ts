import { z } from 'zod';
import { Problem } from '../../domain/problems';
import type { Context } from '../context';
import { civilDate, instant, numberParam, pageSchema, paging } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { proofOf } from '../record/proof';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const signature = z
  .looseObject({ at: instant, value: z.string(), certificate: z.looseObject({ keyId: z.string() }) })
  .meta({ id: 'Signature', description: '签名及其密钥证书' });
const leaf = z.object({ workflowId: z.string(), seq: z.int(), hash }).meta({
  id: 'RecordLeaf',
  description: '一条链当时的末条记录；revocation/… 为密钥吊销',
});
const dailyRoot = z
  .object({ date: civilDate, size: z.int(), root: hash, previous: hash, signature })
  .meta({ id: 'DailyRoot', description: '日根：当日全部记录的 Merkle 根，签名，并接续前一日根' });
const exported = dailyRoot.extend({ leaves: z.array(leaf) }).meta({ id: 'DailyRootExport' });
const proof = z
  .object({
    format: z.literal('jiugai-record-proof/1'),
    events: z.array(z.looseObject({ workflowId: z.string(), seq: z.int(), hash })),
    leaf,
    index: z.int(),
    path: z.array(hash),
    root: dailyRoot,
  })
  .meta({ id: 'RecordProof', description: '一条记录的存在证明，可离线核验（docs/record.md）' });

/** What an outside auditor needs: the daily roots, and excerpts that prove themselves (P5.1.2). */
export function recordOperations({ store }: Context): AnyOperation[] {
  return [
    operation({
      method: 'get',
      path: '/record/roots',
      name: 'listDailyRoots',
      tag: 'audit',
      summary: '日根列表',
      access: 'record:read',
      query: z.strictObject(paging),
      answers: { 200: { description: '日根，最早的在前', schema: pageSchema(dailyRoot) } },
      handle: async ({ query }) => ({ status: 200, body: await store.dailyRoots.list(query) }),
    }),
    operation({
      method: 'get',
      path: '/record/roots/{date}',
      name: 'exportDailyRoot',
      tag: 'audit',
      summary: '导出日根及其全部叶，交外部机构留存',
      access: 'record:read',
      slow: true,
      params: z.object({ date: civilDate }),
      answers: { 200: { description: '日根和叶', schema: exported } },
      problems: ['not-found'],
      handle: async ({ params: { date } }) => {
        const root = await store.dailyRoots.find(date);
        if (!root) throw new Problem('not-found');
        return { status: 200, body: { ...root, leaves: await store.dailyRoots.leavesOf(date) } };
      },
    }),
    operation({
      method: 'get',
      path: '/record/proof',
      name: 'proveEvent',
      tag: 'audit',
      summary: '导出一条记录的存在证明',
      description: '记录所在流程（workflowId）和序号（seq）见项目记录；当日尚无日根时答 404，次日再取。',
      access: 'record:read',
      slow: true,
      query: z.strictObject({
        workflowId: z.string().regex(/^(project|plan|submission)\/[\w/-]{1,120}$/),
        seq: numberParam(1, 9_999_999),
      }),
      answers: { 200: { description: '存在证明', schema: proof } },
      problems: ['not-found'],
      handle: async ({ query: { workflowId, seq } }) => {
        const found = await proofOf(store, workflowId, seq);
        if (!found) throw new Problem('not-found');
        return { status: 200, body: found };
      },
    }),
  ];
}
