/** The cursor of a list: where the last page ended, opaque to whoever pages. */

/** Thrown when a cursor was not made by us: the caller's request is wrong (400). */
export class BadCursor extends Error {
  override readonly name = 'BadCursor';

  constructor() {
    super('the cursor is not one that a list answered');
  }
}

export interface Page<Row> {
  readonly items: Row[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
}

/** Page size: what was asked for, 1–200, otherwise 50. */
export function pageSize(limit: number | undefined): number {
  return Math.min(200, Math.max(1, Math.trunc(limit ?? 50)));
}

function encodeCursor(keys: readonly string[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url');
}

/**
 * The sort keys at which a page ended.
 * @throws BadCursor if the text does not hold that many strings.
 */
export function decodeCursor(cursor: string, count: number): string[] {
  let keys: unknown;
  try {
    keys = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new BadCursor();
  }
  if (!Array.isArray(keys) || keys.length !== count || !keys.every((key) => typeof key === 'string')) {
    throw new BadCursor();
  }
  return keys as string[];
}

/** Cuts one row more than the page off and says where the next page begins. */
export function pageOf<Row>(rows: Row[], size: number, keysOf: (row: Row) => readonly string[]): Page<Row> {
  const items = rows.slice(0, size);
  const last = items.at(-1);
  return rows.length > size && last ? { items, nextCursor: encodeCursor(keysOf(last)) } : { items };
}

/** Rows before `[first, second]`, for a list that begins with the last. */
export function beforeKeys(first: string, second: string, keys: readonly string[]): Record<string, unknown> {
  const [at, id] = keys;
  return { $or: [{ [first]: at, [second]: { $lt: id } }, { [first]: { $lt: at } }] };
}

/** Rows after `[first, second]` in the order of two keys, as a filter that an index can serve. */
export function afterKeys(first: string, second: string, keys: readonly string[]): Record<string, unknown> {
  const [at, id] = keys;
  return { $or: [{ [first]: at, [second]: { $gt: id } }, { [first]: { $gt: at } }] };
}
