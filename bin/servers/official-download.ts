import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { inScratchFolder, installFrom } from './install';
import { PINNED_PLATFORM } from './programs';
import { run } from './run';
import type { Report, Rung } from './rung';

/** How long the download host may take to answer: offices behind a mirror never reach it and should not wait. */
const ANSWER_WITHIN_MS = 5_000;
/** How long a download may stand still before it is given up. */
const STALL_MS = 20_000;

/** The archive that the program's own project offers. */
export const officialDownload: Rung = {
  title: 'the official download',
  async find(search) {
    const { program, env, report, cacheDir } = search;
    if (`${process.platform} ${process.arch}` !== PINNED_PLATFORM) return undefined;
    return inScratchFolder(cacheDir, async (folder) => {
      const archive = join(folder, 'archive.tar.gz');
      report(`  downloading ${program.name} ${program.version} from ${new URL(program.archiveUrl).host}`);
      await download(program.archiveUrl, archive, report);
      const unpacked = join(folder, 'unpacked');
      await mkdir(unpacked);
      await run('tar', ['-xzf', archive, '-C', unpacked], { env, report, doing: 'unpacking' });
      return { kind: 'program', ...(await installFrom(unpacked, search)), source: 'official-download' };
    });
  },
};

async function download(url: string, file: string, report: Report): Promise<void> {
  const host = new URL(url).host;
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), ANSWER_WITHIN_MS);
  try {
    const response = await fetch(url, { signal: abort.signal }).catch((error: Error) => {
      const reason = abort.signal.aborted ? `no answer within ${ANSWER_WITHIN_MS / 1000} s` : causeOf(error);
      throw new Error(`${host} cannot be reached: ${reason}`);
    });
    if (!response.ok || !response.body) throw new Error(`${host} answered ${response.status}`);
    const total = Number(response.headers.get('content-length') ?? 0);
    let received = 0;
    let said = Date.now();
    const body = Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
    body.on('data', (chunk: Buffer) => {
      clearTimeout(timer);
      timer = setTimeout(() => abort.abort(new Error(`${host} stopped sending`)), STALL_MS);
      received += chunk.length;
      if (Date.now() - said < 2_000) return;
      said = Date.now();
      report(`  ${megabytes(received)}${total ? ` of ${megabytes(total)}` : ''} MB`);
    });
    await pipeline(body, createWriteStream(file));
  } finally {
    clearTimeout(timer);
  }
}

function causeOf(error: Error): string {
  const cause = error.cause as { code?: string; message?: string } | undefined;
  return cause?.code ?? cause?.message ?? error.message;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
