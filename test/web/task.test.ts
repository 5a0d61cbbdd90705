import type { Person } from '../../bin/demo/client';
import { connectStore, type Store } from '../../store/connect';
import { taskRow } from '../../store/tasks';
import { task } from '../store/sample-record';
import { startCity, type City } from './support/city';
import { closed, type Window } from './support/browser';

let city: City;
let store: Store;
beforeAll(async () => {
  city = await startCity();
  store = await connectStore(city.rehearsal.mongoUri);
  const county = await city.person('371302-housing');
  const { items } = await county.get<{ items: { id: string }[] }>('/communities?limit=3');
  for (const { id } of items)
    await county.post('/projects', { communityIds: [id], year: city.rehearsal.planYear });
}, 180_000);
afterAll(async () => {
  await store?.close();
  await city?.stop();
});

async function surveyOf(): Promise<{ organisation: string; person: Person; id: string }> {
  for (;;) {
    for (const organisation of ['371302-n1', '371302-n2']) {
      const person = await city.person(organisation);
      const [task] = await person.tasks();
      if (task) return { organisation, person, id: task.id };
    }
  }
}

async function filled(window: Window, id: string): Promise<void> {
  const { page } = window;
  await page.goto(`/app/tasks/${id}`);
  await page.getByRole('button', { name: '填入样例' }).click();
  await page.getByRole('button', { name: '核对并提交' }).click();
  await page.getByRole('dialog').getByText('办理后将会怎样').waitFor();
}

const decisionsOf = async (person: Person, id: string): Promise<number> => {
  const project = /project\.([^.]+)\./.exec(id)?.[1];
  const { items } = await person.get<{ items: { type: string; taskId?: string }[] }>(
    `/projects/${project}/events?limit=200`,
  );
  return items.filter(({ type, taskId }) => type === 'task-completed' && taskId === id).length;
};

test.each(['desk', 'telephone'] as const)(
  'a task shows its form, what it is about and whatever one may do with it, on a %s',
  async (screen) => {
    const { organisation, person, id } = await surveyOf();
    const window = await city.as(organisation, { screen });
    const { page } = window;
    await page.goto(`/app/tasks/${id}`);
    await page.getByRole('heading', { name: '办理依据' }).waitFor();
    const { acts } = await person.get<{ acts: { title: string }[] }>(`/tasks/${id}`);
    for (const { title } of acts) await page.getByRole('button', { name: title, exact: true }).waitFor();
    await window.picture(`task-${screen}`);
    expect(await window.violations()).toEqual([]);
    await page.getByRole('button', { name: '填入样例' }).click();
    await window.picture(`task-filled-${screen}`);
    expect(await window.violations()).toEqual([]);
    await page.getByRole('button', { name: '核对并提交' }).click();
    await page.getByRole('dialog').getByText('办理后将会怎样').waitFor();
    await window.picture(`task-review-${screen}`);
    expect(await window.violations()).toEqual([]);
    await closed(window);
  },
);

test('what was entered is kept until it is sent, and what is missing is said at its field', async () => {
  const { organisation, id } = await surveyOf();
  const window = await city.as(organisation);
  const { page } = window;
  await page.goto(`/app/tasks/${id}`);
  await page.getByRole('button', { name: '核对并提交' }).click();
  await page.getByText('请填写此项').first().waitFor();
  expect(await window.violations()).toEqual([]);
  await page.getByLabel('参与调查户数').fill('90');
  await page.reload();
  await page.getByText('已恢复上次未提交的内容').waitFor();
  expect(await page.getByLabel('参与调查户数').inputValue()).toBe('90');
  await closed(window);
});

test('whoever only reads a task is offered no form', async () => {
  const { id } = await surveyOf();
  const window = await city.as('371302-housing');
  const { page } = window;
  await page.goto(`/app/tasks/${id}`);
  await page.getByText('您可以查看').waitFor();
  expect(await page.getByRole('button', { name: '核对并提交' }).count()).toBe(0);
  await page.getByLabel('留言').fill('请尽快完成调查（样例）');
  await page.getByRole('button', { name: '发送' }).click();
  const said = page.getByRole('listitem').filter({ hasText: '请尽快完成调查（样例）' });
  await said.getByText(`（样例） ${city.account('371302-housing').username} `).waitFor();
  await window.picture('task-read-only');
  await closed(window);
});

test('a task is copied to another office, which finds it, has read it by opening it, and decides nothing', async () => {
  const { organisation, id } = await surveyOf();
  const giver = await city.as(organisation);
  await giver.page.goto(`/app/tasks/${id}`);
  const copies = giver.page.getByRole('region', { name: '抄送' }).first();
  await copies.getByText('尚未抄送。').waitFor();
  await copies.getByRole('button', { name: '抄送' }).click();
  const dialog = giver.page.getByRole('dialog');
  const names = await (
    await city.person(organisation)
  ).get<{ names: Record<string, string> }>(`/organisations/names?ids=${organisation},371302-s2`);
  await dialog.getByLabel('单位').fill(names.names[organisation] ?? '');
  const colleague = city.account(organisation, 'signatory').username;
  await dialog.getByLabel('人员').selectOption(colleague);
  await giver.picture('copy-dialog');
  expect(await giver.violations()).toEqual([]);
  await dialog.getByRole('button', { name: '抄送' }).click();
  await copies.getByRole('row', { name: new RegExp(`${colleague} .*未阅`) }).waitFor();

  await copies.getByRole('button', { name: '抄送' }).click();
  await dialog.getByLabel('单位').fill('nowhere');
  await dialog.getByRole('button', { name: '抄送' }).click();
  await dialog.locator('.field', { hasText: '单位' }).getByRole('alert').waitFor();
  await dialog.getByLabel('单位').fill(names.names['371302-s2'] ?? '');
  await dialog.getByLabel('附言').fill('样例：请知悉');
  await dialog.getByRole('button', { name: '抄送' }).click();
  await dialog.waitFor({ state: 'detached' });
  await copies.getByText('样例：请知悉').waitFor();

  const reader = await city.as('371302-s2', { screen: 'telephone' });
  await reader.page.getByRole('button', { name: '抄送我的' }).click();
  await reader.page.getByText('未阅').first().waitFor();
  await reader.page.locator('.task-link').first().click();
  const { username } = city.account('371302-s2');
  const shown = reader.page.getByRole('row', { name: /样例：请知悉/ });
  await shown.getByText(username).waitFor();
  expect(await reader.page.getByRole('button', { name: '抄送' }).count()).toBe(0);
  expect(await reader.page.getByRole('button', { name: '核对并提交' }).count()).toBe(0);
  expect(await reader.violations()).toEqual([]);
  await reader.picture('copy-read-telephone');
  await giver.page.reload();
  await copies.getByRole('row', { name: new RegExp(`样例：请知悉.*${username}`) }).waitFor();
  expect(await giver.violations()).toEqual([]);
  await giver.picture('copies');
  await closed(giver);
  await closed(reader);
});

test('a connection that is cut in the middle of a submit, and a double click, never decide twice', async () => {
  const { organisation, person, id } = await surveyOf();
  const window = await city.as(organisation);
  const { page } = window;
  await filled(window, id);
  let cut = 0;
  const keys: (string | undefined)[] = [];
  await page.route('**/completion', async (route) => {
    keys.push(route.request().headers()['idempotency-key']);
    if (cut > 0) return route.continue();
    cut += 1;
    // The decision arrives; its answer does not.
    await route.fetch();
    return route.abort('connectionreset');
  });
  await page.getByRole('button', { name: '确认提交' }).dblclick();
  await page.getByText(/办结/).first().waitFor();
  // What is seen may have come by the live stream: the page goes on asking until it is answered itself.
  for (let waited = 0; keys.length < 2 && waited < 100; waited += 1) await page.waitForTimeout(100);
  expect(keys.length).toBeGreaterThan(1);
  expect(new Set(keys).size).toBe(1);
  expect(await decisionsOf(person, id)).toBe(1);
  window.faults.splice(
    0,
    Infinity,
    ...window.faults.filter((fault) => !fault.includes('ERR_CONNECTION_RESET')),
  );
  await closed(window);
});

test('of two officers who decide at the same moment one decides, and the other is told and loses nothing', async () => {
  const { organisation, person, id } = await surveyOf();
  const [one, other] = [await city.as(organisation), await city.as(organisation, { role: 'signatory' })];
  await Promise.all([filled(one, id), filled(other, id)]);
  await Promise.all([one, other].map(({ page }) => page.getByRole('button', { name: '确认提交' }).click()));
  await Promise.all([one, other].map(({ page }) => page.getByText(/（样例） 37\S+ 于 .* 办结/).waitFor()));
  await other.picture('task-decided-by-another');
  expect(await decisionsOf(person, id)).toBe(1);
  await closed(one);
  await closed(other);
});

async function drawn(): Promise<{ pdf: Buffer; png: Buffer }> {
  const { page, close } = await city.open();
  await page.setContent('<h1 style="font:48px sans-serif">样例：入户调查汇总表</h1>');
  const files = { pdf: await page.pdf({ width: '600px', height: '400px' }), png: await page.screenshot() };
  await close();
  return files;
}

test('a picture and a PDF are looked at without leaving the page', async () => {
  const { pdf, png } = await drawn();
  const { organisation, id } = await surveyOf();
  const window = await city.as(organisation);
  const { page } = window;
  await page.goto(`/app/tasks/${id}`);
  const file = page.locator('input[type=file]');
  const dialog = page.getByRole('dialog');

  await file.setInputFiles({ name: '汇总表.png', mimeType: 'image/png', buffer: png });
  await page.getByText('汇总表.png').waitFor();
  await page.getByRole('button', { name: '预览' }).click();
  await window.until("document.querySelector('dialog img')?.naturalWidth > 0");
  expect(await window.violations()).toEqual([]);
  await window.picture('preview-image');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });

  await file.setInputFiles({ name: '汇总表.pdf', mimeType: 'application/pdf', buffer: pdf });
  await page.getByText('汇总表.pdf').waitFor();
  await page.getByRole('button', { name: '预览' }).click();
  // The browser's own viewer has taken it: a frame that is refused, or a download, has none.
  const isViewed = (): boolean => page.frames().some((one) => one.url().startsWith('chrome-extension:'));
  for (let waited = 0; !isViewed() && waited < 100; waited += 1) await page.waitForTimeout(100);
  expect(isViewed()).toBe(true);
  await page.waitForTimeout(1_000);
  await window.picture('preview-pdf');
  await dialog.getByRole('button', { name: '关闭' }).click();
  expect(new URL(page.url()).pathname).toBe(`/app/tasks/${id}`);
  await closed(window);
});

/** A notice of the same plan, posted anew because the plan has changed: as a workflow would have projected it. */
async function postedAnew(): Promise<string> {
  const office = '371302-s1';
  const period = { length: { workingDays: 5 }, basis: '样例', clause: 'P2.1.3' };
  const plan = (cityFen: number, items: readonly string[]) => ({
    id: '371302-c1',
    name: '样例一小区',
    items,
    budgetFen: 50_000_000 + cityFen,
    funding: [
      { name: '市级财政资金', amountFen: cityFen },
      { name: '居民出资', amountFen: 50_000_000 },
    ],
    newBuildings: [],
  });
  const form = {
    place: '样例：南门公告栏',
    postedOn: '2027-01-04',
    until: '2027-01-11',
    documents: { 'notice-photo': 'sample-attachment' },
  };
  const [first, second] = [1, 2].map((round) => task(`project/371302-2027-0001/public-notice/${round}`, 1));
  if (!first || !second) throw new Error('no tasks');
  const outcome = {
    form,
    by: { user: city.account(office).username, organisation: office },
    at: first.assignedAt,
  };
  const rows = [
    {
      ...first,
      status: 'completed' as const,
      context: { period, plan: plan(120_000_000, ['供水', '供电']) },
      outcome,
    },
    {
      ...second,
      round: 2,
      due: undefined,
      context: { period, plan: plan(155_050_000, ['供水', '供电', '道路']) },
    },
  ];
  const stored = rows.map((one) => taskRow(JSON.parse(JSON.stringify(one)) as never, 1));
  await store.tasks.model.collection.insertMany(stored as never);
  return second.id;
}

test('the difference to the last round stands side by side, of money also by how much, before one decides', async () => {
  const id = await postedAnew();
  const window = await city.as('371302-s1');
  const { page } = window;
  await page.goto(`/app/tasks/${id}`);
  const changed = page.getByRole('region', { name: '与上一轮相比' });
  const budget = changed.getByRole('row', { name: /预算/ });
  await budget.waitFor();
  expect(await budget.locator('td').allInnerTexts()).toEqual([
    '1,700,000.00 元',
    '2,050,500.00 元',
    '+350,500.00 元',
  ]);
  await changed.getByRole('row', { name: /市级财政资金/ }).waitFor();
  // What is as it was is not told.
  expect(await changed.getByText('居民出资').count()).toBe(0);
  expect(await changed.getByRole('row').count()).toBe(4);
  expect(await window.violations()).toEqual([]);
  await window.picture('task-second-round');
  await page.getByRole('button', { name: '填入样例' }).click();
  await page.getByLabel('张贴地点').fill('样例：北门公告栏');
  await page.getByRole('button', { name: '核对并提交' }).click();
  const entered = page.getByRole('dialog').getByRole('region', { name: '所填内容与上一轮相比' });
  const place = entered.getByRole('row', { name: /张贴地点/ });
  await place.waitFor();
  expect(await place.locator('td').allInnerTexts()).toEqual(['样例：南门公告栏', '样例：北门公告栏']);
  expect(await window.violations()).toEqual([]);
  await window.picture('task-second-round-review');
  await closed(window);
});
