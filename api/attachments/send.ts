import type { Request, Response } from 'express';
import type { Attachment } from '../../store/attachments';
import type { Context } from '../context';

type Sending = { readonly request: Request; readonly response: Response };

/**
 * Streams a file out, for download only: whatever it holds, no browser runs it here.
 * @param filename as whoever downloads it sees it
 */
export function sendFile(context: Pick<Context, 'store' | 'log'>, file: Attachment, sending: Sending): void {
  sending.response.set('Content-Security-Policy', "default-src 'none'; sandbox");
  stream(context, file, sending, 'attachment');
}

/** What a browser shows without running anything: images, and PDF in its own viewer. */
export function canShow({ contentType }: Pick<Attachment, 'contentType'>): boolean {
  return ['image/png', 'image/jpeg', 'application/pdf'].includes(contentType);
}

/** Streams a file out to be looked at, in a frame of our own pages and of no others. */
export function showFile(context: Pick<Context, 'store' | 'log'>, file: Attachment, sending: Sending): void {
  sending.response.set({
    // The viewer of PDF is a page of the browser's; a sandbox would keep it out.
    'Content-Security-Policy':
      "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    'X-Frame-Options': 'SAMEORIGIN',
  });
  stream(context, file, sending, 'inline');
}

function stream(
  { store, log }: Pick<Context, 'store' | 'log'>,
  { id, contentType, length, sha256, filename }: Attachment,
  { request, response }: Sending,
  disposition: 'inline' | 'attachment',
): void {
  response.status(200).set({
    'Content-Type': contentType,
    'Content-Length': String(length),
    'Content-Disposition': `${disposition}; filename*=UTF-8''${encodeURIComponent(filename)}`,
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
