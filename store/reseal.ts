import type { Model } from 'mongoose';
import type { FieldSeal } from '../domain/field-seal';

export interface Resealed {
  /** Fields that were sealed anew. */
  readonly resealed: number;
  /** Fields that no key here opens: as long as there are such, the old keys must stay. */
  readonly unreadable: number;
}

/**
 * Seals with today's key whatever an older one has sealed, and what was never sealed. Does no harm twice, or while
 * people work: a field that has changed meanwhile is left as it is.
 * @param placeOf for what a field of this row is sealed
 */
export async function reseal<Row extends { readonly _id: string }, Field extends string & keyof Row>(
  model: Model<Row>,
  fields: readonly Field[],
  seal: FieldSeal,
  placeOf: (id: string, field: Field) => string,
): Promise<Resealed> {
  const found = { resealed: 0, unreadable: 0 };
  const rows = model.collection.find({ $or: fields.map((field) => ({ [field]: { $type: 'string' } })) });
  for await (const row of rows) {
    const id = String(row._id);
    for (const field of fields) {
      const before: unknown = row[field];
      if (typeof before !== 'string' || seal.isCurrent(before)) continue;
      const text = before.startsWith('sealed:') ? seal.open(before, placeOf(id, field)) : before;
      if (text === undefined) found.unreadable += 1;
      else {
        const change = { $set: { [field]: seal.seal(text, placeOf(id, field)) } };
        await model.collection.updateOne({ _id: row._id, [field]: before }, change);
        found.resealed += 1;
      }
    }
  }
  return found;
}
