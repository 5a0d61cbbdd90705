import { Schema, type Connection } from 'mongoose';
import type { Actor } from '../domain/actor';
import { decodeCursor, pageOf, pageSize, type Page } from './cursor';

/** 沟通: what people say to each other about a task. Never in a workflow: it decides nothing, and may be much. */
export interface TaskCommentRow {
  readonly _id: string;
  readonly task: string;
  /** From 1 within the task: its place among what was said. */
  readonly number: number;
  readonly kind: 'comment' | 'question' | 'answer';
  /** The question that it answers. */
  readonly answerTo?: string;
  readonly text: string;
  readonly by: Actor;
  /** RFC 3339, the engine's clock. */
  readonly at: string;
}

const schema = new Schema<TaskCommentRow>(
  {
    _id: String,
    task: { type: String, required: true },
    number: { type: Number, required: true },
    kind: { type: String, enum: ['comment', 'question', 'answer'], required: true },
    answerTo: String,
    text: { type: String, required: true },
    by: { type: Schema.Types.Mixed, required: true },
    at: { type: String, required: true },
  },
  { versionKey: false },
);
schema.index({ task: 1, number: 1 }, { unique: true });

export function openTaskComments(connection: Connection) {
  const model = connection.model<TaskCommentRow>('TaskComment', schema, 'task-comments');
  return {
    model,
    async add(row: TaskCommentRow): Promise<void> {
      await model.create(row);
    },
    async find(id: string): Promise<TaskCommentRow | undefined> {
      return (await model.findById(id).lean<TaskCommentRow>()) ?? undefined;
    },
    /**
     * What was said about a task, in order.
     * @throws BadCursor
     */
    async ofTask(
      task: string,
      { limit, cursor }: { limit?: number | undefined; cursor?: string | undefined },
    ): Promise<Page<TaskCommentRow>> {
      const size = pageSize(limit);
      const after = cursor === undefined ? 0 : Number(decodeCursor(cursor, 1)[0]) || 0;
      const rows = await model
        .find({ task, number: { $gt: after } })
        .sort({ number: 1 })
        .limit(size + 1)
        .lean<TaskCommentRow[]>();
      return pageOf(rows, size, (row) => [String(row.number)]);
    },
  };
}
