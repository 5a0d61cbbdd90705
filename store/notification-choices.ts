import { Schema, type Connection } from 'mongoose';
import type { Choices } from '../domain/notification/choice';

/** How one person wants to hear of what; who has none hears as usual. */
export interface NotificationChoicesRow {
  /** The user. */
  readonly _id: string;
  readonly choices: Choices;
}

const schema = new Schema<NotificationChoicesRow>(
  { _id: String, choices: { type: Schema.Types.Mixed, required: true } },
  { versionKey: false },
);

export function openNotificationChoices(connection: Connection) {
  const model = connection.model<NotificationChoicesRow>(
    'NotificationChoices',
    schema,
    'notification_choices',
  );
  return {
    model,
    async of(user: string): Promise<Choices> {
      return (await model.findById(user).lean<NotificationChoicesRow>())?.choices ?? {};
    },
    async ofAll(users: readonly string[]): Promise<Map<string, Choices>> {
      const rows = await model.find({ _id: { $in: [...users] } }).lean<NotificationChoicesRow[]>();
      return new Map(rows.map(({ _id, choices }) => [_id, choices]));
    },
    async set(user: string, choices: Choices): Promise<void> {
      await model.updateOne({ _id: user }, { $set: { choices } }, { upsert: true });
    },
  };
}
