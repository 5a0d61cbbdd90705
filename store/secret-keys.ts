import { Schema, type Connection } from 'mongoose';

/** A key that has encrypted something that is kept: who starts without it would read garbage and act on it. */
interface SecretKeyRow {
  /** The key's id; the key itself is nowhere in the store. */
  readonly _id: string;
  readonly secret: string;
  readonly since: Date;
}

const schema = new Schema<SecretKeyRow>(
  { _id: String, secret: { type: String, required: true }, since: { type: Date, required: true } },
  { versionKey: false },
);

export function openSecretKeys(connection: Connection) {
  const model = connection.model<SecretKeyRow>('SecretKey', schema, 'secret_keys');
  return {
    model,
    /**
     * Says with which keys somebody is about to work, of which the first will encrypt.
     * @returns ids of keys that are needed and missing; then nothing is noted
     */
    async use(secret: string, ids: readonly string[], now: Date): Promise<string[]> {
      const used = await model.find({ secret }).lean<SecretKeyRow[]>();
      const missing = used.map(({ _id }) => _id).filter((id) => !ids.includes(id));
      const [first] = ids;
      if (missing.length === 0 && first !== undefined) {
        await model.updateOne({ _id: first }, { $setOnInsert: { secret, since: now } }, { upsert: true });
      }
      return missing;
    },
    /** Nothing is encrypted any more with any but this key. */
    async retireOthers(secret: string, id: string): Promise<void> {
      await model.deleteMany({ secret, _id: { $ne: id } });
    },
  };
}
