import type { IncomingMessage } from 'node:http';
import { Problem } from '../../domain/problems';
import { InvalidRequest } from './invalid';
import { UNKNOWN_FIELD } from './validation';

/** How deep a body may nest: no form of ours comes near it. */
const DEEPEST = 32;

/** How many values a body may hold, fields and items together: a year's list of a county has some ten thousand. */
const MOST_VALUES = 50_000;

/** The largest JSON body, in bytes; files go to /attachments. */
const LARGEST_JSON = 2 * 1024 * 1024;

/**
 * Reads a request's JSON and refuses what later parts must never meet: another content type (415), more bytes than
 * allowed (413), bytes that are no UTF-8, malformed, too
 * deeply nested or too manifold JSON, text that no store keeps unchanged (400).
 */
export async function readJson(request: IncomingMessage, largest = LARGEST_JSON): Promise<unknown> {
  requireContentType(request, ['application/json']);
  const text = decodeUtf8(await readBytes(request, largest));
  if (text.trim() === '') throw invalid('', '请求体为空', 'The body is empty');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('', '不是合法的 JSON', 'Not valid JSON');
  }
  inspect(value, [], 0, { values: MOST_VALUES });
  return value;
}

/** @returns the media type without parameters */
export function requireContentType(request: IncomingMessage, accepted: readonly string[]): string {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((one) => one.trim()).find((one) => one.startsWith('charset='));
  const known = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  const encoded = (request.headers['content-encoding'] ?? 'identity') !== 'identity';
  if (!accepted.includes(type.trim()) || !known || encoded) {
    throw new Problem('unsupported-media-type', {
      zh: `请以 ${accepted.join(' 或 ')} 提交，UTF-8 编码，不压缩`,
      en: `Send ${accepted.join(' or ')} in UTF-8, not compressed`,
    });
  }
  return type.trim();
}

/** All bytes of a body, or 413 as soon as there are too many. */
export async function readBytes(request: IncomingMessage, largest: number): Promise<Buffer> {
  const tooLarge = new Problem('too-large', {
    zh: `请求体最大 ${largest} 字节`,
    en: `A body may have at most ${largest} bytes`,
  });
  if (Number(request.headers['content-length'] ?? 0) > largest) throw tooLarge;
  const chunks: Buffer[] = [];
  let size = 0;
  // Giving up must not destroy the socket: the refusal still has to be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largest) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @throws InvalidRequest for bytes that are no UTF-8; a byte order mark is dropped */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid('', '不是 UTF-8 编码', 'Not UTF-8');
  }
}

function inspect(value: unknown, path: readonly string[], depth: number, left: { values: number }): void {
  left.values -= 1;
  if (left.values < 0) {
    throw invalid('', `内容超过 ${MOST_VALUES} 项`, `More than ${MOST_VALUES} values`);
  }
  if (depth > DEEPEST) {
    throw invalid(path.join('.'), `嵌套超过 ${DEEPEST} 层`, `Nested more than ${DEEPEST} levels deep`);
  }
  if (typeof value === 'string') return inspectText(value, path);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw invalid(path.join('.'), '数值超出范围', 'The number is out of range');
  }
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    inspectText(key, path);
    if (key === '__proto__') {
      throw new InvalidRequest([{ path: [...path, key].join('.'), message: UNKNOWN_FIELD }]);
    }
    inspect(inner, [...path, key], depth + 1, left);
  }
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** A lone surrogate has no UTF-8 and would be hashed and stored as something else; NUL is no text. */
function inspectText(text: string, path: readonly string[]): void {
  if (LONE_SURROGATE.test(text) || text.includes('\0')) {
    throw invalid(path.join('.'), '含有无法保存的字符', 'Contains a character that cannot be kept');
  }
}

function invalid(path: string, zh: string, en: string): InvalidRequest {
  return new InvalidRequest([{ path, message: { zh, en } }], { zh, en });
}
