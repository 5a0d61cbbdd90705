import { startCity, type City } from './support/city';
import { closed } from './support/browser';

let city: City;
const projects: string[] = [];

beforeAll(async () => {
  city = await startCity();
  const county = await city.person('371302-housing');
  const { items } = await county.get<{ items: { id: string }[] }>('/communities?limit=6');
  for (const { id } of items) {
    const made = await county.post<{ id: string }>('/projects', {
      communityIds: [id],
      year: city.rehearsal.planYear,
    });
    projects.push(made.body.id);
  }
}, 180_000);
afterAll(() => city?.stop());

/** One that has at least so many open tasks, by the time that it has them. */
async function neighbourhood(tasks = 1): Promise<string> {
  for (;;) {
    await new Promise((done) => setTimeout(done, 500));
    for (const one of ['371302-n1', '371302-n2']) {
      const found = await (await city.person(one)).tasks();
      if (found.length >= tasks) return one;
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

test('where the stream cannot be had, what is new appears by asking again, and the page says so', async () => {
  const window = await city.as('371311-n1');
  const { page } = window;
  // Not merely dropped: whatever is tried, a proxy of the office lets no stream through.
  await page.route('**/events/stream*', (route) => route.abort('failed'));
  await page.reload();
  await page.getByText('实时更新中断，每 20 秒刷新一次').waitFor();
  await page.getByText('没有待办').waitFor();
  const begun = await (
    await city.person('371311-housing')
  ).post('/projects', { communityIds: ['371311-c1'], year: city.rehearsal.planYear });
  expect(begun.status).toBe(201);
  await page.locator('.task-link').first().waitFor({ timeout: 45_000 });
  expect(await window.violations()).toEqual([]);
  await window.picture('inbox-polling');
  window.faults.splice(0, Infinity, ...window.faults.filter((fault) => !fault.includes('ERR_FAILED')));
  await closed(window);
}, 90_000);

test('several tasks of one kind are decided with one form, each by itself', async () => {
  const who = await neighbourhood(2);
  const person = await city.person(who);
  const before = await person.tasks();
  const window = await city.as(who);
  const { page } = window;
  const boxes = page.getByRole('checkbox', { name: /选择 入户调查/ });
  await boxes.nth(1).waitFor();
  for (let n = 0; n < before.length; n += 1) await boxes.nth(n).check();
  await page.getByRole('button', { name: '批量办理' }).click();
  const dialog = page.getByRole('dialog');
  // Of communities of different size only counts that fit all of them fit.
  for (const [label, value] of [
    ['参与调查户数', '10'],
    ['同意改造户数', '10'],
    ['愿意出资户数', '0'],
    ['愿意出资总额（元）', '0'],
    ['选择专业化物业管理的户数', '10'],
    ['选择街道统一管理的户数', '0'],
    ['选择社区统一管理的户数', '0'],
  ] as const)
    await dialog.getByLabel(label).fill(value);
  await dialog.getByLabel('参与率不足时').selectOption('延长调查');
  await dialog.getByRole('button', { name: '增加一项' }).click();
  await dialog.getByLabel('第 1 行 改造内容').selectOption({ index: 1 });
  await dialog.getByLabel('第 1 行 希望改造的户数').fill('10');
  await dialog.locator('input[type=file]').setInputFiles({
    name: '汇总表.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.7\n样例'),
  });
  await dialog.getByRole('button', { name: '预览' }).waitFor();
  await window.picture('bulk');
  expect(await window.violations()).toEqual([]);
  await dialog.getByRole('button', { name: `提交 ${before.length} 件` }).click();
  await dialog.getByText(`已办结 ${before.length} 件`).waitFor();
  await dialog.getByRole('button', { name: '关闭' }).click();
  for (const { id } of before) expect((await person.task(id)).status).toBe('completed');
  await closed(window);
});
