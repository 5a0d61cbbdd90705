import { civilDate, type Calendar, type CivilDate } from '../../domain/calendar';
import { choiceOf, type Choices } from '../../domain/notification/choice';
import type { NotificationKind } from '../../domain/notification/notification';
import { nextDigest } from '../../domain/notification/timing';
import { standsInFor } from '../../domain/stand-in';
import type { OfficeRole } from '../../policy/keys';
import type { Store } from '../../store/connect';
import type { MessageRow } from '../../store/messages';
import type { NotificationRow } from '../../store/notifications';
import type { OutboxEntry } from '../../store/outbox';
import type { SystemRole, UserRow } from '../../store/users';

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

interface Circumstances {
  readonly calendar: Calendar;
  readonly now: number;
  readonly ways: Ways;
}

/**
 * Passes notifications on: a message to each person whom one concerns, and what must leave the house into the outbox.
 * Ids follow from notification, person and channel, so whoever is interrupted simply does it again. Of many at once
 * most concern the same people: each is looked up once, and all is written together.
 */
export async function passOn(
  store: Told,
  rows: readonly NotificationRow[],
  circumstances: Circumstances,
): Promise<void> {
  const directory = directoryOf(store);
  const told: Outgoing[] = [];
  for (const row of rows) told.push(await outgoingOf(directory, row, circumstances));
  const now = new Date(circumstances.now);
  await store.messages.add(told.flatMap(({ messages }) => messages));
  await store.outbox.add(
    told.flatMap(({ entries }) => entries),
    now,
  );
  await store.notifications.passedOn(
    rows.map(({ _id }) => _id),
    now,
  );
}

/** Who is where and wants to hear what, as far as it has been asked: of one moment, so not to be kept. */
type Directory = ReturnType<typeof directoryOf>;

function directoryOf({ notificationChoices, standIns, tasks, users, webhooks }: Told) {
  return {
    organisationsIn: askedOnce((project: string) => tasks.organisationsIn(project)),
    task: askedOnce((id: string) => tasks.find(id)),
    administrators: askedOnce((role: SystemRole) => users.administrators(role)),
    inOffice: askedOnce((organisations: readonly string[], role?: OfficeRole) =>
      users.inOffice(organisations, role),
    ),
    standIns: askedOnce((ids: readonly string[], day: CivilDate) => standIns.forAny(ids, day)),
    choices: askedOnce((ids: readonly string[]) => notificationChoices.ofAll(ids)),
    webhooks: askedOnce((kind: NotificationKind, organisations: readonly string[]) =>
      webhooks.wanting(kind, organisations),
    ),
  };
}

function askedOnce<Args extends unknown[], Answer>(
  ask: (...args: Args) => Promise<Answer>,
): (...args: Args) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (...args) => {
    const question = JSON.stringify(args);
    const known = answers.get(question);
    if (known) return known;
    // A query of mongoose is asked anew by everybody who waits for it; a promise of its answer is not.
    const answer = Promise.resolve(ask(...args));
    answers.set(question, answer);
    return answer;
  };
}

interface Outgoing {
  readonly messages: readonly MessageRow[];
  readonly entries: readonly OutboxEntry[];
}

async function outgoingOf(
  directory: Directory,
  row: NotificationRow,
  { calendar, now, ways }: Circumstances,
): Promise<Outgoing> {
  const organisations = await organisationsOf(directory, row);
  const persons = await personsOf(directory, row, organisations);
  const choices = await directory.choices(persons.map(({ _id }) => _id));
  const told = persons.map((user) =>
    toldTo(user, row, choices.get(user._id) ?? {}, { organisations, calendar, now, ways }),
  );
  const webhooks = ways.webhooks ? await directory.webhooks(row.kind, organisations) : [];
  const posts = webhooks.map(({ _id }): OutboxEntry => ({
    _id: `${row._id}.webhook.${_id}`,
    channel: 'webhook',
    kind: row.kind,
    nextAt: new Date(now),
    webhook: _id,
    notification: row._id,
  }));
  return {
    messages: told.flatMap(({ message }) => message ?? []),
    entries: [...told.flatMap(({ mail }) => mail ?? []), ...posts],
  };
}

async function organisationsOf(directory: Directory, { to }: NotificationRow): Promise<readonly string[]> {
  if ('organisations' in to) return to.organisations;
  if ('users' in to) return [to.organisation];
  return 'project' in to ? directory.organisationsIn(to.project) : [];
}

async function personsOf(
  directory: Directory,
  row: NotificationRow,
  organisations: readonly string[],
): Promise<readonly UserRow[]> {
  const { to } = row;
  if ('administrators' in to) return directory.administrators(to.administrators);
  if (organisations.length === 0) return [];
  if ('project' in to) return directory.inOffice(organisations);
  if ('users' in to) {
    return (await directory.inOffice(organisations)).filter(({ _id }) => to.users.includes(_id));
  }
  const found = await directory.inOffice(organisations, to.role);
  const able = found.filter(({ _id }) => !to.notUsers?.includes(_id));
  const holder = able.filter(({ _id }) => _id === to.user);
  const told = holder.length > 0 ? holder : able;
  return [...told, ...(await standingInFor(directory, row, told, to.notUsers ?? []))];
}

/** 代理: who stands in for one of them that day hears of it too. */
async function standingInFor(
  directory: Directory,
  { at, about }: NotificationRow,
  told: readonly UserRow[],
  notUsers: readonly string[],
): Promise<UserRow[]> {
  const known = told.map(({ _id }) => _id);
  const rows = await directory.standIns(known, civilDate(Date.parse(at)));
  if (rows.length === 0) return [];
  const task = about.task && (await directory.task(about.task.id));
  const fitting = rows.filter((row) => task !== undefined && standsInFor(row, task.kind));
  const ids = fitting.map(({ standIn }) => standIn);
  const found = await directory.inOffice(fitting.map(({ organisation }) => organisation));
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
