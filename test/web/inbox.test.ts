import { startCity, type City } from './support/city';
import type { Window } from './support/browser';

let city: City;
const projects: string[] = [];

beforeAll(async () => {
  city = await startCity();
  const county = await city.person('371302-housing');
  const { items } = await county.get<{ items: { id: string }[] }>('/communities?limit=3');
  for (const { id } of items) {
    const made = await county.post<{ id: string }>('/projects', {
      communityIds: [id],
      year: city.rehearsal.planYear,
    });
    projects.push(made.body.id);
  }
}, 180_000);
afterAll(() => city?.stop());

async function closed(window: Window): Promise<void> {
  expect(window.faults).toEqual([]);
  await window.close();
}

async function neighbourhood(): Promise<string> {
  for (;;) {
    for (const one of ['371302-n1', '371302-n2']) {
      const found = await (await city.person(one)).tasks();
      if (found.length > 0) return one;
    }
  }
}

test.each(['desk', 'telephone'] as const)(
  'an inbox says how much there is, and until when in words, on a %s',
  async (screen) => {
    const window = await city.as(await neighbourhood(), { screen });
    const { page } = window;
    await page.getByRole('link', { name: '入户调查，征集改造需求' }).first().waitFor();
    await page
      .getByText(/还剩 \d+ 个工作日/)
      .first()
      .waitFor();
    await page.getByText('样例一小区改造项目').first().waitFor();
    expect(await window.violations()).toEqual([]);
    await window.picture(`inbox-${screen}`);
    for (const list of ['已办', '我发起的', '抄送我的', '督办']) {
      await page.getByRole('button', { name: list }).click();
      await page.getByRole('region', { name: list }).waitFor();
      await page.getByText('没有事项').waitFor();
      expect(await window.violations()).toEqual([]);
    }
    await closed(window);
  },
);

test('what is looked for stays in the address, and survives a reload', async () => {
  const window = await city.as(await neighbourhood());
  const { page } = window;
  await page.getByRole('searchbox', { name: '查找' }).fill('样例一');
  await page.waitForURL(/q=/);
  await page.getByLabel('步骤').selectOption('征集需求');
  await page.waitForURL(/step=needs-collection/);
  await page.reload();
  expect(await page.getByRole('searchbox', { name: '查找' }).inputValue()).toBe('样例一');
  await page.getByRole('link', { name: '入户调查，征集改造需求' }).first().waitFor();
  await page.getByRole('searchbox', { name: '查找' }).fill('没有这样的');
  await page.getByText('没有符合条件的事项').waitFor();
  await page.getByRole('button', { name: '清除条件' }).click();
  await page.getByRole('link', { name: '入户调查，征集改造需求' }).first().waitFor();
  await closed(window);
});

test('a task that somebody else gives rise to appears without a reload', async () => {
  const window = await city.as('371302-s1');
  const { page } = window;
  await page.getByText('没有待办').waitFor();
  await page.waitForTimeout(1_000);
  const survey = await city.person('371302-n1');
  const [task] = await survey.tasks();
  if (!task) throw new Error('no survey');
  const { example } = await survey.task(task.id);
  await survey.complete(task, example ?? {});
  await page.locator('.task-link').first().waitFor();
  await closed(window);
});

test('chosen tasks of one kind are offered one form for all of them', async () => {
  const who = await neighbourhood();
  const person = await city.person(who);
  const before = await person.tasks();
  const { example } = await person.task(before[0]?.id ?? '');
  const window = await city.as(who);
  const { page } = window;
  await page
    .getByRole('checkbox', { name: /选择 入户调查/ })
    .first()
    .check();
  await page.getByRole('button', { name: '批量办理' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('参与调查户数').fill(String((example as { answered: number }).answered));
  await window.picture('bulk');
  expect(await window.violations()).toEqual([]);
  await dialog.getByRole('button', { name: '关闭' }).click();
  await closed(window);
});
