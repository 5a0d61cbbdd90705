import { z } from 'zod';
import { Problem } from '../../domain/problems';
import type { Attachment } from '../../store/attachments';
import { receiveFile } from '../attachments/receive';
import { canShow, sendFile, showFile } from '../attachments/send';
import type { Context } from '../context';
import { identifier, instant } from '../http/fields';
import { operation, type AnyOperation } from '../http/operation';
import { once } from '../idempotency';
import { seesAttachment, type Caller } from '../permissions';

const LARGEST = 50 * 1024 * 1024;

const attachmentView = z
  .object({
    id: z.string(),
    filename: z.string(),
    contentType: z.string(),
    size: z.int().meta({ description: '字节' }),
    sha256: z.string(),
    at: instant,
  })
  .meta({ id: 'Attachment' });

/** Files that forms refer to: streamed in and out, hashed on the way. */
export function attachmentOperations({ store, largestAttachment = LARGEST, log }: Context): AnyOperation[] {
  /** @throws Problem `not-found` */
  async function seen(caller: Caller, id: string, method: string): Promise<Attachment> {
    const found = await store.attachments.find(id);
    if (!found || !(await seesAttachment(store, caller, found))) throw new Problem('not-found');
    // A scan may bear anybody's name: who has had it is known.
    if (method !== 'HEAD')
      await store.accessLog.tally({ kind: 'attachment', user: caller.user, of: id, count: 1 });
    return found;
  }

  return [
    operation({
      method: 'post',
      path: '/attachments',
      name: 'uploadAttachment',
      tag: 'attachments',
      summary: '上传附件',
      description: `一个文件，字段名 file。可用：PDF、OFD、JPEG、PNG、TIFF、Word、Excel、CSV、TXT、ZIP、MP4；最大 ${largestAttachment} 字节。`,
      access: 'attachments:write',
      rawBody: ['multipart/form-data'],
      idempotent: true,
      slow: true,
      answers: { 201: { description: '已保存', schema: attachmentView } },
      handle: async ({ caller, request, idempotencyKey: key }) => {
        const by = { by: caller.user, ...officeOf(caller.organisations[0]?.id) };
        const saved = await receiveFile(request, largestAttachment, {
          save: ({ content, filename, contentType }) =>
            store.attachments.save(content, { ...by, filename, contentType }),
          remove: ({ id }) => store.attachments.remove(id),
        });
        const body = { sha256: saved.sha256, filename: saved.filename };
        const answer = await once(
          store,
          { user: caller.user, key, target: 'POST /attachments', body },
          async () => ({
            status: 201,
            headers: { Location: `/api/v1/attachments/${saved.id}` },
            body: viewOf(saved),
          }),
        ).catch(async (error: unknown) => {
          await store.attachments.remove(saved.id);
          throw error;
        });
        // The same file under the same key: the first one stays, this copy goes.
        if ((answer.body as { id: string }).id !== saved.id) await store.attachments.remove(saved.id);
        return answer;
      },
    }),
    operation({
      method: 'get',
      path: '/attachments/{id}',
      name: 'downloadAttachment',
      tag: 'attachments',
      summary: '下载附件',
      access: 'attachments:read',
      params: z.object({ id: identifier }),
      slow: true,
      answers: {
        200: { description: '文件', contentType: '*/*', schema: z.string() },
      },
      handle: async ({ caller, params: { id }, request, response }) => {
        sendFile({ store, log }, await seen(caller, id, request.method), { request, response });
        return undefined;
      },
    }),
    operation({
      method: 'get',
      path: '/attachments/{id}/preview',
      name: 'previewAttachment',
      tag: 'attachments',
      summary: '预览附件（PDF、PNG、JPEG）',
      access: 'attachments:read',
      params: z.object({ id: identifier }),
      slow: true,
      answers: { 200: { description: '文件', contentType: '*/*', schema: z.string() } },
      problems: ['unsupported-media-type'],
      handle: async ({ caller, params: { id }, request, response }) => {
        const found = await seen(caller, id, request.method);
        if (!canShow(found)) throw new Problem('unsupported-media-type');
        showFile({ store, log }, found, { request, response });
        return undefined;
      },
    }),
  ];
}

function officeOf(organisation: string | undefined): { organisation?: string } {
  return organisation === undefined ? {} : { organisation };
}

function viewOf({ id, filename, contentType, length, sha256, at }: Attachment) {
  return { id, filename, contentType, size: length, sha256, at: at.toISOString() };
}
