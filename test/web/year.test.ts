import { startCity, type City } from './support/city';
import { closed } from './support/browser';

let city: City;
beforeAll(async () => {
  city = await startCity();
  const county = await city.person('371302-housing');
  const { items } = await county.get<{ items: { id: string }[] }>('/communities?limit=4');
  for (const { id } of items)
    await county.post('/projects', { communityIds: [id], year: city.rehearsal.planYear });
}, 180_000);
afterAll(() => city?.stop());

test.each(['desk', 'telephone'] as const)(
  'the year shows its plan, and every figure opens the list behind it, on a %s',
  async (screen) => {
    const window = await city.as('371300-housing', { screen });
    const { page } = window;
    await page.getByRole('link', { name: '年度', exact: true }).click();
    await page.getByText('当前阶段').waitFor();
    await page.getByText(/\d{4}-09-30 24:00 截止/).waitFor();
    const cell = page.getByRole('link', { name: /征集需求，4 个项目/ });
    await cell.waitFor();
    await page.locator('.chart canvas').first().waitFor();
    expect(await window.violations()).toEqual([]);
    await window.picture(`year-${screen}`);
    await cell.click();
    await page.waitForURL(/county=371302&step=needs-collection/);
    const list = page.getByRole('region', { name: '数字背后的项目' }).first();
    await list.getByText('样例一小区改造项目').waitFor();
    expect(await list.locator('tbody tr').count()).toBe(4);
    expect(await window.violations()).toEqual([]);
    await window.picture(`year-behind-${screen}`);
    await page.reload();
    await list.getByText('样例一小区改造项目').waitFor();
    await page.getByRole('button', { name: '清除条件' }).click();
    await page.getByText('数字背后的项目').waitFor({ state: 'detached' });
    await closed(window);
  },
);

test('a county sees the year of its own projects', async () => {
  const window = await city.as('371321-housing');
  const { page } = window;
  await page.goto('/app/year');
  await page.getByText('当前阶段').waitFor();
  await page.getByText('0 个').first().waitFor();
  expect(await page.getByRole('link', { name: /个项目/ }).count()).toBe(0);
  await closed(window);
});
