import { Schema, type Connection } from 'mongoose';
import type { FieldSeal } from '../domain/field-seal';
import type { NotificationKind } from '../domain/notification/notification';
import { reseal, type Resealed } from './reseal';

/** Where another system wants to hear what an organisation is told. */
export interface WebhookRow {
  readonly _id: string;
  readonly organisation: string;
  /** Whose it is; it hears nothing more when the account has ended. */
  readonly serviceAccount?: string;
  readonly url: string;
  /** Sealed: the key of the signatures. */
  readonly secret: string;
  /** None: all. */
  readonly kinds: readonly NotificationKind[];
  readonly createdBy: string;
  readonly createdAt: Date;
}

const schema = new Schema<WebhookRow>(
  {
    _id: String,
    organisation: { type: String, required: true },
    serviceAccount: String,
    url: { type: String, required: true },
    secret: { type: String, required: true },
    kinds: { type: [String], default: [] },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { versionKey: false },
);
schema.index({ organisation: 1 });

/** For what a secret is sealed: with another webhook it does not open. */
export function placeOfWebhookSecret(id: string): string {
  return `webhooks/${id}/secret`;
}

export function openWebhooks(connection: Connection) {
  const model = connection.model<WebhookRow>('Webhook', schema, 'webhooks');
  return {
    model,
    async find(id: string): Promise<WebhookRow | undefined> {
      return (await model.findById(id).lean<WebhookRow>()) ?? undefined;
    },
    /** All of them; a city has some dozens. */
    all(): Promise<WebhookRow[]> {
      return model.find().sort({ _id: 1 }).lean<WebhookRow[]>();
    },
    /** Which want to hear this kind of what these organisations are told. */
    wanting(kind: NotificationKind, organisations: readonly string[]): Promise<WebhookRow[]> {
      return model
        .find({ organisation: { $in: [...organisations] }, $or: [{ kinds: kind }, { kinds: { $size: 0 } }] })
        .lean<WebhookRow[]>();
    },
    /** @returns whether there was one */
    async remove(id: string): Promise<boolean> {
      return (await model.deleteOne({ _id: id })).deletedCount === 1;
    },
    reseal(seal: FieldSeal): Promise<Resealed> {
      return reseal(model, ['secret'], seal, placeOfWebhookSecret);
    },
  };
}
