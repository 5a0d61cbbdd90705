import { crowdOf } from './support/lives';
import { fillIn } from './support/filling';
import { startCity, type City } from './support/city';
import type { Window } from './support/browser';
import type { City as Crowd, Person } from '../integration/generic-client';

const COUNTY = '371302';
const LONGEST_LIFE_DAYS = 1_500;
/** How many kinds of form are filled in by clicking, the first that come; all of them unless somebody has less time. */
const KINDS = Number(process.env['WALK_KINDS'] ?? 100);

let city: City;
let crowd: Crowd;
const windows = new Map<string, Window>();

beforeAll(async () => {
  city = await startCity();
  crowd = await crowdOf(city, COUNTY);
  const housing = crowd.one('housing', 'county', COUNTY);
  let next: string | undefined;
  do {
    const { body } = await housing.get<{ items: { id: string; name: string }[]; nextCursor?: string }>(
      `/organisations?limit=200${next ? `&cursor=${next}` : ''}`,
    );
    for (const { id, name } of body.items) known.set(id, name);
    next = body.nextCursor;
  } while (next !== undefined);
}, 180_000);
afterAll(() => city?.stop());

/** The window of this person's own machine, in which they have logged in. */
async function windowOf({ account: { username, password } }: Person): Promise<Window> {
  const one = windows.get(username);
  if (one) return one;
  const window = await city.open();
  const data = { username, password, cookie: true };
  const answer = await window.context.request.post('/api/v1/sessions', { data });
  expect(answer.status()).toBe(201);
  windows.set(username, window);
  return window;
}

interface Task {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly status: string;
  readonly form: unknown;
  readonly example?: unknown;
}

/** Opens the inbox, from there the task, fills in its form as the example says, and submits it. */
async function decideByClicking(person: Person, task: Task): Promise<void> {
  const window = await windowOf(person);
  const { page } = window;
  await page.goto('/app/');
  await page.locator(`a.task-link[href$="${task.id}"]`).click();
  await page.getByRole('button', { name: '核对并提交' }).waitFor();
  await fillIn(page, task.form, task.example, { names: organisation });
  const sent = page.waitForRequest('**/completion');
  await page.getByRole('button', { name: '核对并提交' }).click();
  await page.getByRole('button', { name: '确认提交' }).click();
  expect(comparable((await sent).postDataJSON())).toEqual(comparable(task.example));
  await page
    .getByText(/办结|已提交/)
    .first()
    .waitFor();
  expect(window.faults).toEqual([]);
}

const known = new Map<string, string>();
const organisation = (id: string): string => known.get(id) ?? id;

/** A file has another number each time that it is sent. */
const comparable = (form: unknown): unknown =>
  JSON.parse(JSON.stringify(form).replaceAll(/"(sample-attachment|[0-9a-f-]{24,36})"/g, '"file"'));

test('P2: a project goes from needs collection to its end by clicking in the pages as each seat', async () => {
  const subdistrict = crowd.one('subdistrict', 'subdistrict', `${COUNTY}-s1`);
  const begun = await subdistrict.post<{ id: string }>('/projects', {
    communityIds: [`${COUNTY}-c1`],
    year: city.rehearsal.planYear,
  });
  const { id } = begun.body;
  const clicked = new Set<string>();
  let status = '';
  let wait = 2;
  for (let days = 0; days < LONGEST_LIFE_DAYS;) {
    const people = await crowd.awaitedBy(id);
    let worked = 0;
    const desks = await Promise.all(
      (people.length > 0 ? people : crowd.people).map(async (person) => ({
        person,
        rows: await person.tasks(),
      })),
    );
    for (const { person, rows } of desks) {
      for (const row of rows) {
        const { body: task } = await person.get<Task>(`/tasks/${row.id}`);
        if (task.status !== 'open' || task.example === undefined) continue;
        worked += 1;
        if (clicked.has(row.kind) || clicked.size >= KINDS) await person.complete(row);
        else await decideByClicking(person, task);
        clicked.add(row.kind);
      }
    }
    ({ status } = (await subdistrict.get<{ status: string }>(`/projects/${id}`)).body as { status: string });
    if (!['running', 'waiting'].includes(status)) break;
    if (worked > 0) {
      await crowd.advance('PT1S');
      wait = 2;
      continue;
    }
    await crowd.advance(`P${wait}D`);
    days += wait;
    wait = Math.min(wait * 2, 32);
  }
  expect(status).toBe('completed');
  expect(clicked.size).toBeGreaterThanOrEqual(Math.min(KINDS, 40));
}, 900_000);
