import { Readable } from 'node:stream';
import busboy, { type Busboy } from 'busboy';
import type { Request } from 'express';
import { Problem } from '../../domain/problems';
import { InvalidRequest } from '../http/invalid';
import { HEAD_BYTES, typeOf } from './types';

/** One file of a multipart request, as it comes in. */
export interface IncomingFile {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Readable;
}

/** Where the file goes, and how it is taken back if the rest of the request is refused. */
export interface FileKeeper<T> {
  save(file: IncomingFile): Promise<T>;
  remove(saved: T): Promise<void>;
}

/**
 * Takes the one file out of a multipart body and hands it on while it still streams in.
 * @throws Problem 415 for another type than its bytes and name say is allowed, 413 beyond `largest`, 400 without a file
 */
export async function receiveFile<T>(
  request: Request,
  largest: number,
  { save, remove }: FileKeeper<T>,
): Promise<T> {
  const parser = parserOf(request, largest);
  const tooLarge = new Problem('too-large', {
    zh: `文件最大 ${largest} 字节`,
    en: `At most ${largest} bytes`,
  });
  let taken: Promise<T> | undefined;
  const parsed = new Promise<void>((resolve, reject) => {
    parser.on('file', (field, stream, info) => {
      if (field !== 'file' || taken) {
        stream.resume();
        reject(notOneFile());
        return;
      }
      taken = take(stream, info.filename, tooLarge, save);
      taken.catch(reject);
    });
    parser.once('field', () => reject(notOneFile()));
    parser.once('filesLimit', () => reject(notOneFile()));
    // Not once: a form that is cut off after a first error has a second one, which nobody would hear.
    parser.on('error', () => reject(malformed()));
    parser.once('close', resolve);
    request.once('aborted', () => parser.destroy(new Error('the client went away')));
  });
  request.pipe(parser);
  try {
    await parsed;
    if (!taken) throw notOneFile();
    return await taken;
  } catch (error) {
    const saved = await taken?.catch(() => undefined);
    if (saved !== undefined) await remove(saved);
    throw error;
  } finally {
    request.unpipe(parser);
    // Nobody reads the rest; the connection ends with the answer.
    request.resume();
  }
}

function parserOf(request: Request, largest: number): Busboy {
  const type = request.get('Content-Type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    throw new Problem('unsupported-media-type', {
      zh: '请以 multipart/form-data 提交',
      en: 'Send multipart/form-data',
    });
  }
  if (Number(request.get('Content-Length') ?? 0) > largest + 64 * 1024) throw new Problem('too-large');
  try {
    return busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { files: 1, fields: 1, parts: 2, fileSize: largest, headerPairs: 20 },
    });
  } catch {
    throw malformed();
  }
}

type FileStream = Readable & { truncated?: boolean };

async function take<T>(
  stream: FileStream,
  name: string | undefined,
  tooLarge: Problem,
  save: (file: IncomingFile) => Promise<T>,
): Promise<T> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let head = Buffer.alloc(0);
  while (head.length < HEAD_BYTES) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const filename = nameOf(name);
  const contentType = head.length === 0 ? undefined : typeOf(filename, head);
  if (contentType === undefined) {
    stream.resume();
    throw head.length === 0
      ? new InvalidRequest([{ path: 'file', message: { zh: '文件为空', en: 'The file is empty' } }])
      : new Problem('unsupported-media-type', {
          zh: '文件内容与扩展名不符，或类型不在允许之列',
          en: 'The bytes are not what the name says, or the type is not accepted',
        });
  }
  async function* whole(): AsyncGenerator<Buffer> {
    yield head;
    for (;;) {
      const next = await chunks.next();
      if (next.done) break;
      yield next.value;
    }
    if (stream.truncated) throw tooLarge;
  }
  return save({ filename, contentType, content: Readable.from(whole(), { objectMode: false }) });
}

/** The last part of what the client calls it, without what no file system or header can carry. */
function nameOf(name: string | undefined): string {
  const last = (name ?? '').split(/[\\/]/).at(-1) ?? '';
  const clean = last.replaceAll(/[\p{Cc}\p{Cf}\p{Surrogate}"]/gu, '').trim();
  return [...clean].slice(-120).join('') || 'file';
}

function notOneFile(): Problem {
  return new InvalidRequest([
    { path: 'file', message: { zh: '应有且只有一个名为 file 的文件', en: 'Exactly one file, named file' } },
  ]);
}

function malformed(): Problem {
  return new InvalidRequest([{ path: 'file', message: { zh: '表单格式有误', en: 'Malformed form data' } }]);
}
