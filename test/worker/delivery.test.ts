import { createHmac } from 'node:crypto';
import { link, type RecordedEvent } from '../../domain/events';
import { ofAnswer, ofCopy, ofStandIn } from '../../domain/notification/beside-tasks';
import { MOST_ATTEMPTS } from '../../domain/notification/timing';
import type { Task } from '../../domain/task';
import { connectStore, type Store } from '../../store/connect';
import { writeBatch } from '../../store/record';
import { placeOfEmail } from '../../store/users';
import { placeOfWebhookSecret } from '../../store/webhooks';
import { attempt } from '../../worker/delivery/deliver';
import { Deliverer, keepDelivering } from '../../worker/delivery/keep';
import { openMailer, type Mailer } from '../../worker/delivery/mail';
import { batchOf, chain, ORIGIN, task } from '../store/sample-record';
import { testPersonalKeys } from '../support/keys';
import { startMongo, type RunningMongo } from '../support/servers';
import { startReceiver, startSmtp } from './receivers';

/** Noon of a Monday in Shanghai. */
const NOON = Date.parse('2026-03-02T12:00:00+08:00');
const OFFICE = '371302-s1';
const silent = { info: () => undefined, warn: () => undefined };

let mongo: RunningMongo;
let store: Store;
let smtp: Awaited<ReturnType<typeof startSmtp>>;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let mailer: Mailer;
let now = NOON;
/** The one that has the duty. */
let worker: Deliverer;

beforeAll(async () => {
  [mongo, smtp, receiver] = await Promise.all([startMongo(), startSmtp(), startReceiver()]);
  store = await connectStore(mongo.uri);
  await store.prepare();
  mailer = openMailer({ smtpUrl: smtp.url, from: 'jiugai@city.example' });
});
afterAll(async () => {
  mailer?.close();
  await Promise.all([smtp?.stop(), receiver?.stop(), store?.close()]);
  await mongo?.stop();
});

beforeEach(async () => {
  now = NOON;
  worker = deliverer();
  smtp.letters.length = 0;
  receiver.got.length = 0;
  const { notifications, messages, outbox, users, webhooks, notificationChoices, leases, standIns } = store;
  const all = [notifications, messages, outbox, users, webhooks, notificationChoices, leases, standIns];
  await Promise.all(all.map(({ model }) => model.collection.deleteMany({})));
});

const delivery = () => ({ store, seal: testPersonalKeys, mailer, now: () => now });
const deliverer = (ways = { email: true, webhooks: true }) =>
  new Deliverer(delivery(), ways, silent, () => 0.5);

async function user(id: string, change: object = {}): Promise<void> {
  await store.users.model.create({
    _id: id,
    username: id,
    passwordHash: 'none',
    email: testPersonalKeys.seal(`${id}@office.example`, placeOfEmail(id)),
    seats: [{ organisation: OFFICE, role: 'handler' }],
    createdAt: new Date(NOON),
    ...change,
  });
}

let count = 0;
/** Records one event of a task, as its workflow would. */
async function happens(type = 'task-overdue', change: Partial<Task> = {}): Promise<RecordedEvent> {
  const workflowId = `project/371302-2027-${String((count += 1)).padStart(4, '0')}/public-notice/1`;
  const one = task(workflowId, 1, change);
  const at = new Date(now).toISOString();
  const about = { workflowId, at, type, taskId: one.id, projectId: '371302-2027-0001' };
  const event = link({ seq: 0, hash: ORIGIN }, about);
  await writeBatch(store, batchOf(workflowId, [event], { tasks: [one] }));
  return event;
}

const outbox = () => store.outbox.model.find().sort({ _id: 1 }).lean();
const states = async () => (await outbox()).map(({ state }) => state);

test('what is recorded is told once, however often the record is written, and nothing is told of what is not', async () => {
  await user('u1');
  const workflowId = 'project/371302-2027-0900/public-notice/1';
  const events = chain(workflowId, 2, 'task-overdue').map((one) => one);
  const told = { ...events[0], taskId: `${workflowId.replaceAll('/', '.')}.1` };
  const { hash: _h, seq: _s, previous: _p, ...content } = told as RecordedEvent;
  const first = link({ seq: 0, hash: ORIGIN }, content);
  const batch = batchOf(workflowId, [first], { tasks: [task(workflowId, 1)] });
  await writeBatch(store, batch);
  await worker.round();
  await writeBatch(store, batch);
  await worker.round();
  expect(await store.notifications.model.countDocuments()).toBe(1);
  expect(await store.messages.model.countDocuments()).toBe(1);
  expect(smtp.letters).toHaveLength(1);

  const other = link({ seq: 0, hash: ORIGIN }, { ...content, at: '2027-01-05T00:00:00.000Z' });
  const forged = { ...batch, events: [other], head: { seq: 1, hash: other.hash } };
  await expect(writeBatch(store, forged)).rejects.toThrow();
  expect(await store.notifications.model.countDocuments()).toBe(1);
});

describe('e-mail', () => {
  test('goes at once to whoever is in office, with a Message-ID and in plain words, and to nobody else', async () => {
    await Promise.all([
      user('u1'),
      user('u2', { disabled: true }),
      user('u3', { seats: [{ organisation: 'elsewhere', role: 'handler' }] }),
      user('u4', { email: undefined }),
      user('u5'),
    ]);
    const event = await happens('task-overdue', { notBy: ['u5'] });
    await worker.round();
    expect(smtp.letters).toHaveLength(1);
    const [letter] = smtp.letters;
    expect(letter).toMatchObject({ from: 'jiugai@city.example', to: ['u1@office.example'] });
    expect(letter?.headers['subject']).toBe('已逾期：张贴公示（371302-2027-0001）');
    const id = `${event.workflowId.replaceAll('/', '.')}.e1.u1.email`;
    expect(letter?.headers['message-id']).toBe(`<${id}@jiugai>`);
    expect(letter?.text).toContain('办理期限：2027-01-11');
    expect(await store.messages.model.distinct('user')).toEqual(['u1', 'u4']);
  });

  test('is for the signatories alone where only they may decide', async () => {
    await user('u1');
    await user('u2', { seats: [{ organisation: OFFICE, role: 'signatory' }] });
    await happens('task-overdue', { role: 'signatory' });
    await worker.round();
    expect(smtp.letters.map(({ to }) => to)).toEqual([['u2@office.example']]);
  });

  test('goes to whoever has the task, and to the others again when that one has left', async () => {
    await Promise.all([user('u1'), user('u2')]);
    await happens('task-reminded', { holder: 'u2' });
    await worker.round();
    expect(smtp.letters.map(({ to }) => to)).toEqual([['u2@office.example']]);
    await store.users.model.updateOne({ _id: 'u2' }, { $set: { disabled: true } });
    await happens('task-reminded', { holder: 'u2' });
    await worker.round();
    expect(smtp.letters.map(({ to }) => to)).toEqual([['u2@office.example'], ['u1@office.example']]);
  });

  test('goes to who stands in for whoever has the task too, on those days and for those kinds', async () => {
    await Promise.all(['u1', 'u2', 'u3', 'u4'].map((id) => user(id)));
    const holds = { user: 'u2', organisation: OFFICE, from: '2026-03-01', until: '2026-03-02' };
    const named = { namedBy: 'u2', namedAt: '2026-03-01T01:00:00.000Z' };
    await store.standIns.add({ _id: 's1', ...holds, standIn: 'u1', ...named });
    await store.standIns.add({ _id: 's2', ...holds, standIn: 'u3', kinds: ['co-signature'], ...named });
    await store.standIns.add({ _id: 's3', ...holds, standIn: 'u4', until: '2026-03-01', ...named });
    await happens('task-reminded', { holder: 'u2' });
    await worker.round();
    expect(smtp.letters.flatMap(({ to }) => to).sort()).toEqual(['u1@office.example', 'u2@office.example']);
    smtp.letters.length = 0;
    // Whoever has submitted it hears nothing of it, in whose stead whatever.
    await happens('task-reminded', { holder: 'u2', notBy: ['u1'] });
    await worker.round();
    expect(smtp.letters.flatMap(({ to }) => to)).toEqual(['u2@office.example']);
  });

  test('of copies, answers and stand-ins goes to just those whom they concern, as each has chosen', async () => {
    await Promise.all(['u1', 'u2', 'u3'].map((id) => user(id)));
    const of = task('project/371302-2027-0950/public-notice/1', 1);
    const at = new Date(now).toISOString();
    const said = { id: 'c1', at, by: { user: 'u2', organisation: OFFICE } };
    const standIn = {
      id: 's1',
      user: 'u2',
      standIn: 'u1',
      organisation: OFFICE,
      namedBy: 'admin',
      namedAt: at,
    };
    await store.notificationChoices.set('u3', { 'task-copied': { inApp: true, email: 'at-once' } });
    await store.notificationChoices.set('u1', { 'task-asked': { inApp: false, email: 'off' } });
    await store.notifications.add([
      ofCopy(of, { organisation: OFFICE, user: 'u3', at }),
      ofAnswer(of, said, { user: 'u1', organisation: OFFICE }),
      ofStandIn({ ...standIn, from: '2026-03-02', until: '2026-03-06' }),
    ]);
    await worker.round();
    const messages = await store.messages.model.find().lean();
    expect(messages.map(({ kind, user: id }) => `${kind} ${id}`).sort()).toEqual([
      'stand-in-named u1',
      'stand-in-named u2',
      'task-copied u3',
    ]);
    expect(smtp.letters.map(({ to, headers }) => [to[0], headers['subject']]).sort()).toEqual([
      ['u1@office.example', '代理安排：2026-03-02 至 2026-03-06'],
      ['u2@office.example', '代理安排：2026-03-02 至 2026-03-06'],
      ['u3@office.example', '抄送您阅知：张贴公示（371302-2027-0001）'],
    ]);
  });

  test('that a server refuses for now is tried again under the same Message-ID, and no earlier than said', async () => {
    await user('u1');
    await happens();
    smtp.refuse(451);
    await worker.round();
    expect(await outbox()).toMatchObject([{ state: 'failed', attempts: 1, lastError: 'SMTP 451' }]);
    now = NOON + 29_000;
    await worker.round();
    expect(smtp.letters).toHaveLength(0);
    now = NOON + 31_000;
    await worker.round();
    expect(await outbox()).toMatchObject([{ state: 'sent', attempts: 2 }]);
    expect(smtp.letters).toHaveLength(1);
  });

  test('that is refused for good is dead at once, keeps no address, and is sent after a resend', async () => {
    await user('u1');
    await happens();
    smtp.refuse(550);
    await worker.round();
    const [dead] = await outbox();
    expect(dead).toMatchObject({ state: 'dead', lastError: 'SMTP 550' });
    expect(JSON.stringify(dead)).not.toContain('office.example');
    expect(await store.outbox.resend(dead?._id ?? '', new Date(now))).toBe(true);
    await worker.round();
    expect(await states()).toEqual(['sent']);
    expect(smtp.letters).toHaveLength(1);
    expect(await store.outbox.resend(dead?._id ?? '', new Date(now))).toBe(false);
  });

  test('is given up when nobody has listened for a day and a half', async () => {
    await user('u1');
    await happens();
    smtp.refuse(...Array.from({ length: MOST_ATTEMPTS }, () => 421));
    for (let tries = 0; tries < MOST_ATTEMPTS; tries += 1) {
      await worker.round();
      now += 7 * 3_600_000;
    }
    expect(await outbox()).toMatchObject([{ state: 'dead', attempts: MOST_ATTEMPTS }]);
  });

  test('whose sender died between sending and noting it goes out again under the same Message-ID', async () => {
    await user('u1');
    await happens();
    const dying = new Deliverer(
      { ...delivery(), mailer: { ...mailer, send: () => new Promise(() => undefined) } },
      { email: true, webhooks: true },
      silent,
    );
    void dying.round();
    for (;;) {
      const [row] = await outbox();
      if (row?.attempts === 1) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // It had reached the server, and the worker was gone before it could say so.
    const [row] = await outbox();
    await attempt(delivery(), row as never);
    await store.leases.model.deleteMany({});
    await worker.round();
    expect(smtp.letters).toHaveLength(1);
    now += 60_000;
    await worker.round();
    expect(await states()).toEqual(['sent']);
    expect(smtp.letters).toHaveLength(2);
    expect(new Set(smtp.letters.map(({ headers }) => headers['message-id'])).size).toBe(1);
  });

  test('is not sent to who has left the office meanwhile', async () => {
    await user('u1');
    await happens();
    smtp.refuse(421);
    await worker.round();
    await store.users.model.updateOne({ _id: 'u1' }, { $set: { seats: [] } });
    now += 60_000;
    await worker.round();
    expect(await states()).toEqual(['dropped']);
    expect(smtp.letters).toHaveLength(0);
  });
});

describe('the digest', () => {
  const digest = { inApp: true, email: 'digest' } as const;

  test('lists a day’s messages in one letter at half past eight of the next working day', async () => {
    await user('u1');
    await store.notificationChoices.set('u1', { 'task-overdue': digest });
    for (let n = 0; n < 3; n += 1) await happens(n === 0 ? 'task-assigned' : 'task-overdue');
    await worker.round();
    expect(smtp.letters).toHaveLength(0);
    now = Date.parse('2026-03-03T08:30:00+08:00');
    await worker.round();
    expect(smtp.letters).toHaveLength(1);
    expect(smtp.letters[0]?.headers['subject']).toBe('2026-03-03 待办摘要：3 条');
    expect(smtp.letters[0]?.text).toMatch(/1\. 新待办：.*\n2\. 已逾期：.*\n3\. 已逾期：/);
    await worker.round();
    expect(smtp.letters).toHaveLength(1);
  });

  test('leaves out what was read meanwhile, and is not sent when nothing is left', async () => {
    await user('u1');
    await store.notificationChoices.set('u1', { 'task-overdue': digest });
    await happens();
    await worker.round();
    const [message] = await store.messages.model.find().lean();
    await store.messages.read('u1', message?._id ?? '', new Date(now));
    now = Date.parse('2026-03-03T08:30:00+08:00');
    await worker.round();
    expect([await states(), smtp.letters]).toEqual([['dropped'], []]);
  });
});

describe('a webhook', () => {
  const SECRET = 'sample-secret';

  async function webhook(change: object = {}): Promise<void> {
    await store.webhooks.model.create({
      _id: 'w1',
      organisation: OFFICE,
      url: receiver.url,
      secret: testPersonalKeys.seal(SECRET, placeOfWebhookSecret('w1')),
      createdBy: 'u-security',
      createdAt: new Date(NOON),
      ...change,
    });
  }

  test('hears what its organisation is told, signed over time and body', async () => {
    await webhook();
    const event = await happens();
    await worker.round();
    expect(receiver.got).toHaveLength(1);
    const { headers, body } = receiver.got[0] as { headers: Record<string, string>; body: string };
    const t = NOON / 1000;
    const expected = createHmac('sha256', SECRET).update(`${t}.${body}`).digest('hex');
    expect(headers['x-jiugai-signature']).toBe(`t=${t},v1=${expected}`);
    const id = `${event.workflowId.replaceAll('/', '.')}.e1`;
    expect(headers['idempotency-key']).toBe(`${id}.webhook.w1`);
    expect(JSON.parse(body)).toMatchObject({ id, kind: 'task-overdue', organisation: OFFICE });
  });

  test('that fails is posted again with the same key and body; one that is gone is dead', async () => {
    await webhook();
    await happens();
    receiver.answer(503, 307, 410);
    for (const state of ['failed', 'failed', 'dead']) {
      await worker.round();
      expect(await states()).toEqual([state]);
      now += 3 * 60_000;
    }
    const sent = receiver.got.map(({ headers, body }) => [headers['idempotency-key'], body]);
    expect(sent).toEqual([sent[0], sent[0], sent[0]]);
    expect(await outbox()).toMatchObject([{ attempts: 3, lastError: 'HTTP 410' }]);
  });

  test('hears only the kinds that it wants, and nothing after its service account has ended', async () => {
    await webhook({ kinds: ['task-assigned'], serviceAccount: 's1' });
    await happens('task-overdue');
    await happens('task-assigned');
    await worker.round();
    expect([receiver.got.length, await states()]).toEqual([0, ['dropped']]);
  });
});

describe('several workers', () => {
  test('deliver each message once: one has the duty, and two at once take different rows', async () => {
    for (let n = 0; n < 5; n += 1) await user(`u${n}`);
    for (let n = 0; n < 6; n += 1) await happens();
    const [first, second] = [deliverer(), deliverer()];
    expect(await first.round()).toBe(true);
    expect(await second.round()).toBe(false);
    await store.outbox.model.updateMany({}, { $set: { state: 'pending', nextAt: new Date(now) } });
    smtp.letters.length = 0;
    // Both believe to have it: the first was held up longer than its lease.
    const holding = jest.spyOn(store.leases, 'hold').mockResolvedValue(true);
    await Promise.all([first.round(), second.round()]);
    holding.mockRestore();
    expect(smtp.letters).toHaveLength(30);
    expect(new Set(smtp.letters.map(({ headers }) => headers['message-id'])).size).toBe(30);
  });

  test('hand the duty on when one stops', async () => {
    await user('u1');
    const running = keepDelivering(deliverer(), silent, 10);
    await happens();
    while ((await states())[0] !== 'sent') await new Promise((resolve) => setTimeout(resolve, 20));
    await running.stop();
    expect(await store.leases.model.countDocuments()).toBe(0);
    await happens();
    expect(await deliverer().round()).toBe(true);
  });
});

test('without an SMTP server, or in a rehearsal, people are told in the application and nothing leaves the house', async () => {
  await user('u1');
  await happens();
  await deliverer({ email: false, webhooks: false }).round();
  expect(await store.messages.model.countDocuments()).toBe(1);
  expect(await states()).toEqual([]);
});
