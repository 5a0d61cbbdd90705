import { randomUUID } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';
import { BadCursor, decodeCursor, pageOf, pageSize, type Page } from './cursor';

/** What was read that not everybody may read; who came in; and what administrators changed. */
export const ACCESS_KINDS = {
  'objection-authors': '查看提意见人',
  attachment: '下载附件',
  users: '查看用户',
  'payloads-decoded': '查看流程内容',
  'payloads-encoded': '加密流程内容',
  'log-in': '登录',
  'log-in-failed': '登录失败',
  'stand-in': '指定、终止代理',
  administration: '管理操作',
} as const;
export type AccessKind = keyof typeof ACCESS_KINDS;

/** Who read what, when and why. What was read stands nowhere in it: no name, no telephone, no word of a payload. */
export interface AccessRow {
  readonly _id: string;
  readonly at: Date;
  readonly kind: AccessKind;
  readonly user: string;
  readonly organisation?: string;
  /** The notice, the attachment, the organisation whose users, the namespace; the operation and what it was done to. */
  readonly of: string;
  /** What an administrator has done, as the API's document calls it. */
  readonly title?: string;
  /** Which of it, by references that say nothing of a person. */
  readonly refs?: readonly string[];
  /** How many objections or payloads. */
  readonly count: number;
  readonly reason?: string;
  readonly requestId?: string;
}

/** The law asks for six months (网络安全法 21); a year and its audit lie within this. */
const KEPT_DAYS = 400;
const MINUTE_MS = 60_000;

const schema = new Schema<AccessRow>(
  {
    _id: String,
    at: { type: Date, required: true },
    kind: { type: String, required: true },
    user: { type: String, required: true },
    organisation: String,
    of: { type: String, required: true },
    title: String,
    refs: { type: [String], default: undefined },
    count: { type: Number, required: true },
    reason: String,
    requestId: String,
  },
  { versionKey: false },
);
schema.index({ at: 1 }, { expireAfterSeconds: KEPT_DAYS * 86_400 });
schema.index({ user: 1, at: 1 });

export interface AccessFilter {
  readonly user?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export function openAccessLog(connection: Connection) {
  const model = connection.model<AccessRow>('Access', schema, 'access_log');
  return {
    model,
    /** Written before what it tells of is answered. Lives by the machine's clock, as sessions do. */
    async note(access: Omit<AccessRow, '_id' | 'at'>): Promise<void> {
      await model.create({ _id: randomUUID(), at: new Date(), ...access });
    },
    /** Likewise for what a screen does a hundred times: all of a minute is one entry with their number. */
    async tally({ count, ...access }: Omit<AccessRow, '_id' | 'at' | 'reason' | 'refs'>): Promise<void> {
      const at = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
      const { kind, user, of } = access;
      await model.updateOne(
        { _id: JSON.stringify([kind, user, of, at.toISOString()]) },
        { $inc: { count }, $setOnInsert: { at, ...access } },
        { upsert: true },
      );
    },
    /**
     * A page, the latest first.
     * @throws BadCursor
     */
    async list({ user, limit, cursor }: AccessFilter): Promise<Page<AccessRow>> {
      const size = pageSize(limit);
      const rows = await model
        .find({
          ...(user === undefined ? {} : { user }),
          ...(cursor === undefined ? {} : before(decodeCursor(cursor, 2))),
        })
        .sort({ at: -1, _id: -1 })
        .limit(size + 1)
        .lean<AccessRow[]>();
      return pageOf(rows, size, ({ at, _id }) => [at.toISOString(), _id]);
    },
  };
}

function before([at = '', id]: readonly string[]): Record<string, unknown> {
  const then = new Date(at);
  if (Number.isNaN(then.getTime())) throw new BadCursor();
  return { $or: [{ at: then, _id: { $lt: id } }, { at: { $lt: then } }] };
}
