import { Schema, type Connection } from 'mongoose';

/**
 * Residents' objections to a public notice. They never enter a history: workflows read how many of which subject.
 * Name and contact leave this collection for no one but the office that must answer.
 */
export interface ObjectionRow {
  /** The receipt: unguessable, the only key with which its author reads the answer. */
  readonly _id: string;
  /** The notice's step workflow is `project/<projectId>/public-notice/<round>`. */
  readonly projectId: string;
  readonly round: number;
  readonly community?: string;
  /** Objections of one group are alike and are answered once; by default the subject. */
  readonly group: string;
  readonly text: string;
  readonly name?: string;
  readonly contact?: string;
  readonly via: 'online' | 'paper';
  /** User who entered it from paper. */
  readonly enteredBy?: string;
  /** RFC 3339, the engine's clock. */
  readonly receivedAt: string;
  readonly answer?: { readonly text: string; readonly changesPlan: boolean; readonly at: string };
}

const schema = new Schema<ObjectionRow>(
  {
    _id: String,
    projectId: { type: String, required: true },
    round: { type: Number, required: true },
    community: String,
    group: { type: String, required: true },
    text: { type: String, required: true },
    name: String,
    contact: String,
    via: { type: String, required: true },
    enteredBy: String,
    receivedAt: { type: String, required: true },
    answer: Schema.Types.Mixed,
  },
  { versionKey: false },
);
schema.index({ projectId: 1, round: 1, receivedAt: 1 });

export interface Notice {
  readonly projectId: string;
  readonly round: number;
}

export function openObjections(connection: Connection) {
  const model = connection.model<ObjectionRow>('Objection', schema, 'objections');
  return {
    model,
    async find(receipt: string): Promise<ObjectionRow | undefined> {
      return (await model.findById(receipt).lean<ObjectionRow>()) ?? undefined;
    },
    ofNotice({ projectId, round }: Notice): Promise<ObjectionRow[]> {
      return model.find({ projectId, round }).sort({ receivedAt: 1 }).lean<ObjectionRow[]>();
    },
    /** How many of each group were received by the end of the notice. */
    async groups(
      { projectId, round }: Notice,
      closedAt: string,
    ): Promise<{ group: string; count: number }[]> {
      const found = await model.aggregate<{ _id: string; count: number }>([
        { $match: { projectId, round, receivedAt: { $lte: closedAt } } },
        { $group: { _id: '$group', count: { $sum: 1 } } },
        { $sort: { _id: 1 } },
      ]);
      return found.map(({ _id, count }) => ({ group: _id, count }));
    },
    late({ projectId, round }: Notice, closedAt: string): Promise<number> {
      return model.countDocuments({ projectId, round, receivedAt: { $gt: closedAt } });
    },
    /** Answers a whole group; an answer that stands is not replaced. */
    async answer(
      { projectId, round }: Notice,
      group: string,
      answer: NonNullable<ObjectionRow['answer']>,
    ): Promise<void> {
      await model.updateMany({ projectId, round, group, answer: { $exists: false } }, { $set: { answer } });
    },
  };
}
