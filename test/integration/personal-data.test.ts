import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cast } from '../../bin/demo/cast';
import { Play } from '../../bin/demo/play';
import { Story } from '../../bin/demo/story';
import type { Person } from '../../bin/demo/client';
import { startRehearsal, type Rehearsal } from '../../bin/rehearsal/start';
import { keysDirOf, readKeyring } from '../../keys/folder';
import { EncryptingCodec } from '../../keys/payload-codec';
import { connectStore, type Store } from '../../store/connect';
import { decodedTexts, historyOf, textsIn } from '../support/histories';

/** Nobody's: made up, and nowhere else in the system (样例). */
const PLANTED = {
  name: '样例植入甲',
  otherName: '样例植入乙',
  telephone: '13900005678',
  identity: '371302190001015678',
} as const;
const SECRETS = Object.values(PLANTED);

const CITY = '371300';
const COUNTY = '371302';
const folder = mkdtempSync(join(tmpdir(), 'jiugai-personal-'));
const PLAN_OFFICES = [
  ...['housing', 'government'].map((body) => `${COUNTY}-${body}`),
  ...['housing', 'development-and-reform', 'finance', 'government'].map((body) => `${CITY}-${body}`),
];

let rehearsal: Rehearsal;
let store: Store;
let cast: Cast;
let county: Person;
let project: string;
let notice: string;
let receipts: string[] = [];
/** What was answered to anybody but the office that may know. */
const answered: string[] = [];

beforeAll(async () => {
  const { TEMPORAL_ADDRESS: _temporal, MONGODB_URI: _mongodb, ...env } = process.env;
  const cacheDir = join(__dirname, '../../node_modules/.cache/jiugai');
  rehearsal = await startRehearsal({
    dataDir: folder,
    port: 0,
    mongodbPort: 0,
    env,
    cacheDir,
    say: () => undefined,
  });
  store = await connectStore(rehearsal.mongoUri);
  cast = await Cast.logIn(rehearsal.url, rehearsal.accountsFile, CITY, COUNTY);
  county = cast.handler(`${COUNTY}-housing`);
}, 180_000);

afterAll(async () => {
  await store?.close();
  await rehearsal?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}, 60_000);

/** Over HTTP, as anybody; what comes back is kept and searched in the end. */
async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
  const response = await fetch(`${rehearsal.url}${path}`, {
    method,
    ...(body === undefined
      ? {}
      : {
          headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `key-${answered.length}` },
          body: JSON.stringify(body),
        }),
  });
  const text = await response.text();
  answered.push(text);
  return { status: response.status, text };
}

/** The same of somebody who is logged in. */
async function post(person: Person, path: string, body: unknown) {
  const answer = await person.post<unknown>(path, body);
  answered.push(JSON.stringify(answer.body));
  return answer;
}

const object = (body: object) =>
  ask('POST', `/api/v1/notices/${notice}/objections`, { subject: 'construction', ...body });

/** Residents object while the notice hangs, and officers write down what they must not. */
async function plant(): Promise<void> {
  const online = [
    { text: '样例：请避开午休时间施工', name: PLANTED.name, contact: PLANTED.telephone },
    { text: '样例：希望增设扶手', name: PLANTED.otherName, contact: PLANTED.identity },
  ];
  for (const one of online) {
    const { status, text } = await object(one);
    expect(status).toBe(201);
    receipts = [...receipts, (JSON.parse(text) as { receipt: string }).receipt];
  }
  expect((await object({ text: `请致电 ${PLANTED.telephone}` })).status).toBe(422);
  expect((await object({ text: '样例', surname: PLANTED.name })).status).toBe(400);
  const { items } = await county.get<{ items: { act: string; example: { objections: object[] } }[] }>(
    `/projects/${project}/acts`,
  );
  const paper = items.find(({ act }) => act === 'paper-objections');
  const neighbourhood = cast.handler(`${COUNTY}-n1`);
  for (const gist of [`身份证 ${PLANTED.identity}`, `电话 ${PLANTED.telephone}`]) {
    const objections = paper?.example.objections.map((one) => ({ ...one, gist }));
    const answer = await post(neighbourhood, `/projects/${project}/acts/paper-objections`, {
      ...paper?.example,
      objections,
    });
    expect(answer.status).toBe(422);
  }
}

/** An officer writes a telephone number where the form asks for a text: nobody takes it. */
async function refuseIn(kind: string, organisation: string, field: string): Promise<void> {
  const person = cast.handler(organisation);
  const row = (await person.tasks()).find((one) => one.kind === kind);
  const { example } = await person.task(row?.id ?? '');
  const form = { ...example, [field]: `请联系 ${PLANTED.telephone}` };
  expect((await post(person, `/tasks/${row?.id}/completion`, form)).status).toBe(422);
}

const WAITING = [
  ['needs-confirmation', `${COUNTY}-s1`, 'remarks'],
  ['notice-posting', `${COUNTY}-s1`, 'place'],
] as const;

test('P5.1.2: a project lives its whole life while residents say who they are', async () => {
  const { items } = await county.get<{ items: { id: string; place?: unknown }[] }>(
    `/communities?county=${COUNTY}&free=true&limit=1`,
  );
  const body = { communityIds: [items[0]?.id], year: rehearsal.planYear };
  project = (await county.post<{ id: string }>('/projects', body)).body.id;
  notice = `${project}-1`;
  const story = new Story([], new Map(), () => undefined);
  const waiting = new Set<string>(WAITING.map(([kind]) => kind));
  const play = new Play(
    cast,
    county,
    [project],
    PLAN_OFFICES,
    story,
    rehearsal.now(),
    () => undefined,
    ({ kind }) => waiting.has(kind),
  );

  for (const [kind, organisation, field] of WAITING) {
    await play.until(([one]) => one?.openTasks.some((task) => task.kind === kind) === true, 60);
    await refuseIn(kind, organisation, field);
    waiting.delete(kind);
  }
  await play.until(() => true, 1);
  expect((await ask('GET', `/api/v1/notices/${notice}`)).status).toBe(200);
  await plant();
  const [ended] = await play.until(([one]) => one?.endedAt !== undefined, 1_200);
  expect(ended?.status).toBe('completed');
}, 600_000);

test('P1.4: the street that must answer has read who they are, once, and it is written down', async () => {
  const street = cast.handler(`${COUNTY}-s1`);
  const list = await street.get<{ items: { ref: string; name?: string; contact?: string }[] }>(
    `/notices/${notice}/objections`,
  );
  answered.push(JSON.stringify(list));
  expect(list.items.map(({ name, contact }) => [name, contact])).toEqual([
    ['样**', '139****5678'],
    ['样**', '3713**********5678'],
  ]);
  const disclosed = await street.post<{ items: { name: string; contact: string }[] }>(
    `/notices/${notice}/objection-authors`,
    {
      refs: list.items.map(({ ref }) => ref),
      reason: '样例：电话回访',
    },
  );
  expect(disclosed.body.items).toMatchObject([
    { name: PLANTED.name, contact: PLANTED.telephone },
    { name: PLANTED.otherName, contact: PLANTED.identity },
  ]);
  const accesses = await store.accessLog.model.find({ kind: 'objection-authors' }).lean();
  expect(accesses).toMatchObject([{ of: notice, count: 2, organisation: `${COUNTY}-s1` }]);
});

test('P5.1.2: no history holds a word of it, not even for whoever has the keys', async () => {
  const codec = new EncryptingCodec(readKeyring(keysDirOf(join(folder, 'rehearsal')), 'payload'));
  const workflows = (await store.heads.model.find().lean()).map(({ _id }) => String(_id));
  expect(workflows.length).toBeGreaterThan(14);
  let read = 0;
  for (const workflowId of workflows) {
    const history = await historyOf(rehearsal.client, workflowId);
    const decoded = await decodedTexts(history, codec);
    // It was really decoded: its own words are there now, and were not before.
    if (decoded.some((text) => text.includes('task-assigned'))) read += 1;
    const raw = textsIn(history);
    expect(raw.filter((text) => text.includes('task-assigned'))).toEqual([]);
    expect([workflowId, held([...raw, ...decoded])]).toEqual([workflowId, []]);
  }
  expect(read).toBeGreaterThan(10);
}, 120_000);

test('P5.1.2: no event, no public answer, no refusal, no metric and no log holds a word of it', async () => {
  const paths = [
    '/api/v1/notices?limit=200',
    `/api/v1/notices/${notice}`,
    ...receipts.map((receipt) => `/api/v1/notices/${notice}/objections/${receipt}`),
    ...['/metrics', '/readyz', '/healthz', '/openapi.json'],
  ];
  for (const path of paths) expect([path, (await ask('GET', path)).status]).toEqual([path, 200]);
  for (let cursor = ''; ;) {
    const page = await county.get<{ items: unknown[]; nextCursor?: string }>(
      `/projects/${project}/events?limit=200${cursor && `&cursor=${cursor}`}`,
    );
    answered.push(JSON.stringify(page));
    if (page.nextCursor === undefined) break;
    cursor = page.nextCursor;
  }
  answered.push(JSON.stringify(await county.get(`/projects/${project}`)));
  expect(held(answered)).toEqual([]);
  expect(answered.some((text) => text.includes('task-completed'))).toBe(true);

  const logs = join(folder, 'rehearsal', 'logs');
  const files = readdirSync(logs);
  expect(files).toContain('rehearsal.log');
  for (const file of files)
    expect([file, held([readFileSync(join(logs, file), 'utf8')])]).toEqual([file, []]);
});

test('P5.1.2: at rest the store holds it sealed, and only where it was entered', async () => {
  const database = store.connection.getClient().db(store.connection.name);
  for (const { name } of await database.listCollections().toArray()) {
    const rows = (await database.collection(name).find().toArray()).map((row) => JSON.stringify(row));
    expect([name, held(rows)]).toEqual([name, []]);
    if (name === 'objections') expect(rows.filter((row) => row.includes('sealed:personal-'))).toHaveLength(2);
  }
});

/** What of it stands in these texts. */
function held(texts: readonly string[]): string[] {
  return SECRETS.filter((secret) => texts.some((text) => text.includes(secret)));
}
