import type { Task } from '../../domain/task';
import { serve, type Listening } from '../../api/serve';
import { taskRow } from '../../store/tasks';
import { startApi, type Person, type TestApi } from './api';

let api: TestApi;
let listening: Listening;
let street: Person;
let elsewhere: Person;

beforeAll(async () => {
  api = await startApi();
  listening = await serve(api.app, 0, '127.0.0.1');
  street = await api.as('371302-s1');
  elsewhere = await api.as('371302-s2');
});
afterAll(async () => {
  await listening.close();
  await api.stop();
});

let n = 0;
async function change(organisation: string): Promise<string> {
  n += 1;
  const id = `project.371302-2028-0001.control.1.${n}`;
  const task: Task = {
    id,
    workflowId: 'project/371302-2028-0001/control/1',
    kind: 'intake-confirmation',
    title: '确认接入项目的纸质材料',
    step: 'control',
    round: 1,
    projectId: '371302-2028-0001',
    seat: { body: 'subdistrict', level: 'subdistrict' },
    organisation,
    notBy: [],
    status: 'open',
    context: { secret: '样例' },
    assignedAt: '2027-03-01T01:00:00.000Z',
    overdue: false,
    suspended: false,
  };
  await api.store.tasks.model.collection.insertOne(taskRow(task, 1) as never);
  return id;
}

/** Listens until so much has come, then goes away. */
async function listen(
  person: Person,
  until: (text: string) => boolean,
  { after, when }: { after?: string; when?: () => Promise<unknown> } = {},
): Promise<string> {
  const away = new AbortController();
  const response = await fetch(`http://127.0.0.1:${listening.port}/api/v1/events/stream`, {
    headers: { Authorization: `Bearer ${person.token}`, ...(after ? { 'Last-Event-ID': after } : {}) },
    signal: away.signal,
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  let text = '';
  const late = setTimeout(() => away.abort(), 20_000);
  let asked = false;
  try {
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += new TextDecoder().decode(part);
      if (!asked) {
        asked = true;
        // The store's stream opens with the first listener: what happens before it is open is nobody's news.
        await new Promise((resolve) => setTimeout(resolve, 500));
        await when?.();
      }
      if (until(text)) return text;
    }
    return text;
  } finally {
    clearTimeout(late);
    away.abort();
  }
}

test('whoever looks is told at once what changes of theirs, nothing of what it holds, and nobody else', async () => {
  let mine = '';
  const told = await listen(street, (text) => text.includes(mine) && mine !== '', {
    when: async () => {
      await change('371302-s2');
      mine = await change('371302-s1');
    },
  });
  expect(told.match(/event: task/g)).toHaveLength(1);
  expect(told).toContain('"mine":true');
  expect(told).not.toContain('secret');
});

test('whoever was away for a moment is told what was missed; for too long, to look at everything again', async () => {
  // Somebody goes on watching, so that the process knows what happens.
  const watching = new AbortController();
  const other = await fetch(`http://127.0.0.1:${listening.port}/api/v1/events/stream`, {
    headers: { Authorization: `Bearer ${elsewhere.token}` },
    signal: watching.signal,
  });
  expect(other.status).toBe(200);
  let first = '';
  const told = await listen(street, (text) => first !== '' && text.includes(first), {
    when: async () => void (first = await change('371302-s1')),
  });
  const place = /id: (\S+)/.exec(told)?.[1] ?? '';
  const missed = await change('371302-s1');
  await new Promise((resolve) => setTimeout(resolve, 500));
  const later = await listen(street, (text) => text.includes(missed), { after: place });
  expect(later).not.toContain(`"${first}"`);
  expect(await listen(street, (text) => text.includes('event: again'), { after: 'long-ago' })).toContain(
    'again',
  );
  watching.abort();
});

test('a stream ends when the program stops', async () => {
  const own = await serve(api.app, 0, '127.0.0.1');
  const response = await fetch(`http://127.0.0.1:${own.port}/api/v1/events/stream`, {
    headers: { Authorization: `Bearer ${street.token}` },
  });
  const began = Date.now();
  const read = response.text();
  await own.close();
  await read;
  expect(Date.now() - began).toBeLessThan(4_000);
});
