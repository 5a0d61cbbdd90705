import { createHash } from 'node:crypto';
import { Schema, type Connection } from 'mongoose';
import type { FieldSeal } from '../domain/field-seal';
import { maskedContact, maskedName } from '../domain/personal-data';
import { reseal, type Resealed } from './reseal';

/** Who objected, as far as they said so. */
export interface Author {
  readonly name?: string | undefined;
  readonly contact?: string | undefined;
}

/**
 * Residents' objections to a public notice. They never enter a history: workflows read how many of which subject.
 * Name and contact are sealed; they leave this collection masked, or opened for the office that must answer.
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
  readonly via: 'online' | 'paper';
  /** User who entered it from paper. */
  readonly enteredBy?: string;
  /** RFC 3339, the engine's clock. */
  readonly receivedAt: string;
  readonly answer?: { readonly text: string; readonly changesPlan: boolean; readonly at: string };
}

/** The fields that are sealed, each for its own place: copied to another objection it does not open. */
const SEALED = ['name', 'contact'] as const satisfies readonly (keyof Author)[];
const placeOf = (receipt: string, field: keyof Author): string => `objections/${receipt}/${field}`;
const WITHOUT_AUTHOR = { name: 0, contact: 0 } as const;

const schema = new Schema<ObjectionRow & Author>(
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

/**
 * Names an objection among those of its notice without giving away its receipt, with which one could pass for its
 * author.
 */
function referenceOf(receipt: string): string {
  return createHash('sha256').update(`objection ${receipt}`).digest('hex').slice(0, 16);
}

export function openObjections(connection: Connection) {
  const model = connection.model<ObjectionRow & Author>('Objection', schema, 'objections');

  function allOf({ projectId, round }: Notice): Promise<(ObjectionRow & Author)[]> {
    return model.find({ projectId, round }).sort({ receivedAt: 1, _id: 1 }).lean<(ObjectionRow & Author)[]>();
  }

  return {
    model,
    async add(row: ObjectionRow, author: Author, seal: FieldSeal): Promise<void> {
      const sealed = SEALED.flatMap((field) => {
        const text = author[field];
        return text === undefined ? [] : [[field, seal.seal(text, placeOf(row._id, field))]];
      });
      await model.collection.insertOne({ ...withoutAbsent(row), ...Object.fromEntries(sealed) } as never);
    },
    async find(receipt: string): Promise<ObjectionRow | undefined> {
      return (await model.findById(receipt, WITHOUT_AUTHOR).lean<ObjectionRow>()) ?? undefined;
    },
    /** With of each author only what may be shown to whoever reads the texts: `样*`, `138****1234`. */
    async ofNotice(
      notice: Notice,
      seal: FieldSeal,
    ): Promise<{ row: ObjectionRow; author: Author; ref: string }[]> {
      return (await allOf(notice)).map((stored) => {
        const { name, contact } = opened(stored, seal);
        return {
          row: stored,
          ref: referenceOf(stored._id),
          author: {
            ...(stored.name === undefined ? {} : { name: maskedName(name ?? '') }),
            ...(stored.contact === undefined ? {} : { contact: maskedContact(contact ?? '') }),
          },
        };
      });
    },
    /**
     * Who made these objections, in the clear: whoever asks writes it into the access log first. An author whose key
     * is lost has neither name nor contact.
     * @param refs as `referenceOf` makes them; unknown ones are left out
     */
    async authors(
      notice: Notice,
      refs: readonly string[],
      seal: FieldSeal,
    ): Promise<(Author & { readonly ref: string })[]> {
      return (await allOf(notice))
        .map((stored) => ({ ref: referenceOf(stored._id), ...opened(stored, seal) }))
        .filter(({ ref }) => refs.includes(ref));
    },
    reseal(seal: FieldSeal): Promise<Resealed> {
      return reseal(model, SEALED, seal, placeOf);
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

function opened(stored: ObjectionRow & Author, seal: FieldSeal): Author {
  const fields = SEALED.flatMap((field) => {
    const text =
      stored[field] === undefined ? undefined : seal.open(stored[field], placeOf(stored._id, field));
    return text === undefined ? [] : [[field, text]];
  });
  return Object.fromEntries(fields) as Author;
}

function withoutAbsent<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Row;
}
