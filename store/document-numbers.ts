import { Schema, type Connection } from 'mongoose';

/** Numbers of joint documents as issued: unique per bureau and year, which the number itself names (P2.2.3). */
export interface DocumentNumberRow {
  /** `临建发〔2027〕12号` */
  readonly _id: string;
  /** What the number belongs to: the workflow that claimed it. */
  readonly claimedBy: string;
  readonly at: Date;
}

const schema = new Schema<DocumentNumberRow>(
  { _id: String, claimedBy: { type: String, required: true }, at: { type: Date, required: true } },
  { versionKey: false },
);

export function openDocumentNumbers(connection: Connection) {
  const model = connection.model<DocumentNumberRow>('DocumentNumber', schema, 'document-numbers');
  return {
    model,
    /** Claims a number, for ever. Returns whether somebody else has it; claiming one's own again is no conflict. */
    async claim(number: string, claimedBy: string): Promise<boolean> {
      const row = await model
        .findOneAndUpdate(
          { _id: number },
          { $setOnInsert: { claimedBy, at: new Date() } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean<DocumentNumberRow>();
      return row?.claimedBy !== claimedBy;
    },
  };
}
