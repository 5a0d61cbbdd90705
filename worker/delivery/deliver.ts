import type { FieldSeal } from '../../domain/field-seal';
import { digestText, textOf, type Text } from '../../domain/notification/texts';
import { MOST_ATTEMPTS } from '../../domain/notification/timing';
import type { Store } from '../../store/connect';
import type { OutboxRow, OutboxState } from '../../store/outbox';
import { placeOfEmail, type UserRow } from '../../store/users';
import { placeOfWebhookSecret } from '../../store/webhooks';
import { NotDelivered } from './failure';
import type { Mailer } from './mail';
import { postWebhook, webhookBody } from './webhook';

export interface Delivery {
  readonly store: Store;
  readonly seal: FieldSeal;
  /** None where no SMTP server is named. */
  readonly mailer?: Mailer | undefined;
  readonly now: () => number;
}

/** How one attempt ended. */
export interface Ended {
  readonly state: Exclude<OutboxState, 'pending'>;
  readonly lastError?: string;
}

/**
 * One attempt to send one row that has been taken. At least once: who dies between sending and noting it sends again,
 * under the same Message-ID or Idempotency-Key.
 */
export async function attempt(delivery: Delivery, row: OutboxRow): Promise<Ended> {
  try {
    const sent = row.channel === 'email' ? await sendMail(delivery, row) : await sendWebhook(delivery, row);
    return { state: sent ? 'sent' : 'dropped' };
  } catch (error) {
    if (!(error instanceof NotDelivered)) throw error;
    const over = error.forGood || row.attempts >= MOST_ATTEMPTS;
    return { state: over ? 'dead' : 'failed', lastError: error.code };
  }
}

/** @returns false if there is nobody to tell, or nothing, any more */
async function sendMail({ store, seal, mailer }: Delivery, row: OutboxRow): Promise<boolean> {
  const user = await store.users.find(row.user ?? '');
  if (!user || user.disabled || user.email === undefined) return false;
  const text = await mailText(store, row, user);
  if (!text) return false;
  if (!mailer) throw new NotDelivered('no-smtp-server', false);
  const to = seal.open(user.email, placeOfEmail(user._id));
  if (to === undefined) throw new NotDelivered('address-unreadable', false);
  await mailer.send({ id: row._id, to, ...text });
  return true;
}

async function mailText(store: Store, row: OutboxRow, user: UserRow): Promise<Text | undefined> {
  const own = ({ organisation }: { organisation?: string }): boolean =>
    organisation === undefined || user.seats.some((seat) => seat.organisation === organisation);
  if (row.digest !== undefined) {
    const messages = (await store.messages.ofDigest(user._id, row.digest)).filter(own);
    return messages.length === 0 ? undefined : digestText(row.digest, messages);
  }
  const message = await store.messages.find(row.message ?? '');
  return message && own(message) ? textOf(message.kind, message.about) : undefined;
}

async function sendWebhook({ store, seal, now }: Delivery, row: OutboxRow): Promise<boolean> {
  const [webhook, notification] = await Promise.all([
    store.webhooks.find(row.webhook ?? ''),
    store.notifications.find(row.notification ?? ''),
  ]);
  if (!webhook || !notification) return false;
  if (webhook.serviceAccount !== undefined) {
    const account = await store.serviceAccounts.find(webhook.serviceAccount);
    if (!account || account.revokedAt || account.expiresAt.getTime() <= now()) return false;
  }
  const secret = seal.open(webhook.secret, placeOfWebhookSecret(webhook._id));
  if (secret === undefined) throw new NotDelivered('secret-unreadable', false);
  const body = webhookBody(notification, webhook.organisation);
  await postWebhook({ url: webhook.url, secret }, { id: row._id, body }, now());
  return true;
}
