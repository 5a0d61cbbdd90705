import type { Request, Response } from 'express';
import type { Attachment } from '../../store/attachments';
import type { Context } from '../context';

/**
 * Streams a file out, for download only: whatever it holds, no browser runs it here.
 * @param filename as whoever downloads it sees it
 */
export function sendFile(
  { store, log }: Pick<Context, 'store' | 'log'>,
  { id, contentType, length, sha256, filename }: Attachment,
  { request, response }: { readonly request: Request; readonly response: Response },
): void {
  response.status(200).set({
    'Content-Type': contentType,
    'Content-Length': String(length),
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(filename)}`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'Repr-Digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
  });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const content = store.attachments.read(id);
  content.once('error', (error) => {
    log.error({ err: error, attachment: id }, 'attachment broke off');
    response.destroy();
  });
  response.once('close', () => content.destroy());
  content.pipe(response);
}
