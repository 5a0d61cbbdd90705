import { civilDate, type Calendar } from '../../domain/calendar';
import { choiceOf, type Choices } from '../../domain/notification/choice';
import { nextDigest } from '../../domain/notification/timing';
import { standsInFor } from '../../domain/stand-in';
import type { Store } from '../../store/connect';
import type { MessageRow } from '../../store/messages';
import type { NotificationRow } from '../../store/notifications';
import type { OutboxEntry } from '../../store/outbox';
import type { UserRow } from '../../store/users';

type Told = Pick<
  Store,
  | 'messages'
  | 'notificationChoices'
  | 'notifications'
  | 'outbox'
  | 'standIns'
  | 'tasks'
  | 'users'
  | 'webhooks'
>;

/** By which ways something can leave the house; in a rehearsal none. */
export interface Ways {
  readonly email: boolean;
  readonly webhooks: boolean;
}

/**
 * Passes a notification on: a message to each person whom it concerns, and what must leave the house into the outbox.
 * Ids follow from notification, person and channel, so whoever is interrupted simply does it again.
 */
export async function passOn(
  store: Told,
  row: NotificationRow,
  { calendar, now, ways }: { calendar: Calendar; now: number; ways: Ways },
): Promise<void> {
  const organisations = await organisationsOf(store, row);
  const persons = await personsOf(store, row, organisations);
  const choices = await store.notificationChoices.ofAll(persons.map(({ _id }) => _id));
  const told = persons.map((user) =>
    toldTo(user, row, choices.get(user._id) ?? {}, { organisations, calendar, now, ways }),
  );
  const webhooks = ways.webhooks ? await store.webhooks.wanting(row.kind, organisations) : [];
  const posts = webhooks.map(({ _id }): OutboxEntry => ({
    _id: `${row._id}.webhook.${_id}`,
    channel: 'webhook',
    kind: row.kind,
    nextAt: new Date(now),
    webhook: _id,
    notification: row._id,
  }));
  await store.messages.add(told.flatMap(({ message }) => message ?? []));
  await store.outbox.add([...told.flatMap(({ mail }) => mail ?? []), ...posts], new Date(now));
  await store.notifications.passedOn(row._id, new Date(now));
}

async function organisationsOf({ tasks }: Told, { to }: NotificationRow): Promise<readonly string[]> {
  if ('organisations' in to) return to.organisations;
  if ('users' in to) return [to.organisation];
  return 'project' in to ? tasks.organisationsIn(to.project) : [];
}

async function personsOf(
  store: Told,
  row: NotificationRow,
  organisations: readonly string[],
): Promise<UserRow[]> {
  const { users } = store;
  const { to } = row;
  if ('administrators' in to) return users.administrators(to.administrators);
  if (organisations.length === 0) return [];
  if ('project' in to) return users.inOffice(organisations);
  if ('users' in to) {
    return (await users.inOffice(organisations)).filter(({ _id }) => to.users.includes(_id));
  }
  const found = await users.inOffice(organisations, to.role);
  const able = found.filter(({ _id }) => !to.notUsers?.includes(_id));
  const holder = able.filter(({ _id }) => _id === to.user);
  const told = holder.length > 0 ? holder : able;
  return [...told, ...(await standingInFor(store, row, told, to.notUsers ?? []))];
}

/** 代理: who stands in for one of them that day hears of it too. */
async function standingInFor(
  { standIns, tasks, users }: Told,
  { at, about }: NotificationRow,
  told: readonly UserRow[],
  notUsers: readonly string[],
): Promise<UserRow[]> {
  const known = told.map(({ _id }) => _id);
  const rows = await standIns.forAny(known, civilDate(Date.parse(at)));
  if (rows.length === 0) return [];
  const task = about.task && (await tasks.find(about.task.id));
  const fitting = rows.filter((row) => task !== undefined && standsInFor(row, task.kind));
  const ids = fitting.map(({ standIn }) => standIn);
  const found = await users.inOffice(fitting.map(({ organisation }) => organisation));
  return found.filter(({ _id }) => ids.includes(_id) && !known.includes(_id) && !notUsers.includes(_id));
}

function toldTo(
  user: UserRow,
  { _id, kind, about, at }: NotificationRow,
  choices: Choices,
  {
    organisations,
    calendar,
    now,
    ways,
  }: { organisations: readonly string[]; calendar: Calendar; now: number; ways: Ways },
): { message?: MessageRow; mail?: OutboxEntry } {
  const { inApp, email } = choiceOf(choices, kind);
  const mailed = ways.email && user.email !== undefined && email !== 'off';
  if (!inApp && !mailed) return {};
  const digest = mailed && email === 'digest' ? nextDigest(calendar, now) : undefined;
  const organisation = user.seats.find((seat) => organisations.includes(seat.organisation))?.organisation;
  const message: MessageRow = {
    _id: `${_id}.${user._id}`,
    user: user._id,
    ...(organisation === undefined ? {} : { organisation }),
    kind,
    about,
    at: new Date(at),
    inApp,
    ...(digest ? { digest: digest.date } : {}),
    writtenAt: new Date(now),
  };
  const shared = { channel: 'email', user: user._id } as const;
  if (digest) {
    const letter = { _id: `digest.${digest.date}.${user._id}`, digest: digest.date };
    return { message, mail: { ...shared, ...letter, kind: 'digest', nextAt: new Date(digest.at) } };
  }
  if (!mailed) return { message };
  const letter = { _id: `${message._id}.email`, message: message._id };
  return { message, mail: { ...shared, ...letter, kind, nextAt: new Date(now) } };
}
